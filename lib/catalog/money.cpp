#include <cogate/money.hpp>

#include <ostream>

#include "lib/catalog/decimal.hpp"

namespace cogate {
namespace {

constexpr int nano_digits = 9;
constexpr int pico_digits = 12;

} // namespace

std::optional<money> money::parse(std::string_view text) noexcept
{
    std::optional<catalog::scaled> const nanos = catalog::scale_decimal(text, nano_digits);
    return nanos ? std::optional(from_nanos(nanos->value)) : std::nullopt;
}

std::string to_string(money amount)
{
    return catalog::decimal_text(amount.nanos(), nano_digits);
}

std::ostream& operator<<(std::ostream& out, money amount)
{
    return out << to_string(amount);
}

std::optional<unit_price> unit_price::parse(std::string_view text, int power) noexcept
{
    std::optional<catalog::scaled> const picos = catalog::scale_decimal(text, pico_digits - power);
    if (!picos || picos->value < 0 || (picos->value == 0 && !picos->exact)) {
        return std::nullopt;
    }
    return from_picos(picos->value);
}

std::string to_string(unit_price price, int power)
{
    return catalog::decimal_text(price.picos(), pico_digits - power);
}

} // namespace cogate
