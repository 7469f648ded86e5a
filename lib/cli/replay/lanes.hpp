#pragma once

#include "lib/cli/replay/known_deployments.hpp"
#include "lib/cli/replay/recording.hpp"
#include "lib/policy/simulation/input.hpp"

namespace cogate::cli::replay {

/// The recorded calls, and the lanes that served them as the log shows them: the wait for the first token against the
/// prompt's size, the time of a token, luck, slow answers, and what changed over the time of the log (speed, shares of
/// errors, hangs and refusals). Prices and limits are the configuration's; prices else the built-in table's.
///
/// What a log cannot show is left out: lanes do not become slower under more load than was recorded, an answer that was
/// cut off counts as a failure before its first token, and a lane's errors go on while nobody asked it.
policy::simulation::input make_input(recording const& from, known_deployments const& known,
                                     std::uint64_t seed);

} // namespace cogate::cli::replay
