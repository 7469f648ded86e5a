#pragma once

#include "lib/policy/breaker.hpp"
#include "lib/policy/concurrency_limit.hpp"
#include "lib/policy/lane.hpp"
#include "lib/policy/latency_model.hpp"
#include "lib/policy/latency_window.hpp"
#include "lib/policy/quota.hpp"
#include "lib/policy/usage_window.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <mutex>

namespace cogate::policy {

/// The parts of a lane. What `published` holds is read without the lock; all else is under it.
struct lane::state {
    state(lane_limits with, router_options const& options);

    /// Tokens that the request will probably be counted with: its prompt and twice the usual completion.
    std::int64_t estimate(request_traits const& request) const noexcept;
    bool within_own_limits(time_point now, std::int64_t tokens) const noexcept
    {
        return (rpm == no_limit || requests_used.sum(now) < rpm) &&
               (tpm == no_limit || tokens_used.sum(now) + running.tokens() + std::min(tokens, tpm) <= tpm);
    }
    bool counts_quota() const noexcept { return rpm != no_limit || tpm != no_limit; }

    static constexpr std::int64_t no_limit = quota_meter::any;
    static constexpr std::size_t percentile_samples = 256;

    /// The parts of `lane::end`, under the lock.
    void ended_well(time_point now, attempt_outcome const& outcome, request_traits const& request) noexcept;
    void ended_badly(time_point now, time_point began, attempt_outcome const& outcome,
                     request_traits const& request) noexcept;

    // What standing_at reads comes first, in few cache lines.
    breaker health;
    published<int> pending{0};
    std::uint32_t most_prompt = ~std::uint32_t{0}; ///< longer prompts are too long
    policy::concurrency_limit room;
    std::int64_t rpm;
    std::int64_t tpm;
    policy::quota headroom;
    reservation running;
    latency_model speed;

    std::mutex mutex;
    lane_limits limits;
    usage_window requests_used;
    usage_window tokens_used;
    latency_window whole_means;
    latency_window first_means;
    latency_window whole_samples;
    latency_window first_samples;
};

} // namespace cogate::policy
