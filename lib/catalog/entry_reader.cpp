#include "lib/catalog/entry_reader.hpp"

#include <utility>

#include "lib/catalog/plausible.hpp"
#include "lib/catalog/rates.hpp"

namespace cogate::catalog {

std::optional<std::string_view> number_text(json::value from) noexcept
{
    if (from.is_number()) {
        return from.raw();
    }
    return from.string_view_if_plain();
}

void rate_collector::take(rate what, int power, json::value from, std::string_view field)
{
    any_ = true;
    std::optional<std::string_view> const text = number_text(from);
    std::optional<unit_price> const price = text ? unit_price::parse(*text, power) : std::nullopt;
    if (!price) {
        spoil(load_notice::reason::bad_price, field);
    } else if (prices_.rates.size() >= most_rates) {
        spoil(load_notice::reason::too_many, field);
    } else {
        what.price = *price;
        set_rate(prices_, what);
    }
}

void rate_collector::unknown(std::string_view field)
{
    report_.add(load_notice::reason::unknown_money_field, model_, field);
}

void rate_collector::spoil(load_notice::reason why, std::string_view field)
{
    spoiled_ = true;
    report_.add(why, model_, field);
}

price_list rate_collector::finished() &&
{
    return spoiled_ ? price_list{} : std::move(prices_);
}

std::int64_t token_limit(json::value from) noexcept
{
    std::optional<std::int64_t> const count = from.as_int64();
    return count && plausible(*count) ? *count : 0;
}

void set_capability(model_facts& facts, capability what, bool can) noexcept
{
    auto const bit = static_cast<std::uint32_t>(what);
    facts.capabilities = can ? facts.capabilities | bit : facts.capabilities & ~bit;
}

} // namespace cogate::catalog
