#pragma once
/// Decimal text to scaled integers and back, exact to the last digit: money never passes through a double.
/// Pure functions, safe from any thread.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cogate::catalog {

struct scaled {
    std::int64_t value = 0;
    bool exact = true; // no digit was rounded away
    friend bool operator==(scaled const&, scaled const&) = default;
};

/// The number times 10^decimals, rounded half to even. Grammar: [+-] digits [. digits] [e [+-] digits], with at
/// least one digit before or behind the point. Nothing when it is another text or does not fit. Time is linear
/// in the text, whatever the exponent says. `decimals` is 0 to 18.
std::optional<scaled> scale_decimal(std::string_view text, int decimals) noexcept;

/// value / 10^decimals as the shortest exact text without an exponent. `decimals` is 0 to 18.
std::string decimal_text(std::int64_t value, int decimals);

} // namespace cogate::catalog
