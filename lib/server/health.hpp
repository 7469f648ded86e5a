#pragma once

#include "lib/engine/health_check.hpp"

#include <string>

namespace cogate::server {

/// A report in the shape of LiteLLM's GET /health: `healthy_endpoints`, `unhealthy_endpoints` (with `error`) and their
/// counts; ours beside it: `unchecked_endpoints`. `only`, unless it is empty, is the one public name to show.
std::string to_json(engine::health_report const& what, std::string const& only);

} // namespace cogate::server
