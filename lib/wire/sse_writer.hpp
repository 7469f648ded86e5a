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
    for (;;) {
        const std::size_t end = text.find_first_of(std::string_view("\r\n"));
        out.append(prefix);
        out.append(text.substr(0, end));
        out.push_back('\n');
        if (end == std::string_view::npos) {
            return;
        }
        const bool crlf = text[end] == '\r' && end + 1 < text.size() && text[end + 1] == '\n';
        text.remove_prefix(end + (crlf ? 2 : 1));
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
