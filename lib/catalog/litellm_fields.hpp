#pragma once
/// LiteLLM's names of prices. Pure, safe from any thread.

#include <cogate/prices.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cogate::catalog {

/// "input_cost_per_token_above_272k_tokens_priority" and its kin, taken apart.
struct price_field {
    meter what = meter::input_token;
    service_tier tier = service_tier::standard;
    std::int64_t above = 0;
    int power = 0;       ///< the price is for 10^power units
    bool legacy = false; ///< an older spelling: yields to the newer one
};

/// Nothing when the name is no price that is known.
std::optional<price_field> litellm_price_field(std::string_view name) noexcept;

/// A price as LiteLLM's map names it, in dollars for 10^power units.
struct litellm_price_name {
    std::string name;
    int power = 0;
};

/// The way back. Nothing for what the map has no such name for: searches (`litellm_search_meter`), the fast tier,
/// and context tiers that are no whole thousands of tokens.
std::optional<litellm_price_name> litellm_name_of(rate const& price);

/// The name sounds like money. Of unknown names these are reported.
bool sounds_like_money(std::string_view name) noexcept;

/// The name sounds like money but is none to us: prices in another currency unit (Databricks' DBU) and notes.
bool known_not_money(std::string_view name) noexcept;

/// "supports_vision" and its kin.
std::optional<capability> litellm_capability(std::string_view name) noexcept;

/// All of them, with their names.
std::span<std::pair<std::string_view, capability> const> litellm_capabilities() noexcept;

/// The meters of `search_context_cost_per_query`, with the names of its keys.
std::span<std::pair<std::string_view, meter> const> litellm_search_meters() noexcept;
std::optional<meter> litellm_search_meter(std::string_view name) noexcept;

/// Before the region's name: what its prices are multiplied with.
inline constexpr std::string_view region_factor = "regional_processing_uplift_multiplier_";

/// Of several factors of one name the last stays.
void set_uplift(std::vector<uplift>& uplifts, std::string_view name, std::int64_t millionths);

} // namespace cogate::catalog
