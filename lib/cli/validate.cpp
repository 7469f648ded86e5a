#include "lib/cli/arguments.hpp"
#include "lib/cli/command.hpp"
#include "lib/config/describe.hpp"
#include "lib/config/load.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <iostream>
#include <stdexcept>
#include <utility>

namespace cogate::cli {

namespace {

std::string counted(std::size_t n, std::string const& what)
{
    return std::to_string(n) + ' ' + what + (n == 1 ? "" : "s");
}

/// The gateway's own checks, for what only it can see.
bool builds(config::settings const& settings, std::string const& file)
{
    try {
        gateway const built(settings.gateway);
        return true;
    } catch (std::invalid_argument const& fault) {
        std::cout << file << ": error: " << fault.what() << '\n';
        return false;
    }
}

} // namespace

int validate_command(std::vector<std::string> args)
{
    CLI::App app(
        "Checks a configuration file and prints what is wrong with it, one line each. Exit code 0: usable,\n"
        "perhaps with warnings; 1: errors.",
        "cogate validate");
    app.footer("Examples:\n  cogate validate config.yaml\n  cogate validate - < config.yaml\n"
               "  cogate validate --keys          every key with its type, default and meaning");
    std::string file;
    bool keys = false;
    auto* const file_option = app.add_option("FILE", file, "The file; - reads standard input");
    app.add_flag("--keys", keys, "Print the keys of the configuration instead")->excludes(file_option);
    if (auto const done = read_arguments(app, std::move(args))) {
        return *done;
    }
    if (keys) {
        std::cout << config::describe_keys();
        return exit_good;
    }
    if (file.empty()) {
        std::cerr << "cogate validate: which file? Run `cogate validate --help` for examples.\n";
        return exit_usage;
    }
    config::loaded const loaded = config::load_file(file, process_environment);
    for (config::diagnostic const& each : loaded.diagnostics) {
        std::cout << config::to_text(each) << '\n';
    }
    auto const errors = static_cast<std::size_t>(
        std::count_if(loaded.diagnostics.begin(), loaded.diagnostics.end(),
                      [](config::diagnostic const& d) { return d.severity == config::severity::error; }));
    bool const good = loaded.value.has_value() && builds(*loaded.value, file);
    std::size_t const warnings = loaded.diagnostics.size() - errors;
    if (good) {
        std::cout << file << ": good, " << counted(loaded.value->gateway.deployments.size(), "deployment")
                  << ", " << counted(warnings, "warning") << '\n';
        return exit_good;
    }
    std::cout << file << ": " << counted(std::max<std::size_t>(errors, 1), "error") << ", "
              << counted(warnings, "warning") << '\n';
    return exit_failed;
}

} // namespace cogate::cli
