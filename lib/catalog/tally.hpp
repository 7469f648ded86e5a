#pragma once
/// Exact sums of prices. One thread at a time per object.

#include <cogate/money.hpp>

#include <compare>
#include <cstdint>
#include <optional>

namespace cogate::catalog {

__extension__ typedef __int128 wide;

inline constexpr std::int64_t no_uplift = 1'000'000;

/// A sum of quantity x price x uplift, in 1e-21 dollars: pico-dollars, thousandths of a unit (milliseconds of a
/// per-second price), millionths of an uplift.
class tally {
public:
    /// `per`: how many of `quantity` make one unit of the price, 1 or 1000. False when the sum does not fit.
    [[nodiscard]] bool add(std::int64_t quantity, std::int64_t per, unit_price price,
                           std::int64_t uplift_millionths = no_uplift) noexcept
    {
        wide amount = static_cast<wide>(quantity) * price.picos();
        return !__builtin_mul_overflow(amount, static_cast<wide>(1000 / per), &amount) &&
               !__builtin_mul_overflow(amount, static_cast<wide>(uplift_millionths), &amount) &&
               !__builtin_add_overflow(sum_, amount, &sum_);
    }

    /// Nano-dollars, rounded half to even.
    std::optional<money> rounded() const noexcept { return divided(sum_, true); }

    /// Nano-dollars, rounded up.
    std::optional<money> rounded_up() const noexcept { return divided(sum_, false); }

    friend constexpr auto operator<=>(tally const&, tally const&) = default;

private:
    static std::optional<money> divided(wide sum, bool half_even) noexcept
    {
        wide const unit = 1'000'000'000'000;
        wide whole = sum / unit;
        wide const rest = sum % unit;
        bool const up = half_even ? rest * 2 > unit || (rest * 2 == unit && whole % 2 != 0) : rest != 0;
        whole += up ? 1 : 0;
        if (whole > money::max().nanos()) {
            return std::nullopt;
        }
        return money::from_nanos(static_cast<std::int64_t>(whole));
    }

    wide sum_ = 0; // never negative
};

} // namespace cogate::catalog
