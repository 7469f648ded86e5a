#pragma once

#include <cogate/result.hpp>

#include <string>
#include <vector>

namespace cogate::config {

/// A price file that was read and found usable.
struct price_file {
    std::string text{};                 ///< for gateway_options::price_map
    std::vector<std::string> notices{}; ///< what an operator should hear of, in words
};

/// Reads LiteLLM's price map or models.dev's api.json, at most 64 MiB. Blocks. Failures: invalid_request that names the
/// file and what is wrong with it.
result<price_file> load_price_file(std::string const& path);

} // namespace cogate::config
