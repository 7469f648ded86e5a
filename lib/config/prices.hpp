#pragma once

#include "lib/config/reader.hpp"

#include <string>
#include <utility>
#include <vector>

namespace cogate::config {

using price_texts = std::vector<std::pair<std::string, std::string>>;

/// Reads one of LiteLLM's prices, exactly as it is written, and checks that it is one.
void read_price(reader& in, key const& row, member const& each, price_texts& to);

/// What litellm_params say, then what model_info says beyond it; also as the costs that routing compares.
void settle_prices(draft& entry);

/// Reads the price file that `each` names into `to.gateway.price_map`. A file that cannot be used is an error at the
/// line, what is odd in it a warning.
void read_price_file(reader& in, member const& each, settings& to);

} // namespace cogate::config
