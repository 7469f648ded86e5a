#pragma once

#include <cogate/router_options.hpp>

#include "lib/policy/types.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cogate::policy {

/// What a deployment may be asked for; fixed. Rates are in nano-dollars per million tokens.
struct lane_limits {
    std::string id{};       ///< of the deployment
    std::string provider{}; ///< two lanes of one provider fail together more often
    double weight = 0;      ///< 0: not given
    std::optional<std::int64_t> rpm{};
    std::optional<std::int64_t> tpm{};
    std::optional<int> max_parallel{};
    int order = 0; ///< lower tiers first
    std::vector<std::string> tags{};
    std::optional<std::uint32_t> max_input_tokens{};
    std::optional<std::int64_t> input_cost{};
    std::optional<std::int64_t> output_cost{};
    std::optional<std::chrono::milliseconds> cooldown_time{};

    friend bool operator==(lane_limits const&, lane_limits const&) = default;
};

/// Whether a lane may take a request now.
enum class standing {
    ready,
    probe,     ///< resting is over: one call may try it (claim it with `begin`)
    resting,   ///< the breaker is open, credentials failed, or 429 until its reset
    no_quota,  ///< the provider's headers or our rpm/tpm say that it would be refused
    full,      ///< its concurrency limit is reached
    too_small, ///< the prompt does not fit its context window
};
std::string_view to_string(standing what) noexcept;

/// Quota as a provider's answer told it: x-ratelimit-*, anthropic-ratelimit-* (read by `read_quota`).
struct quota_report {
    std::optional<std::int64_t> requests_left{};
    std::optional<std::int64_t> tokens_left{};
    std::optional<std::int64_t> request_limit{};
    std::optional<std::int64_t> token_limit{};
    std::optional<duration> requests_reset{}; ///< from now
    std::optional<duration> tokens_reset{};
};

/// Everything live about one deployment: health, quota, speed, load.
///
/// Thread safety: all members may be called from any thread. Readers (`standing_at`, `pending`, the
/// predictions) are wait-free and never allocate; writers take a short lock of this lane.
class lane {
public:
    lane(lane_limits limits, router_options const& options);
    ~lane();
    lane(lane const&) = delete;
    lane& operator=(lane const&) = delete;

    lane_limits const& limits() const noexcept;

    standing standing_at(time_point now, request_traits const& request) const noexcept;
    /// When it may be asked again; `now` when it is ready.
    time_point ready_at(time_point now, request_traits const& request) const noexcept;

    /// Attempts under way.
    int pending() const noexcept;
    /// How many may be under way at once; nullopt: any number.
    std::optional<int> concurrency_limit() const noexcept;

    /// Predicted time to first token for this prompt, and of the whole answer; decayed peak-EWMA of what was
    /// seen, fitted against prompt tokens. `unknown()` lanes predict zero so that they get tried.
    duration predicted_first_token(request_traits const& request, time_point now) const noexcept;
    duration predicted_total(request_traits const& request, time_point now) const noexcept;
    bool unknown() const noexcept;
    /// Share of failures lately, 0..1.
    double error_rate(time_point now) const noexcept;
    /// Share of the quota left, 0..1; 1 when nothing is known.
    double quota_left(time_point now) const noexcept;
    /// Tokens and requests of the running minute.
    std::int64_t tokens_this_minute(time_point now) const noexcept;
    std::int64_t requests_this_minute(time_point now) const noexcept;
    /// LiteLLM's measure for latency-based routing: mean over the window of seconds per completion token, or
    /// of the time to first token for streams; 0 for an unseen lane.
    double mean_latency(time_point now, bool stream) const noexcept;

    /// A percentile (0..100) of the time to first token, scaled to this prompt's size; nullopt below twenty
    /// samples.
    std::optional<duration> first_token_percentile(double percentile, request_traits const& request,
                                                   time_point now) const;

    /// Counts the attempt in, and claims the probe where the lane rests no more. False, and no `end` is due:
    /// the probe or the last free place was taken meanwhile. True at a lane that rests still, without a
    /// claim: a pinned call.
    bool begin(time_point now, request_traits const& request) noexcept;
    /// The same attempt's first content. Exactly one `end` follows each `begin`.
    void first_token(time_point now, duration after, request_traits const& request) noexcept;
    void end(time_point now, attempt_outcome const& outcome, request_traits const& request) noexcept;
    void quota(time_point now, quota_report const& report) noexcept;

private:
    struct state;
    std::unique_ptr<state> state_;
};

} // namespace cogate::policy
