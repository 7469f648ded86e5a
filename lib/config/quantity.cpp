#include "lib/config/quantity.hpp"

#include "lib/core/text.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

namespace cogate::config {

namespace {

/// The number that the text begins with, and what follows it.
std::optional<std::pair<double, std::string_view>> leading_number(std::string_view text) noexcept
{
    double number = 0;
    auto const [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (code != std::errc{} || !std::isfinite(number)) {
        return std::nullopt;
    }
    return std::pair(number, text.substr(static_cast<std::size_t>(end - text.data())));
}

std::optional<double> milliseconds_of(std::string_view text) noexcept
{
    static constexpr std::array<std::pair<std::string_view, double>, 5> units{
        {{"", 1e3}, {"ms", 1}, {"s", 1e3}, {"m", 6e4}, {"h", 3.6e6}}};
    auto const read = leading_number(text);
    if (!read) {
        return std::nullopt;
    }
    for (auto const& [name, milliseconds] : units) {
        if (core::trim(read->second) == name) {
            return read->first * milliseconds;
        }
    }
    return std::nullopt;
}

} // namespace

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) noexcept
{
    constexpr double most = 30.0 * 24 * 3.6e6;
    double const total = std::round(milliseconds_of(text).value_or(0));
    if (total < 1 || total > most) {
        return std::nullopt;
    }
    return std::chrono::milliseconds(static_cast<std::int64_t>(total));
}

std::optional<std::chrono::milliseconds> parse_delay(std::string_view text) noexcept
{
    if (milliseconds_of(text) == 0.0) {
        return std::chrono::milliseconds(0);
    }
    return parse_duration(text);
}

std::optional<double> parse_number(std::string_view text) noexcept
{
    auto const read = leading_number(text);
    return read && read->second.empty() ? std::optional<double>(read->first) : std::nullopt;
}

std::optional<std::int64_t> parse_bytes(std::string_view text) noexcept
{
    static constexpr std::array<std::pair<std::string_view, int>, 3> units{
        {{"KiB", 10}, {"MiB", 20}, {"GiB", 30}}};
    int shift = 0;
    for (auto const& [name, bits] : units) {
        if (text.ends_with(name)) {
            shift = bits;
            text = core::trim(text.substr(0, text.size() - name.size()));
            break;
        }
    }
    auto const number = core::parse_int<std::int64_t>(text);
    if (!number || *number < 0 || *number > (std::numeric_limits<std::int64_t>::max() >> shift)) {
        return std::nullopt;
    }
    return *number << shift;
}

std::optional<bool> parse_boolean(std::string_view text) noexcept
{
    for (std::string_view const word : {"true", "yes", "on", "y", "1"}) {
        if (core::iequals(text, word)) {
            return true;
        }
    }
    for (std::string_view const word : {"false", "no", "off", "n", "0"}) {
        if (core::iequals(text, word)) {
            return false;
        }
    }
    return std::nullopt;
}

} // namespace cogate::config
