#pragma once

#include <cogate/router_options.hpp>

#include "lib/policy/lane.hpp"
#include "lib/policy/strategy.hpp"
#include "lib/policy/types.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

/// A discrete-event simulation of routing: recorded or drawn calls, lanes that behave by a script, virtual time. It
/// drives the same machine, groups, lanes and strategies as the engine, so it says what other settings would have
/// done. All times count from the beginning of the run. Plain values.
namespace cogate::policy::simulation {

/// One call as a caller made it.
struct call {
    duration at{};
    std::string group;
    std::uint32_t prompt_tokens = 0;
    std::uint32_t completion_tokens = 0;
    std::uint64_t affinity = 0;
    bool stream = true;
};

/// What a lane does for a while instead of answering as usual.
struct episode {
    enum class kind {
        slow,    ///< `factor` times its usual times
        error,   ///< fails with `error` after `refused_after`
        hang,    ///< never answers
        refused, ///< 429 after `refused_after`, with `retry_after` where that is set
    };
    kind what = kind::error;
    duration from{};
    duration until{};
    double factor = 1;
    error_kind error = error_kind::internal_server;
    std::optional<duration> retry_after{};
    double share = 1; ///< of the attempts, 0..1
};

/// Requests and tokens that the provider lets through per fixed window; beyond them 429 with the time to the reset.
/// Every answer tells what is left.
struct scripted_quota {
    std::optional<std::int64_t> requests{};
    std::optional<std::int64_t> tokens{};
    duration window = std::chrono::seconds{60};
};

/// A deployment that behaves by a script: first token after (a + b * prompt tokens) * drift * luck, then a steady
/// stream of tokens.
struct scripted_lane {
    std::string id;
    std::string group;
    lane_limits limits{};
    duration base = std::chrono::milliseconds{300};            ///< a
    duration per_prompt_token = std::chrono::microseconds{50}; ///< b
    duration inter_token = std::chrono::milliseconds{10};
    double spread = 0;       ///< sigma of the log-normal luck; 0: none
    double slow_share = 0;   ///< of the attempts, 0..1 ...
    double slow_factor = 10; ///< ... that take this much longer to the first token
    double load_factor = 0;  ///< slower by this share for each attempt already under way
    double drift = 0;        ///< amplitude of a slow wave over the times, 0..1 ...
    duration drift_period = std::chrono::seconds{60};
    double drift_phase = 0; ///< ... which begins here, 0..1
    duration refused_after = std::chrono::milliseconds{20};
    std::vector<episode> episodes{};
    std::optional<scripted_quota> quota{};
};

/// Everything a run depends on. Equal inputs give equal reports.
struct input {
    router_options options{};
    std::shared_ptr<strategy const> how{}; ///< instead of the options' strategy
    std::vector<scripted_lane> lanes{};
    std::vector<call> calls{};                               ///< in order of time
    duration call_timeout = std::chrono::seconds{600};       ///< of a whole call
    duration first_token_timeout = std::chrono::seconds{60}; ///< of an attempt
    std::uint64_t seed = 1;
};

/// How prompt and answer sizes are drawn: log-normal around a median, within bounds.
struct sizes {
    double median = 400;
    double sigma = 0.8;
    std::uint32_t least = 1;
    std::uint32_t most = 100'000;
};

/// Calls of a Poisson process with `per_second` on average over `length`: open loop, they come whether or not earlier
/// ones were answered.
std::vector<call> open_loop(std::string const& group, double per_second, duration length, sizes const& prompt,
                            sizes const& completion, std::uint64_t seed, bool stream = true);

} // namespace cogate::policy::simulation
