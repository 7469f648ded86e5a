#pragma once

#include <cogate/chat.hpp>
#include <cogate/result.hpp>

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <optional>
#include <string_view>

namespace cogate {

/// A streamed answer, pulled one chunk at a time: not asking for the next chunk stops reading upstream.
///
/// Thread safety: none; use it on the io_context it was made on. Lifetime: independent of the request; it must
/// not outlive its gateway nor its io_context. Destroying it before the end closes the upstream connection.
/// Cancellation: terminal cancellation of the coroutine that awaits `next` closes the connection and ends the
/// stream with `cancelled_error`; so does `cancel()` from another coroutine on the same thread.
/// Errors: a stream that ends without its end mark is `truncated_error`, never a quiet end.
///
/// With `router_options::continue_after_stall` another deployment of the model group goes on with an answer whose
/// deployment fell silent, if that was one choice of plain text: it gets the text so far as the beginning of its answer
/// and what is left of the request's token limit. A chunk without choices comes before its first one and says so: a
/// member `continued_member` of its `extra`, {"deployment": ID}. Where no token is left, the answer ends there with
/// finish_reason::length.
class chat_stream {
public:
    class implementation;

    /// Name of the mark in `chat_chunk::extra`.
    static constexpr std::string_view continued_member = "cogate_continued";

    /// No stream: false, and must not be read.
    chat_stream();
    /// Made by the engine.
    explicit chat_stream(std::unique_ptr<implementation> impl);
    /// `other` is no stream afterwards.
    chat_stream(chat_stream&&) noexcept;
    /// What it had before ends as if destroyed.
    chat_stream& operator=(chat_stream&&) noexcept;
    ~chat_stream();

    /// The next chunk; nullopt after the last one. Throws a subclass of `cogate::error`.
    boost::asio::awaitable<std::optional<chat_chunk>> next();

    /// The same without exceptions.
    boost::asio::awaitable<result<std::optional<chat_chunk>>> try_next();

    /// Ends the stream now.
    void cancel() noexcept;

    /// Whether there is a stream here at all (false after a move or default construction).
    explicit operator bool() const noexcept { return impl_ != nullptr; }

private:
    std::unique_ptr<implementation> impl_;
};

} // namespace cogate
