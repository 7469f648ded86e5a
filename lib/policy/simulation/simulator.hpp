#pragma once

#include "lib/policy/simulation/input.hpp"
#include "lib/policy/simulation/report.hpp"

#include <cogate/result.hpp>

namespace cogate::policy::simulation {

/// Runs all calls to their end. A failure names an unknown strategy or a call to a group without lanes. Takes some
/// microseconds a call and keeps every call and attempt in memory. Pure; any thread.
result<report> run(input const& what);

} // namespace cogate::policy::simulation
