#include "lib/cli/load_settings.hpp"

#include "lib/config/load.hpp"

#include <iostream>

namespace cogate::cli {

std::optional<config::settings> load_settings(std::string const& path)
{
    if (path.empty()) {
        return config::settings{};
    }
    config::loaded loaded = config::load_file(path, process_environment);
    for (config::diagnostic const& each : loaded.diagnostics) {
        std::cerr << config::to_text(each) << '\n';
    }
    return std::move(loaded.value);
}

} // namespace cogate::cli
