#pragma once
/// Builds messages of application/vnd.amazon.eventstream for tests.

#include "lib/wire/crc32.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cogate::test {

inline void append_big_endian(std::string& out, std::uint64_t value, int bytes)
{
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
        out += static_cast<char>((value >> shift) & 0xFF);
    }
}

/// Right checksums around whatever lengths are claimed.
inline std::string aws_frame_of(std::uint64_t total, std::uint64_t headers, std::string const& rest)
{
    std::string out;
    append_big_endian(out, total, 4);
    append_big_endian(out, headers, 4);
    append_big_endian(out, wire::crc32(out), 4);
    out += rest;
    append_big_endian(out, wire::crc32(out), 4);
    return out;
}

/// A message with string headers.
inline std::string aws_text_frame(std::vector<std::pair<std::string, std::string>> const& headers,
                                  std::string const& payload)
{
    std::string block;
    for (auto const& [name, value] : headers) {
        append_big_endian(block, name.size(), 1);
        block += name;
        block += '\x07';
        append_big_endian(block, value.size(), 2);
        block += value;
    }
    return aws_frame_of(16 + block.size() + payload.size(), block.size(), block + payload);
}

/// An event as Bedrock sends it.
inline std::string aws_event(std::string const& type, std::string const& payload)
{
    return aws_text_frame(
        {{":event-type", type}, {":content-type", "application/json"}, {":message-type", "event"}}, payload);
}

} // namespace cogate::test
