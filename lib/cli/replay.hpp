#pragma once

#include <string>
#include <vector>

namespace cogate::cli {

/// `cogate replay`: what other routing settings would have made of the calls of an access log.
int replay_command(std::vector<std::string> args);

} // namespace cogate::cli
