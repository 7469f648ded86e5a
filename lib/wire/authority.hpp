#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace cogate::wire {

/// Host and port of a URL or of a Host field; `host` is a view into the parsed text, brackets taken off.
struct authority {
    std::string_view host;
    std::optional<std::uint16_t> port;
    bool ipv6 = false;
};

/// Parses `host [ ":" port ]` (RFC 9110 4.2, 7.2) strictly: a name of letters, digits, `-`, `.` and `_`, an
/// IPv4 address, or an IPv6 address in brackets without zone; port 1..65535 without leading zeros. Nothing
/// for anything else: user information, path, comma, white space, empty host, empty port.
std::optional<authority> parse_authority(std::string_view text) noexcept;

/// True for an IPv6 address in text form (RFC 4291 2.2), without brackets and zone.
bool valid_ipv6(std::string_view text) noexcept;

} // namespace cogate::wire
