#pragma once

#include "lib/wire/header.hpp"
#include "transports/http/response_parser.hpp"
#include "transports/transport.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace cogate::transports {

/// Reads HTTP/1.1 responses out of the bytes of one connection, without any I/O: `prepare` gives room,
/// `commit` says how much of it was filled, `parse_head` and then `parse_body` say what is there.
///
/// It owns the only read buffer of a connection: the head stays at its front, so that header views live until
/// `next_message`, and body bytes are made contiguous behind it in place. At most 64 KiB for a head, 16 KiB
/// beside it for the body. Thread safety: none.
class response_reader {
public:
    enum class progress {
        need_more, ///< commit more bytes, or report their end
        ready,     ///< the head, or a piece of the body, or (an empty piece) the end of the message
        bad,       ///< not HTTP we accept; `fault` says why
    };

    static constexpr std::size_t max_head = 64 * 1024;
    static constexpr std::size_t max_fields = 256;
    static constexpr std::size_t max_interim_heads = 8;
    static constexpr std::size_t max_framing = 8 * 1024; ///< one chunk line, or all trailers
    static constexpr std::size_t initial_capacity = 16 * 1024;

    response_reader();

    /// Forgets the message; bytes that came behind it stay (and make the connection unfit for another one).
    void next_message();

    /// The coming message answers a HEAD: its head may announce a body, and none comes (RFC 9112, 6.3). To be called
    /// before its first bytes.
    void answers_head() noexcept { answers_head_ = true; }

    /// Room to read into, never empty. Invalidates the last body piece, and until the head is ready also what
    /// was handed out before.
    std::span<char> prepare();
    /// The room that is left behind what was committed since; may be empty, invalidates nothing.
    std::span<char> spare() noexcept { return {data_.get() + end_, capacity_ - end_}; }
    void commit(std::size_t n) noexcept;
    /// The peer ended its side in an orderly way.
    void end_of_stream() noexcept { ended_ = true; }

    /// Skips interim (1xx) heads.
    progress parse_head();
    response_head const& head() const noexcept { return head_; }

    /// Decoded bytes of what was committed, contiguous, valid until the next call; empty at the end.
    /// `need_more` after `end_of_stream` means: cut.
    progress parse_body(std::string_view& piece);

    /// Static text of what was wrong, never quoting the peer.
    char const* fault() const noexcept { return fault_; }

    bool got_head() const noexcept { return head_ready_; }
    bool complete() const noexcept
    {
        return head_ready_ && (plain_ ? left_ == 0 : parser_ && parser_->is_done());
    }
    /// Whether the peer keeps the connection open behind this message and sent nothing more.
    bool reusable() const noexcept;
    bool buffered() const noexcept { return begin_ != end_; }
    std::uint64_t received() const noexcept { return received_; }

    /// Gives back memory above the initial size; to be called between messages.
    void shrink() noexcept;

private:
    progress refuse(char const* why) noexcept;
    bool take_plain_head();
    progress finish_head();
    void tell_head();
    void grow(std::size_t capacity);
    std::size_t take(bool& hungry);

    std::unique_ptr<char[]> data_;
    std::size_t capacity_ = 0;
    std::size_t begin_ = 0; ///< first byte that is not parsed yet
    std::size_t end_ = 0;   ///< end of the bytes received
    std::size_t body_begin_ = 0;
    std::optional<response_parser> parser_; ///< for all but a plain head and its body
    std::uint64_t left_ = 0;                ///< bytes of such a body that were not handed out yet
    std::vector<response_parser::field_place> places_;
    std::vector<wire::header> fields_;
    response_head head_;
    std::uint64_t received_ = 0;
    std::size_t interim_heads_ = 0;
    char const* fault_ = "";
    bool answers_head_ = false;
    bool plain_ = false;
    bool head_ready_ = false;
    bool keep_alive_ = false;
    bool ended_ = false;
};

} // namespace cogate::transports
