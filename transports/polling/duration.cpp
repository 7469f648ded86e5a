#include "transports/polling/duration.hpp"

#include <charconv>
#include <cmath>
#include <system_error>

namespace cogate::transports {

namespace {

double nanoseconds_of(std::string_view unit) noexcept
{
    if (unit == "ns") {
        return 1;
    }
    if (unit == "us") {
        return 1e3;
    }
    if (unit == "ms") {
        return 1e6;
    }
    if (unit == "s") {
        return 1e9;
    }
    if (unit == "m") {
        return 60e9;
    }
    return unit == "h" ? 3600e9 : 0;
}

} // namespace

std::optional<std::chrono::nanoseconds> parse_duration(std::string_view text) noexcept
{
    double number = 0;
    const char* const end = text.data() + text.size();
    const std::from_chars_result read = std::from_chars(text.data(), end, number, std::chars_format::fixed);
    if (read.ec != std::errc{} || !(number >= 0)) {
        return std::nullopt;
    }
    const std::string_view unit(read.ptr, static_cast<std::size_t>(end - read.ptr));
    if (unit.empty() && number == 0) {
        return std::chrono::nanoseconds(0);
    }
    const double scale = nanoseconds_of(unit);
    const double value = number * scale;
    if (scale == 0 || !(value <= 86'400e9)) {
        return std::nullopt;
    }
    return std::chrono::nanoseconds(std::llround(value));
}

} // namespace cogate::transports
