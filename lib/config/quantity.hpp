#pragma once
/// Numbers as people write them into a configuration file. Pure; nothing for anything else than the whole
/// text.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace cogate::config {

/// "30", "0.5" and "6e3" are seconds; "250ms", "30s", "10m", "2h" name their unit. Rounded to the nearest
/// millisecond, at least one (a limit of zero would refuse everything), at most 30 days.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) noexcept;

/// The same, and zero in any unit: a wait that may be none.
std::optional<std::chrono::milliseconds> parse_delay(std::string_view text) noexcept;

/// A decimal number of any sign, "0.05" or "5e-2"; finite.
std::optional<double> parse_number(std::string_view text) noexcept;

/// "1048576", "64KiB", "32MiB", "1GiB", also with a space before the unit. Never negative.
std::optional<std::int64_t> parse_bytes(std::string_view text) noexcept;

/// What YAML 1.1 calls a boolean: true/false, yes/no, on/off, y/n in any case; also 1 and 0.
std::optional<bool> parse_boolean(std::string_view text) noexcept;

} // namespace cogate::config
