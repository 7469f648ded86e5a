#pragma once

#include <charconv>
#include <cstddef>
#include <string>
#include <string_view>

/// Chunked transfer coding, writing side (RFC 9112 7.1). No trailers, no extensions.
namespace cogate::wire {

/// Ends the data of one chunk.
inline constexpr std::string_view chunk_end = "\r\n";

/// Ends the body.
inline constexpr std::string_view last_chunk = "0\r\n\r\n";

/// Appends the size line of a chunk of `size` bytes; nothing for 0, because a zero chunk ends the body.
inline void append_chunk_header(std::string& out, std::size_t size)
{
    if (size == 0) {
        return;
    }
    char digits[2 * sizeof size];
    const std::to_chars_result end = std::to_chars(digits, digits + sizeof digits, size, 16);
    out.append(digits, end.ptr);
    out.append(chunk_end);
}

/// Appends one whole chunk; nothing for empty data.
inline void append_chunk(std::string& out, std::string_view data)
{
    if (data.empty()) {
        return;
    }
    append_chunk_header(out, data.size());
    out.append(data);
    out.append(chunk_end);
}

} // namespace cogate::wire
