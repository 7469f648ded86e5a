#pragma once
/// LiteLLM's model_prices_and_context_window.json. Pure, safe from any thread.

#include "lib/catalog/load.hpp"
#include "lib/catalog/model_catalog.hpp"
#include "lib/core/json/document.hpp"

namespace cogate::catalog {

/// The root looks like such a map: some member has "litellm_provider" or a price.
bool is_litellm_map(json::value root);

/// Takes over every model of the map. `sample_spec` and `fallback_generalizations` (patterns without prices) are no
/// models. Context tiers re-price the whole call, `tiered_pricing` too.
void read_litellm_map(json::value root, catalog_builder& into, load_report& report);

/// Puts prices where the meters of this catalog expect them: a price map files what an image model makes, and the
/// image tokens of a realtime model, under "input".
void move_misfiled_prices(std::string_view mode, price_list& prices);

} // namespace cogate::catalog
