#include "lib/core/json/number.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <limits>
#include <system_error>

#include "lib/core/json/characters.hpp"

namespace cogate::json {

namespace {

// A number taken apart: sign, digits with an optional point, and the power of ten behind them.
struct parts {
    bool negative = false;
    std::string_view mantissa;
    std::int64_t exponent = 0;
};

parts take_apart(std::string_view text) noexcept
{
    constexpr std::int64_t huge = 1'000'000'000'000'000; // beyond any text's length, far from overflow
    parts number;
    if (text.front() == '-') {
        number.negative = true;
        text.remove_prefix(1);
    }
    const std::size_t e = text.find_first_of("eE");
    number.mantissa = text.substr(0, e);
    if (e == std::string_view::npos) {
        return number;
    }
    std::string_view digits = text.substr(e + 1);
    const bool below = digits.front() == '-';
    if (!is_digit(digits.front())) {
        digits.remove_prefix(1);
    }
    for (const char c : digits) {
        number.exponent = number.exponent < huge ? number.exponent * 10 + (c - '0') : huge;
    }
    if (below) {
        number.exponent = -number.exponent;
    }
    return number;
}

// Power of ten of the digit at `index` of the mantissa.
std::int64_t power_at(const parts& number, std::size_t index) noexcept
{
    const std::size_t point = std::min(number.mantissa.find('.'), number.mantissa.size());
    const auto place = static_cast<std::int64_t>(point) - static_cast<std::int64_t>(index);
    return number.exponent + (index < point ? place - 1 : place);
}

std::optional<std::uint64_t> exact_magnitude(const parts& number) noexcept
{
    constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
    constexpr std::string_view nonzero = "123456789";
    const std::size_t first = number.mantissa.find_first_of(nonzero);
    if (first == std::string_view::npos) {
        return 0;
    }
    const std::size_t last = number.mantissa.find_last_of(nonzero);
    std::int64_t zeros = power_at(number, last);
    if (zeros < 0 || power_at(number, first) > std::numeric_limits<std::uint64_t>::digits10) {
        return std::nullopt;
    }
    std::uint64_t magnitude = 0;
    const auto times_ten_plus = [&magnitude](std::uint64_t digit) {
        if (magnitude > (most - digit) / 10) {
            return false;
        }
        magnitude = magnitude * 10 + digit;
        return true;
    };
    for (std::size_t i = first; i <= last; ++i) {
        if (number.mantissa[i] != '.' &&
            !times_ten_plus(static_cast<std::uint64_t>(number.mantissa[i] - '0'))) {
            return std::nullopt;
        }
    }
    for (; zeros > 0; --zeros) {
        if (!times_ten_plus(0)) {
            return std::nullopt;
        }
    }
    return magnitude;
}

template <class T>
bool reads_plainly(std::string_view text, T& value) noexcept
{
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
    return code == std::errc{} && end == text.data() + text.size();
}

} // namespace

std::optional<std::int64_t> exact_int64(std::string_view text) noexcept
{
    std::int64_t value = 0;
    if (reads_plainly(text, value)) {
        return value;
    }
    const parts number = take_apart(text);
    const std::optional<std::uint64_t> magnitude = exact_magnitude(number);
    const auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (!magnitude || *magnitude > most + (number.negative ? 1 : 0)) {
        return std::nullopt;
    }
    return static_cast<std::int64_t>(number.negative ? 0 - *magnitude : *magnitude);
}

std::optional<std::uint64_t> exact_uint64(std::string_view text) noexcept
{
    std::uint64_t value = 0;
    if (reads_plainly(text, value)) {
        return value;
    }
    const parts number = take_apart(text);
    const std::optional<std::uint64_t> magnitude = exact_magnitude(number);
    if (number.negative && magnitude.value_or(1) != 0) {
        return std::nullopt;
    }
    return magnitude;
}

std::optional<double> nearest_double(std::string_view text) noexcept
{
    double value = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (code == std::errc{} && std::isfinite(value)) {
        return value;
    }
    const parts number = take_apart(text);
    const std::size_t first = number.mantissa.find_first_of("123456789");
    const bool small = first == std::string_view::npos || power_at(number, first) < 0;
    if (!small) {
        return std::nullopt;
    }
    return number.negative ? -0.0 : 0.0;
}

void append_double(std::string& out, double value)
{
    if (!std::isfinite(value)) {
        out += "null";
        return;
    }
    const double size = std::fabs(value);
    const bool plain = size == 0 || (size >= 1e-6 && size < 1e21);
    char buffer[48];
    const auto format = plain ? std::chars_format::fixed : std::chars_format::scientific;
    const auto [end, code] = std::to_chars(buffer, buffer + sizeof buffer, value, format);
    const std::string_view digits(buffer, static_cast<std::size_t>(end - buffer));
    out += digits;
    if (plain && digits.find('.') == std::string_view::npos) {
        out += ".0";
    }
}

} // namespace cogate::json
