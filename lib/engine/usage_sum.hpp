#pragma once

#include <cogate/usage.hpp>

namespace cogate::engine {

/// Adds the counts of another exchange of the same call. What else the provider put into its usage stays the first
/// exchange's. Pure.
void add_usage(usage& sum, usage const& more) noexcept;

} // namespace cogate::engine
