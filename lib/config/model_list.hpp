#pragma once

#include "lib/config/reader.hpp"

namespace cogate::config {

/// Reads `model_list` into `to.gateway.deployments`. The settings must have their deadlines and environment
/// already: entries with a time of their own start from them.
void read_model_list(reader& in, YAML::Node const& list, settings& to);

} // namespace cogate::config
