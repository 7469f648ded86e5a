#pragma once

#include "lib/wire/multipart_head.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

/// Bodies of multipart/form-data (RFC 7578 over RFC 2046, 5.1) as their bytes arrive. Sans-I/O.
namespace cogate::wire {

enum class multipart_errc : std::uint8_t {
    none,
    bad_start,     ///< something stands before the first delimiter
    bad_delimiter, ///< a line begins with the delimiter and goes on with something else
    bad_head,      ///< a part's fields are malformed, or hold what readers disagree about
    head_too_large,
    too_many_parts,
    after_end,       ///< something stands after the last delimiter
    truncated,       ///< the body ended before its last delimiter
    field_too_large, ///< a form field that must be known is larger than allowed
    repeated_field,  ///< a form field that must be known comes twice
    bad_value,       ///< a form field that must be known holds control characters
    file_for_field,  ///< a form field that must be known was sent as a file
    missing_field,   ///< the field that must be there is not
    too_much_before, ///< more bytes than may be held back stand before the field that must be known
};

/// For a person: "the multipart body ends before its last delimiter".
std::string_view to_string(multipart_errc error) noexcept;

/// Splits a body into delimiters, heads and contents. Every fed byte comes out exactly once, in order, so
/// that the pieces put together are the body.
///
/// Strict where readers differ, so that nobody behind us sees other fields than we: no preamble, no epilogue
/// but line ends, CRLF only, no line of a content that begins like a delimiter, no folded fields, no repeated
/// parameters, no transfer encodings.
/// Memory: at most one head (8 KiB) is held. Any split of the input gives the same parts, though content may
/// come in other pieces. Thread safety: none.
///
///     reader.feed(bytes);
///     for (auto event = reader.next(); event.what != kind::more; event = reader.next()) { ... }
class multipart_reader {
public:
    static constexpr std::size_t max_head = 8 * 1024;
    static constexpr std::size_t max_parts = 256;

    enum class kind : std::uint8_t {
        more,      ///< all fed bytes were told or are held; no bytes
        delimiter, ///< a delimiter with its line end: the content of the part before ended
        head,      ///< a part's fields with their empty line; `part()` is set
        content,   ///< bytes of the part's content, never empty
        end,       ///< the last delimiter, and then what follows it
        failed,    ///< final; no bytes
    };
    /// Valid until the next call; views the fed bytes or the reader.
    struct event {
        kind what = kind::more;
        std::string_view bytes{};
    };

    /// `boundary` as `multipart_boundary` gives it.
    explicit multipart_reader(std::string_view boundary);

    /// Precondition: `next` has returned `more` since the last feed. `bytes` must live until it does again.
    void feed(std::string_view bytes) noexcept { input_ = bytes; }
    event next();
    /// No more bytes come: false and `truncated` when the last delimiter is missing.
    bool finish();

    part_head const& part() const noexcept { return part_; }
    multipart_errc error() const noexcept { return error_; }

private:
    enum class state : std::uint8_t { start, content, delimiter, head, end, failed };

    event fail(multipart_errc why) noexcept;
    event on_start();
    event on_content();
    event on_delimiter();
    event on_head();
    event on_end();
    event matched_delimiter();
    std::size_t find_candidate(std::string_view text) const noexcept;

    std::string delimiter_; ///< "\r\n--boundary": no other line break in it
    std::string_view input_;
    std::string held_;
    part_head part_;
    std::size_t matched_ = 2; ///< bytes of the delimiter that were found
    std::size_t skipped_ = 2; ///< of these, bytes at its start that the body did not have
    std::size_t rest_at_ = 0; ///< in `held_`, where the delimiter's text ends
    std::size_t after_end_ = 0;
    std::size_t parts_ = 0;
    state state_ = state::start;
    bool told_ = false; ///< what `held_` holds was told by the last event
    multipart_errc error_ = multipart_errc::none;
};

} // namespace cogate::wire
