#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace cogate::transports {

/// Reads "20ms", "1.5s", "250us", "2m", "0": a non-negative decimal number with a unit (ns, us, ms, s, m, h), at most
/// one day. A number without unit is refused, except 0. Pure.
std::optional<std::chrono::nanoseconds> parse_duration(std::string_view text) noexcept;

} // namespace cogate::transports
