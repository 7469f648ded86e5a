#pragma once

#include <compare>
#include <cstdint>
#include <iosfwd>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace cogate {

/// An amount of US dollars in whole nano-dollars (1e-9 USD): what a call cost, what a budget holds.
///
/// Range: +-9,223,372,036 dollars. No operation goes through floating point and none wraps: what would not fit
/// is `std::nullopt`. Thread safety: a plain value.
class money {
public:
    /// Zero.
    constexpr money() = default;

    /// That many nano-dollars.
    static constexpr money from_nanos(std::int64_t nanos) noexcept { return money(nanos); }
    /// The largest amount.
    static constexpr money max() noexcept { return money(std::numeric_limits<std::int64_t>::max()); }
    /// The smallest (most negative) amount.
    static constexpr money min() noexcept { return money(std::numeric_limits<std::int64_t>::min()); }

    /// Dollars as decimal text: every JSON number ("1.5e-07"), and as configuration files write them, a leading
    /// '+' and a point at either end (".5", "5."). Digits below a nano-dollar are rounded half to even.
    /// Nothing when `text` is no number or out of range.
    static std::optional<money> parse(std::string_view text) noexcept;

    /// The amount in nano-dollars.
    constexpr std::int64_t nanos() const noexcept { return nanos_; }

    friend constexpr auto operator<=>(money, money) = default;

private:
    explicit constexpr money(std::int64_t nanos) noexcept : nanos_(nanos) {}

    std::int64_t nanos_ = 0;
};

/// a + b; nothing when it would not fit.
constexpr std::optional<money> checked_add(money a, money b) noexcept
{
    std::int64_t sum = 0;
    return __builtin_add_overflow(a.nanos(), b.nanos(), &sum) ? std::nullopt
                                                              : std::optional(money::from_nanos(sum));
}

/// a - b; nothing when it would not fit.
constexpr std::optional<money> checked_subtract(money a, money b) noexcept
{
    std::int64_t difference = 0;
    return __builtin_sub_overflow(a.nanos(), b.nanos(), &difference)
               ? std::nullopt
               : std::optional(money::from_nanos(difference));
}

/// a x times; nothing when it would not fit.
constexpr std::optional<money> checked_multiply(money a, std::int64_t times) noexcept
{
    std::int64_t product = 0;
    return __builtin_mul_overflow(a.nanos(), times, &product) ? std::nullopt
                                                              : std::optional(money::from_nanos(product));
}

/// Dollars as the shortest exact decimal text, never with an exponent: "0", "-1.5", "0.000012". A JSON number.
std::string to_string(money amount);

/// Writes `to_string(amount)`.
std::ostream& operator<<(std::ostream& out, money amount);

/// What one unit (a token, an image, a second, ...) costs, in whole pico-dollars (1e-12 USD).
///
/// Never negative. 1 USD per million tokens is 1,000,000. Thread safety: a plain value.
class unit_price {
public:
    /// Free.
    constexpr unit_price() = default;

    /// `picos` must not be negative.
    static constexpr unit_price from_picos(std::int64_t picos) noexcept { return unit_price(picos); }

    /// Dollars for 10^`power` units as decimal text, grammar as `money::parse`: `parse("2.5", 6)` is 2.5 USD per
    /// million. Digits below a pico-dollar per unit are rounded half to even. Nothing when `text` is no number,
    /// negative, out of range, or a price above zero that would round to zero. `power` is 0 to 12.
    static std::optional<unit_price> parse(std::string_view text, int power = 0) noexcept;

    /// The price in pico-dollars per unit.
    constexpr std::int64_t picos() const noexcept { return picos_; }

    friend constexpr auto operator<=>(unit_price, unit_price) = default;

private:
    explicit constexpr unit_price(std::int64_t picos) noexcept : picos_(picos) {}

    std::int64_t picos_ = 0;
};

/// Dollars for 10^`power` units as exact decimal text: "0.0000025" for one, "2.5" for a million.
std::string to_string(unit_price price, int power = 0);

} // namespace cogate
