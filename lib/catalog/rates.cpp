#include "lib/catalog/rates.hpp"

#include <algorithm>
#include <limits>

#include "lib/catalog/meter.hpp"

namespace cogate {

price_list const* model_facts::prices_at(std::chrono::sys_seconds when) const noexcept
{
    auto const later = std::upper_bound(price_lists.begin(), price_lists.end(), when,
                                        [](auto at, price_list const& list) { return at < list.since; });
    return later == price_lists.begin() ? nullptr : &*(later - 1);
}

namespace catalog {
namespace {

rate const* highest(price_list const& prices, meter what, service_tier tier, std::int64_t exceeded) noexcept
{
    rate const* best = nullptr;
    for (rate const& each : prices.rates) {
        if (each.what == what && each.tier == tier && (each.above == 0 || each.above < exceeded) &&
            (best == nullptr || each.above > best->above)) {
            best = &each;
        }
    }
    return best;
}

} // namespace

std::optional<chosen_rate> choose_rate(price_list const& prices, meter what, call_size const& size) noexcept
{
    std::int64_t const exceeded = what == meter::query ? size.results : size.prompt_tokens;
    rate const* const standard = highest(prices, what, service_tier::standard, exceeded);
    rate const* own =
        size.tier == service_tier::standard ? nullptr : highest(prices, what, size.tier, exceeded);
    if (own != nullptr && standard != nullptr && standard->above > own->above &&
        standard->price > own->price) {
        own = nullptr;
    }
    rate const* const chosen = own != nullptr ? own : standard;
    return chosen == nullptr ? std::nullopt : std::optional(chosen_rate{what, chosen->price, own != nullptr});
}

std::optional<chosen_rate> choose_rate(price_list const& prices, std::initializer_list<meter> meters,
                                       call_size const& size) noexcept
{
    for (meter const what : meters) {
        if (auto const found = choose_rate(prices, what, size)) {
            return found;
        }
    }
    return std::nullopt;
}

std::optional<chosen_rate> choose_cache_write_1h(price_list const& prices, call_size const& size) noexcept
{
    if (auto const own = choose_rate(prices, meter::cache_write_1h_token, size)) {
        return own;
    }
    auto const shorter = choose_rate(prices, meter::cache_write_token, size);
    auto const input = choose_rate(prices, meter::input_token, size);
    if (!shorter || !input) {
        return shorter ? shorter : input;
    }
    constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max() / 2;
    std::int64_t const twice = 2 * std::min(most, input->price.picos());
    return chosen_rate{meter::cache_write_1h_token,
                       unit_price::from_picos(std::max(shorter->price.picos(), twice)), input->own_tier};
}

void set_rate(price_list& prices, rate const& price)
{
    auto const same = std::find_if(prices.rates.begin(), prices.rates.end(), [&](rate const& each) {
        return each.what == price.what && each.tier == price.tier && each.above == price.above;
    });
    if (same == prices.rates.end()) {
        prices.rates.push_back(price);
    } else {
        same->price = price.price;
    }
}

rate const* find_rate(price_list const& prices, meter what, service_tier tier, std::int64_t above) noexcept
{
    auto const found = std::find_if(prices.rates.begin(), prices.rates.end(), [&](rate const& each) {
        return each.what == what && each.tier == tier && each.above == above;
    });
    return found == prices.rates.end() ? nullptr : &*found;
}

bool prices_tokens(price_list const& prices) noexcept
{
    return std::any_of(prices.rates.begin(), prices.rates.end(),
                       [](rate const& each) { return counts_tokens(each.what); });
}

bool charges_tokens(price_list const& prices) noexcept
{
    return std::any_of(prices.rates.begin(), prices.rates.end(), [](rate const& each) {
        return counts_tokens(each.what) && each.price > unit_price();
    });
}

} // namespace catalog
} // namespace cogate
