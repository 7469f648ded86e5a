#pragma once

#include "lib/cli/replay/outcome.hpp"
#include "lib/policy/simulation/input.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace cogate::cli::replay {

/// Everything that is told of a replay.
struct comparison {
    std::size_t left_out = 0;       ///< calls of the log that were not replayed
    policy::simulation::input what; ///< as recorded
    std::vector<outcome> rows;
};

/// Tables for a terminal: the lanes as they were understood, then the rows.
std::string to_table(comparison const& from);
/// One JSON object and a line end. Times in milliseconds, money in nano-dollars.
std::string to_json(comparison const& from);
/// An SVG picture: the first token's and the whole answer's percentiles, a bar for each row.
std::string to_picture(comparison const& from);

} // namespace cogate::cli::replay
