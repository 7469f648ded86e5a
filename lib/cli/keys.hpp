#pragma once

#include <string>
#include <vector>

namespace cogate::cli {

/// `cogate keys`: makes, shows and changes the virtual keys of a running gateway over its management API.
/// `args` are those behind the command's name. Returns the exit code: 0, 1 (the gateway refused or did not
/// answer) or 2 (bad arguments).
int keys_command(std::vector<std::string> args);

} // namespace cogate::cli
