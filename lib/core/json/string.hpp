#pragma once
/// JSON string bodies to text and back. Pure functions, safe from any thread.

#include <string>
#include <string_view>

namespace cogate::json {

/// Appends the text that `body` (the bytes between the quotes of a valid JSON string) stands for. A surrogate
/// without its other half becomes U+FFFD, so the result is always valid UTF-8.
void append_unescaped(std::string& out, std::string_view body);

/// Appends `text` as a JSON string, quotes included. Escapes only what must be: quote, backslash and control
/// characters (short forms where there are, else \u00XX). Ill-formed UTF-8 becomes U+FFFD; other UTF-8 is
/// unchanged.
void append_quoted(std::string& out, std::string_view text);

/// How many bytes of `text` are the inside of a string whose closing quote comes then; npos when there is none,
/// or what stands before it is not allowed in a string.
std::size_t string_body_size(std::string_view text) noexcept;

} // namespace cogate::json
