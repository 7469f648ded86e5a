#pragma once
/// Which price of a list holds for a call. Pure, safe from any thread.

#include <cogate/prices.hpp>

#include <cstdint>
#include <initializer_list>
#include <optional>

namespace cogate::catalog {

/// The size of a call that context tiers are chosen by.
struct call_size {
    service_tier tier = service_tier::standard;
    std::int64_t prompt_tokens = 0; ///< all of them, cached ones too: a tier re-prices the whole call
    std::int64_t results = 0;       ///< asked for per search; decides for `meter::query`
};

struct chosen_rate {
    meter what = meter::input_token;
    unit_price price;
    bool own_tier = false; ///< the price is the service tier's own, not the standard one
};

/// The price of `what`: of the highest context tier that the call exceeds, for its service tier; the standard
/// price where that tier has none. When only the standard prices know a context tier, the dearer of the two
/// holds, so that nothing is priced too low. Nothing when the list does not price `what`.
std::optional<chosen_rate> choose_rate(price_list const& prices, meter what, call_size const& size) noexcept;

/// The first of `meters` that the list prices.
std::optional<chosen_rate> choose_rate(price_list const& prices, std::initializer_list<meter> meters,
                                       call_size const& size) noexcept;

/// A one-hour cache write: its own price; else twice the input price where cache writes are priced at all
/// (Anthropic's rule, the only maker that has them), never less than the five-minute write; else as input.
std::optional<chosen_rate> choose_cache_write_1h(price_list const& prices, call_size const& size) noexcept;

/// Sets the price of (what, tier, above), replacing an earlier one.
void set_rate(price_list& prices, rate const& price);

/// The exact price of (what, tier, above); null when there is none.
rate const* find_rate(price_list const& prices, meter what, service_tier tier = service_tier::standard,
                      std::int64_t above = 0) noexcept;

/// A token meter has a price, be it 0.
bool prices_tokens(price_list const& prices) noexcept;

/// A token meter has a price above 0.
bool charges_tokens(price_list const& prices) noexcept;

} // namespace cogate::catalog
