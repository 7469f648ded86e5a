#pragma once

#include "lib/wire/multipart_reader.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace cogate::wire {

/// Passes a form on with the value of one field replaced, without holding the files in it. Sans-I/O.
///
/// Until the field was seen and `replace` was called, what came is held back, at most `max_held` bytes: most
/// clients send the field before the file. From then on bytes pass through as they come; the boundary stays.
/// A repeated field is refused, also after the replacement: then the upload must be broken off.
///
///     while (!rewriter.found()) { if (!rewriter.feed(more)) ... }     // hold
///     rewriter.replace(name);
///     for (piece = rewriter.next(); !piece.empty(); ...) { send(piece); } // then feed, next, feed, next ...
///     if (!rewriter.finish()) ...                                     // the body was complete
/// Thread safety: none.
class multipart_rewriter {
public:
    struct options {
        std::string_view field = "model"; ///< whose value is replaced; static text, as those below
        std::array<std::string_view, 2> wanted = {"stream", "response_format"}; ///< also told to the caller
        std::size_t max_value = 1024;                                           ///< of each of these fields
        std::size_t max_held = 32 * 1024 * 1024;
    };

    explicit multipart_rewriter(std::string_view boundary) : multipart_rewriter(boundary, options{}) {}
    multipart_rewriter(std::string_view boundary, options const& chosen);

    /// Takes the next bytes; they must live until `next` has given an empty piece (before `replace`: until it
    /// returns). False from the first error on.
    bool feed(std::string_view bytes);
    /// No more bytes come. False when the body is not complete or the field is missing.
    bool finish();

    /// The field is known: time to choose the value that replaces it.
    bool found() const noexcept { return found_; }
    std::string_view value() const noexcept { return values_[0]; }
    /// A wanted field, as far as the body has come.
    std::optional<std::string_view> wanted(std::string_view name) const noexcept;

    /// Precondition: `found()`. Once. False: a value that could be taken for something else than a value.
    bool replace(std::string_view value);
    /// By how much the body grows (or shrinks), after `replace`.
    std::ptrdiff_t growth() const noexcept { return growth_; }

    /// The next piece to pass on, valid until the next call; empty: feed more.
    std::string_view next();

    multipart_errc error() const noexcept { return error_; }
    /// The field at fault, where there is one.
    std::string_view error_field() const noexcept { return error_field_; }

private:
    static constexpr std::size_t nobody = 3;

    bool fail(multipart_errc why, std::string_view field = {}) noexcept;
    bool on_event(multipart_reader::event const& event, bool& pass);
    bool on_head(multipart_reader::event const& event, bool& pass);
    bool end_part();
    std::string_view name_of(std::size_t field) const noexcept;

    multipart_reader reader_;
    options options_;
    std::array<std::string, 3> values_; ///< the field's, then the wanted ones'
    std::array<bool, 3> seen_{};
    std::size_t current_ = nobody; ///< whose content comes
    bool found_ = false;
    bool replaced_ = false;
    std::string held_;
    std::size_t hole_ = 0; ///< in `held_`, where the field's part was taken out
    std::size_t cut_ = 0;  ///< how many bytes that were
    std::string inserted_;
    std::size_t told_ = 0; ///< of the three pieces that were held: before the hole, in it, and behind
    std::ptrdiff_t growth_ = 0;
    multipart_errc error_ = multipart_errc::none;
    std::string_view error_field_;
};

} // namespace cogate::wire
