#pragma once

#include "transports/mock_server/mock_server.hpp"

#include <string>
#include <variant>
#include <vector>

namespace cogate::cli {

/// Reads the flags of `cogate mock`. The other alternative is the exit code after a message or the help was printed.
std::variant<transports::mock::mock_options, int> parse_mock_flags(std::vector<std::string> args);

} // namespace cogate::cli
