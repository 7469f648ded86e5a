#pragma once

#include <cogate/call_options.hpp>
#include <cogate/router_options.hpp>

#include "lib/policy/lane.hpp"

#include <map>
#include <optional>
#include <string>

namespace cogate::cli::replay {

/// The settings that the calls were recorded under.
struct known_deployments {
    router_options router{};
    cogate::deadlines deadlines{};
    std::map<std::string, policy::lane_limits> limits{}; ///< by deployment id
    std::map<std::string, std::string> aliases{};        ///< a name and the model group behind it
};

/// Reads a configuration as `cogate serve` does; the defaults when `path` is empty. Keys and secrets need not be set:
/// nothing is called. Diagnostics go to standard error; nothing is given when one of them is an error.
std::optional<known_deployments> load_known_deployments(std::string const& path);

} // namespace cogate::cli::replay
