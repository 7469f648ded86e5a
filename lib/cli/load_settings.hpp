#pragma once

#include "lib/config/settings.hpp"

#include <optional>
#include <string>

namespace cogate::cli {

/// The settings of a file, or the defaults when `path` is empty. Diagnostics go to standard error; nothing is
/// given when one of them is an error.
std::optional<config::settings> load_settings(std::string const& path);

} // namespace cogate::cli
