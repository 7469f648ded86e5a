#pragma once

#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace cogate::cli {

/// Lets `app` read the arguments. Gives the exit code when there is nothing left to do: the help was printed,
/// or an argument was wrong and has been reported.
std::optional<int> read_arguments(CLI::App& app, std::vector<std::string> args);

} // namespace cogate::cli
