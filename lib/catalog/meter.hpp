#pragma once
/// How meters and service tiers are written. Pure, safe from any thread.

#include <cogate/prices.hpp>

#include <optional>
#include <string_view>

namespace cogate::catalog {

/// Whether the unit is a token; a token price is written per million, any other per unit.
bool counts_tokens(meter what) noexcept;

/// Whether the unit is a second, counted in milliseconds.
bool counts_seconds(meter what) noexcept;

/// Short names of models.def: "in", "out", "cached", ...
std::string_view row_code(meter what) noexcept;
std::optional<meter> meter_of_row_code(std::string_view code) noexcept;

std::optional<service_tier> tier_of(std::string_view name) noexcept;

/// "tools", "vision", ... as models.def and facts tables write them.
std::optional<capability> capability_of(std::string_view name) noexcept;

} // namespace cogate::catalog
