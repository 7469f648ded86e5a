#pragma once

#include "lib/cli/replay/recording.hpp"
#include "lib/core/json/document.hpp"

#include <cogate/result.hpp>

#include <string_view>

namespace cogate::cli::replay {

/// Reads one line of the access log. The failure says what is wrong and holds no byte of the line. Unknown members are
/// passed over, absent ones have their natural value; `time`, `model` and `duration_ms` must be there. `scratch` only
/// saves memory from line to line.
result<logged_call> read_log_line(std::string_view line, json::document& scratch);

} // namespace cogate::cli::replay
