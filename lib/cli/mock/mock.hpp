#pragma once

#include <string>
#include <vector>

namespace cogate::cli {

/// `cogate mock`: runs an upstream for tests and benchmarks until SIGINT or SIGTERM. Prints
/// `ready PORT` on stdout once it listens. `args` are those behind the command's name, in order.
/// Returns the exit code: 0, 1 (cannot listen, bad certificate) or 2 (bad arguments).
int mock_command(std::vector<std::string> args);

} // namespace cogate::cli
