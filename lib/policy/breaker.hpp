#pragma once

#include <cogate/router_options.hpp>

#include "lib/policy/types.hpp"

#include <array>
#include <cstdint>
#include <optional>

namespace cogate::policy {

/// Decides when a deployment rests and when one call may try it again.
///
/// - Health (connection, timeout, truncated, bad gateway, internal, unavailable): rests after three failures
///   in a row, or when half of at least five attempts of the last 30 s failed. The rest is the cooldown time; after
///   24 failed probes in a row (two minutes at LiteLLM's cooldown time: most illnesses are shorter) it doubles with
///   each further one up to `cooldown_max`, less up to a quarter by chance, so that many gateways do not probe at once.
///   After a failed probe it is as long as that probe took, where it took longer, at most 120 s: a deployment that
///   hangs costs its callers half of the time at most. What recovers is asked within the rest in force then. LiteLLM's
///   allowed_fails and allowed_fails_policy replace the rule.
/// - 429: rests as long as the provider says, at most 60 s (fault F15), else the cooldown time; no failure.
/// - Quota that waiting does not cure: 60 s, doubling to 30 min. Refused credentials: 30 min. Permission
///   denied and not found: 30 min after three in a row, since one caller's odd model name may cause them
///   behind a wildcard.
/// - The caller's faults (bad request, context window, content policy, too large) never count.
///
/// After a rest one probe is let through. Its success closes the breaker, its failure opens it again.
///
/// Thread safety: `at`, `again_at` and `error_rate` from any thread; the others under the owner's lock.
class breaker {
public:
    enum class gate { closed, probe, resting };

    /// `own_cooldown` is the deployment's, before the router's. A cooldown of zero: never rests.
    breaker(router_options const& options, std::optional<std::chrono::milliseconds> own_cooldown);

    gate at(time_point now) const noexcept
    {
        std::int64_t const until = rest_until_.get();
        if (until == 0) {
            return gate::closed;
        }
        return stamp(now) < until || probing_.get() ? gate::resting : gate::probe;
    }
    /// When it may be asked; `now` unless it rests. While a probe is under way: soon.
    time_point again_at(time_point now) const noexcept;
    /// Failures of health among the attempts of the last 30 s, 0..1; fades while nothing is tried.
    double error_rate(time_point now) const noexcept;

    /// Takes the probe when the rest is over; false: another has it. True in all other cases.
    bool claim(time_point now) noexcept;

    /// How an attempt that began at `began` ended. What began before the probe does not speak for it.
    /// True: it was the probe, so the deployment is back.
    bool succeeded(time_point now, time_point began) noexcept;
    void failed(time_point now, time_point began, error_kind error,
                std::optional<duration> retry_after) noexcept;
    void cancelled(time_point began) noexcept;

private:
    static constexpr std::size_t classes = 9;
    static constexpr std::size_t slots = 10;
    static constexpr duration slot_time = std::chrono::seconds(3);

    struct slot {
        std::int64_t number = -1;
        int good = 0;
        int bad = 0;
    };
    struct class_counter {
        time_point since{};
        int count = 0;
    };

    bool open() const noexcept { return rest_until_.get() != 0; }
    bool is_probe(time_point began) const noexcept;
    bool trips(time_point now, error_kind error) noexcept;
    bool too_many(time_point now, std::size_t error_class, int allowed) noexcept;
    duration rest_after(time_point now, error_kind error, std::optional<duration> retry_after,
                        duration probe_took) const noexcept;
    duration backed_off(time_point now) const noexcept;
    void rest(time_point until) noexcept;
    void close() noexcept;
    void count(time_point now, bool good) noexcept;

    published<std::int64_t> rest_until_{0}; ///< 0: closed
    published<bool> probing_{false};
    published<double> failure_share_{0};
    published<std::int64_t> counted_at_{0};

    bool enabled_;
    duration cooldown_;
    duration longest_cooldown_;
    duration least_rest_; ///< the deployment's own cooldown, which a short Retry-After does not undercut
    std::array<std::optional<int>, classes> allowed_{};
    std::optional<int> allowed_fails_;

    std::array<slot, slots> window_{};
    int seen_ = 0;
    int in_a_row_ = 0;
    int refused_in_a_row_ = 0;
    int streak_ = 0; ///< failed probes since it opened
    std::optional<time_point> first_probe_{};
    std::array<class_counter, classes> counters_{};
    class_counter all_failures_{};
};

} // namespace cogate::policy
