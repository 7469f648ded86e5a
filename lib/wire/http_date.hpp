#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace cogate::wire {

/// HTTP-date in any of its three forms (RFC 9110 5.6.7): IMF-fixdate, RFC 850, asctime. The name of the day
/// must be a name but is not checked against the date. A two-digit year means 1970..2069.
std::optional<std::chrono::sys_seconds> parse_http_date(std::string_view text) noexcept;

/// RFC 3339 moment: "2026-01-31T12:00:00[.123]Z" or with a numeric offset.
std::optional<std::chrono::sys_time<std::chrono::milliseconds>> parse_rfc3339(std::string_view text) noexcept;

} // namespace cogate::wire
