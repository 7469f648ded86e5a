#pragma once

#include "lib/policy/call_machine.hpp"
#include "lib/policy/types.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cogate::policy::simulation {

/// What came of one call. Times as in `input`.
struct call_result {
    duration at{};
    bool ok = false;
    std::optional<error_kind> error{}; ///< when not ok
    duration first_token{};            ///< from the call to the first content its caller saw; 0: none
    duration total{};                  ///< from the call to its end
    int attempts = 0;
    int retries = 0;
    int fallbacks = 0;
};

/// One upstream exchange.
struct attempt_result {
    enum class end { answered, failed, cancelled };
    std::size_t call = 0;
    std::size_t lane = 0;
    attempt_reason reason = attempt_reason::first;
    duration began{};
    duration ended{};
    duration first_token{}; ///< from its beginning; 0: none
    end how = end::failed;
    error_kind error = error_kind::internal_server; ///< when failed
    std::int64_t nano_usd = 0;
};

/// Nearest-rank percentiles.
struct latency {
    duration mean{};
    duration p50{};
    duration p90{};
    duration p95{};
    duration p99{};
    duration longest{};
};
latency latency_of(std::vector<duration> samples);

struct lane_summary {
    std::string id;
    std::int64_t attempts = 0;
    std::int64_t failures = 0;
    std::int64_t refused = 0; ///< 429
};

/// The whole run.
struct report {
    std::int64_t calls = 0;
    std::int64_t failed = 0;
    std::int64_t rate_limited = 0; ///< of the failed: the caller saw a 429
    std::int64_t attempts = 0;
    std::int64_t retries = 0;
    std::int64_t fallbacks = 0;
    std::int64_t hedges = 0;
    std::int64_t races = 0;
    std::int64_t nano_usd = 0;       ///< of all attempts
    std::int64_t extra_nano_usd = 0; ///< of those that no caller saw
    latency first_token;             ///< of answered calls
    latency total;                   ///< of answered calls
    std::vector<lane_summary> lanes;
    std::vector<call_result> each_call;
    std::vector<attempt_result> each_attempt; ///< in order of their beginning

    double error_share() const noexcept;
    double attempts_per_call() const noexcept;
};

/// Fills in the sums and percentiles from `each_call` and `each_attempt`; the lanes' ids must stand.
void summarise(report& of);

} // namespace cogate::policy::simulation
