#pragma once
/// Prices that an operator sets for one deployment. Pure, safe from any thread.

#include <cogate/prices.hpp>

#include <span>
#include <string_view>
#include <utility>

namespace cogate::catalog {

/// LiteLLM's key of a price ("input_cost_per_token", "cache_read_input_token_cost_above_200k_tokens", ...) or
/// "regional_processing_uplift_multiplier_<region>".
bool is_price_override(std::string_view name) noexcept;

/// `base` with these prices: key and decimal text, USD per unit as LiteLLM. Each replaces the one price it names in
/// every price list; what is not named stays, so a custom input price keeps the catalogue's cached price. `base` may
/// be a model without prices.
/// Errors: invalid_request, param = the key: no such price, or a text that is no price.
result<model_facts> apply_overrides(model_facts base,
                                    std::span<std::pair<std::string_view, std::string_view> const> overrides);

} // namespace cogate::catalog
