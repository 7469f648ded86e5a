#include "lib/wire/retry_after.hpp"

#include "lib/wire/ascii.hpp"
#include "lib/wire/http_date.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>

namespace cogate::wire {

namespace {

using std::chrono::milliseconds;
using time_point = std::chrono::system_clock::time_point;

constexpr std::size_t max_text = 64;

struct unit {
    std::string_view name;
    double in_ms;
};

constexpr unit units[] = {
    {"ns", 1e-6}, {"us", 1e-3}, {"\xC2\xB5s", 1e-3}, {"\xCE\xBCs", 1e-3}, {"ms", 1.0},
    {"s", 1e3},   {"m", 6e4},   {"h", 3.6e6},        {"d", 8.64e7},
};

/// Takes a plain decimal number (no sign, no exponent) off the front of `text`; negative when there is none.
double take_number(std::string_view& text) noexcept
{
    if (text.empty() || !has_class(text.front(), char_digit)) {
        return -1;
    }
    double value = 0;
    const std::from_chars_result got =
        std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
    if (got.ec != std::errc()) {
        return -1;
    }
    text.remove_prefix(static_cast<std::size_t>(got.ptr - text.data()));
    return value;
}

milliseconds capped(double ms, milliseconds cap) noexcept
{
    if (ms >= static_cast<double>(cap.count())) {
        return cap;
    }
    // Less than a nanosecond of slack: rounding errors of a double must not add a millisecond.
    return std::min(cap, milliseconds(static_cast<milliseconds::rep>(std::ceil(ms - 1e-7))));
}

std::optional<milliseconds> plain_number(std::string_view text, double unit_in_ms, milliseconds cap) noexcept
{
    text = trim_ows(text);
    const double value = text.size() <= max_text ? take_number(text) : -1;
    if (value < 0 || !text.empty()) {
        return std::nullopt;
    }
    return capped(value * unit_in_ms, cap);
}

milliseconds until(std::chrono::sys_time<milliseconds> when, time_point now, milliseconds cap) noexcept
{
    const auto wait = when - std::chrono::floor<milliseconds>(now);
    return std::clamp(wait, milliseconds(0), cap);
}

} // namespace

std::optional<milliseconds> parse_retry_after(std::string_view value, time_point now, milliseconds cap)
{
    if (const std::optional<milliseconds> seconds = plain_number(value, 1e3, cap)) {
        return seconds;
    }
    if (const std::optional<std::chrono::sys_seconds> date = parse_http_date(trim_ows(value))) {
        return until(*date, now, cap);
    }
    return std::nullopt;
}

std::optional<milliseconds> parse_retry_after_ms(std::string_view value, milliseconds cap)
{
    return plain_number(value, 1.0, cap);
}

std::optional<milliseconds> parse_go_duration(std::string_view value, milliseconds cap)
{
    value = trim_ows(value);
    if (value.empty() || value.size() > max_text) {
        return std::nullopt;
    }
    double total = 0;
    while (!value.empty()) {
        const double number = take_number(value);
        if (number < 0) {
            return std::nullopt;
        }
        const auto is_digit = [](char c) { return has_class(c, char_digit); };
        const auto end = std::find_if(value.begin(), value.end(), is_digit);
        const std::string_view name = value.substr(0, static_cast<std::size_t>(end - value.begin()));
        const auto found =
            std::find_if(std::begin(units), std::end(units), [&](const unit& u) { return u.name == name; });
        if (found == std::end(units)) {
            return std::nullopt;
        }
        total += number * found->in_ms;
        value.remove_prefix(name.size());
    }
    return capped(total, cap);
}

std::optional<milliseconds> parse_reset_delay(std::string_view value, time_point now, milliseconds cap)
{
    if (const std::optional<milliseconds> seconds = plain_number(value, 1e3, cap)) {
        return seconds;
    }
    if (const std::optional<milliseconds> duration = parse_go_duration(value, cap)) {
        return duration;
    }
    if (const auto moment = parse_rfc3339(trim_ows(value))) {
        return until(*moment, now, cap);
    }
    return std::nullopt;
}

} // namespace cogate::wire
