#pragma once
/// What is known of a model, in the words of LiteLLM's price map. Pure, safe from any thread.

#include <cogate/prices.hpp>

#include "lib/core/json/writer.hpp"

#include <chrono>

namespace cogate::catalog {

/// Members of the object that is open in `out`: limits, the prices that hold at `when` as exact decimal numbers,
/// provider, mode and a `supports_*` for every capability. What is not known is left out, a price too: it is never 0
/// or null. `load_prices` reads the object back, but for prices that LiteLLM's map has no name for.
void write_litellm_info(json::writer& out, model_facts const& facts, std::chrono::sys_seconds when);

} // namespace cogate::catalog
