#include "lib/catalog/decimal.hpp"

#include <algorithm>
#include <limits>

namespace cogate::catalog {
namespace {

constexpr bool is_digit(char c) noexcept
{
    return c >= '0' && c <= '9';
}

// A larger exponent decides the answer like this one does, unless as many zeros stand in the text.
constexpr std::int64_t huge_exponent = 100'000'000'000'000'000;

struct parts {
    bool negative = false;
    std::string_view whole;
    std::string_view fraction;
    std::int64_t exponent = 0;
};

std::size_t digits_at(std::string_view text) noexcept
{
    return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_digit) - text.begin());
}

std::string_view take_digits(std::string_view& text) noexcept
{
    std::string_view const digits = text.substr(0, digits_at(text));
    text.remove_prefix(digits.size());
    return digits;
}

bool take_sign(std::string_view& text) noexcept
{
    if (text.empty() || (text.front() != '-' && text.front() != '+')) {
        return false;
    }
    bool const negative = text.front() == '-';
    text.remove_prefix(1);
    return negative;
}

std::optional<parts> split_number(std::string_view text) noexcept
{
    parts found;
    found.negative = take_sign(text);
    found.whole = take_digits(text);
    if (!text.empty() && text.front() == '.') {
        text.remove_prefix(1);
        found.fraction = take_digits(text);
    }
    if (found.whole.empty() && found.fraction.empty()) {
        return std::nullopt;
    }
    if (!text.empty() && (text.front() == 'e' || text.front() == 'E')) {
        text.remove_prefix(1);
        bool const negative = take_sign(text);
        std::string_view const digits = take_digits(text);
        if (digits.empty()) {
            return std::nullopt;
        }
        for (char const c : digits) {
            found.exponent = std::min(huge_exponent, found.exponent * 10 + (c - '0'));
        }
        found.exponent = negative ? -found.exponent : found.exponent;
    }
    return text.empty() ? std::optional(found) : std::nullopt;
}

} // namespace

std::optional<scaled> scale_decimal(std::string_view text, int decimals) noexcept
{
    std::optional<parts> const number = split_number(text);
    if (!number) {
        return std::nullopt;
    }
    // Digits that count, left to right: those of the whole part, `exponent + decimals` of the fraction.
    std::int64_t keep = static_cast<std::int64_t>(number->whole.size()) + number->exponent + decimals;
    std::uint64_t magnitude = 0;
    auto const limit =
        static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) + (number->negative ? 1U : 0U);
    int first_lost = 0;
    bool lost_more = false;
    auto const digit = [&](int value) {
        if (keep > 0) {
            --keep;
            return !__builtin_mul_overflow(magnitude, std::uint64_t{10}, &magnitude) &&
                   !__builtin_add_overflow(magnitude, static_cast<std::uint64_t>(value), &magnitude);
        }
        if (keep == 0) {
            first_lost = value;
        } else {
            lost_more = lost_more || value != 0;
        }
        --keep;
        return true;
    };
    for (std::string_view const run : {number->whole, number->fraction}) {
        for (char const c : run) {
            if (!digit(c - '0')) {
                return std::nullopt;
            }
        }
    }
    while (keep > 0 && magnitude != 0) {
        if (!digit(0)) {
            return std::nullopt;
        }
    }
    bool const exact = first_lost == 0 && !lost_more;
    if (first_lost > 5 || (first_lost == 5 && (lost_more || (magnitude & 1) != 0))) {
        ++magnitude;
    }
    if (magnitude > limit) {
        return std::nullopt;
    }
    return scaled{static_cast<std::int64_t>(number->negative ? std::uint64_t{0} - magnitude : magnitude),
                  exact};
}

std::string decimal_text(std::int64_t value, int decimals)
{
    auto const magnitude =
        value < 0 ? std::uint64_t{0} - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
    std::string digits = std::to_string(magnitude);
    auto const places = static_cast<std::size_t>(decimals);
    if (digits.size() <= places) {
        digits.insert(0, places + 1 - digits.size(), '0');
    }
    std::string out = value < 0 ? "-" : "";
    out.append(digits, 0, digits.size() - places);
    std::string_view fraction = std::string_view(digits).substr(digits.size() - places);
    fraction = fraction.substr(0, fraction.find_last_not_of('0') + 1);
    if (!fraction.empty()) {
        out += '.';
        out += fraction;
    }
    return out;
}

} // namespace cogate::catalog
