#pragma once

#include "lib/config/settings.hpp"

#include <string>
#include <vector>

namespace cogate::cli {

/// How a configuration differs from the one before it, in words for a person. Never a secret.
struct config_changes {
    std::vector<std::string> added{};   ///< deployments
    std::vector<std::string> removed{}; ///< deployments
    std::vector<std::string> changed{}; ///< deployments that only differ in how they are asked
    std::vector<std::string> others{};  ///< settings that took effect
    std::vector<std::string> fixed{};   ///< settings that hold from the next start on
};

/// Deployments are the same when their id is, or without one their names and URL. Pure.
config_changes compare(config::settings const& before, config::settings const& after);

/// Lines for a log: what was added, removed and changed, and what needs a restart. `file` is named in the first.
std::string to_text(config_changes const& what, std::string const& file);

} // namespace cogate::cli
