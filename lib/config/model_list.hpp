#pragma once

#include "lib/config/reader.hpp"
#include "lib/policy/route_table.hpp"

namespace cogate::config {

/// Reads `model_list` into `to.gateway.deployments`. The settings must have their deadlines and environment
/// already: entries with a time of their own start from them. `groups` gets the names and ids of all entries,
/// also of those at fault: what refers to them is not a second fault.
void read_model_list(reader& in, YAML::Node const& list, settings& to, policy::route_table& groups);

} // namespace cogate::config
