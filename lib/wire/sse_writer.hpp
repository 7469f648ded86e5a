#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// Writing of WHATWG event streams. Text can never leave its field: every CR, LF or CRLF in data or in a
/// comment starts a new line of the same field, and line ends in an event type are dropped.
namespace cogate::wire {

namespace detail {

inline void append_sse_lines(std::string& out, std::string_view prefix, std::string_view text)
{
    // Two searches for one byte each are much faster than one for either; each byte is looked at once by both.
    std::size_t at = 0;
    std::size_t lf = text.find('\n');
    for (;;) {
        const std::size_t cr = text.substr(0, lf).find('\r', at);
        const std::size_t end = cr < lf ? cr : lf;
        out.append(prefix).append(text.substr(at, end - at)).push_back('\n');
        if (end == std::string_view::npos) {
            return;
        }
        const bool crlf = text[end] == '\r' && end + 1 < text.size() && text[end + 1] == '\n';
        at = end + (crlf ? 2 : 1);
        if (lf < at) {
            lf = text.find('\n', at);
        }
    }
}

} // namespace detail

/// Appends one whole event of the default type, blank line included.
inline void append_sse_data(std::string& out, std::string_view data)
{
    detail::append_sse_lines(out, "data: ", data);
    out.push_back('\n');
}

/// Appends one whole event of type `type`; an empty type means the default type.
inline void append_sse_event(std::string& out, std::string_view type, std::string_view data)
{
    if (!type.empty()) {
        out.append("event: ");
        for (const char c : type) {
            if (c != '\r' && c != '\n') {
                out.push_back(c);
            }
        }
        out.push_back('\n');
    }
    append_sse_data(out, data);
}

/// Appends a comment and a blank line (a ping, which readers ignore).
inline void append_sse_comment(std::string& out, std::string_view text)
{
    detail::append_sse_lines(out, ": ", text);
    out.push_back('\n');
}

} // namespace cogate::wire
