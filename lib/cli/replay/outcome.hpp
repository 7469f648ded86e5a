#pragma once

#include "lib/cli/replay/recording.hpp"
#include "lib/policy/simulation/input.hpp"
#include "lib/policy/simulation/report.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace cogate::cli::replay {

/// One row of the comparison.
struct outcome {
    std::string name;
    std::int64_t calls = 0;
    std::int64_t failed = 0;
    std::int64_t rate_limited = 0; ///< of the failed
    std::int64_t attempts = 0;
    std::int64_t extra = 0;                  ///< attempts beyond the first of each call
    policy::simulation::latency first_token; ///< of answered calls; a whole answer comes with its first token
    policy::simulation::latency total;
    std::optional<std::int64_t> nano_usd{}; ///< nothing: no lane's price is known
    std::optional<std::int64_t>
        extra_nano_usd{}; ///< of attempts whose answer no caller saw; a recording's is not known
};

/// What the log itself says. `lanes` are in the order of the recording's: for their prices.
outcome outcome_of(recording const& from, policy::simulation::input const& lanes);
outcome outcome_of(std::string name, policy::simulation::report const& from,
                   policy::simulation::input const& lanes);

} // namespace cogate::cli::replay
