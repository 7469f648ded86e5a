#include "lib/cli/replay/known_deployments.hpp"

#include "lib/config/load.hpp"
#include "lib/engine/kernel.hpp"

#include <algorithm>
#include <array>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace cogate::cli::replay {

namespace {

// Stands in for what only a call would need.
std::optional<std::string> with_stand_ins(std::string const& name)
{
    if (std::optional<std::string> set = process_environment(name)) {
        return set;
    }
    constexpr std::array<std::string_view, 5> secrets{"_KEY", "_TOKEN", "_SECRET", "_KEY_ID", "_PASSWORD"};
    bool const secret = std::any_of(secrets.begin(), secrets.end(), [&](std::string_view end) {
        return std::string_view(name).ends_with(end);
    });
    return secret ? std::optional<std::string>("replayed") : std::nullopt;
}

} // namespace

std::optional<known_deployments> load_known_deployments(std::string const& path)
{
    known_deployments out;
    if (path.empty()) {
        return out;
    }
    config::loaded loaded = config::load_file(path, with_stand_ins);
    for (config::diagnostic const& each : loaded.diagnostics) {
        std::cerr << config::to_text(each) << '\n';
    }
    if (!loaded.value) {
        return std::nullopt;
    }
    gateway_options& options = loaded.value->gateway;
    out.router = options.router;
    out.deadlines = options.deadlines;
    for (group_alias const& alias : options.router.aliases) {
        out.aliases.emplace(alias.name, alias.group);
    }
    try {
        gateway built(std::move(options));
        std::shared_ptr<engine::routes const> const routes = built.kernel().current_routes();
        for (engine::served_deployment const& each : routes->deployments()) {
            out.limits.emplace(each.id, each.lane->limits());
        }
    } catch (std::invalid_argument const& fault) {
        std::cerr << path << ": error: " << fault.what() << '\n';
        return std::nullopt;
    }
    return out;
}

} // namespace cogate::cli::replay
