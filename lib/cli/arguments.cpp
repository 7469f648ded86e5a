#include "lib/cli/arguments.hpp"

#include "lib/cli/command.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <utility>

namespace cogate::cli {

std::optional<int> read_arguments(CLI::App& app, std::vector<std::string> args)
{
    // CLI11 takes its arguments from the back.
    std::reverse(args.begin(), args.end());
    try {
        app.parse(std::move(args));
    } catch (CLI::ParseError const& fault) {
        return app.exit(fault) == 0 ? exit_good : exit_usage;
    }
    return std::nullopt;
}

} // namespace cogate::cli
