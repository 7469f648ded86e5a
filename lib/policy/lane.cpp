#include "lib/policy/lane.hpp"

#include "lib/policy/lane_state.hpp"

#include <algorithm>
#include <array>
#include <mutex>
#include <span>

namespace cogate::policy {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t least_percentile_samples = 20;
constexpr duration recheck = 100ms;

duration as_duration(double s) noexcept
{
    constexpr double longest = 86'400;
    return duration(static_cast<duration::rep>(std::clamp(s, 0.0, longest) * 1e9));
}

double share_of(std::int64_t used, std::int64_t limit) noexcept
{
    return std::max(0.0, 1 - static_cast<double>(used) / static_cast<double>(limit));
}

} // namespace

lane::lane(lane_limits limits, router_options const& options)
    : state_(std::make_unique<state>(std::move(limits), options))
{}

lane::~lane() = default;

lane_limits const& lane::limits() const noexcept
{
    return state_->limits;
}

standing lane::standing_at(time_point now, request_traits const& request) const noexcept
{
    state const& s = *state_;
    if (request.prompt_tokens > s.most_prompt) {
        return standing::too_small;
    }
    breaker::gate const gate = s.health.at(now);
    if (gate == breaker::gate::resting) {
        return standing::resting;
    }
    if (s.headroom.known() || s.counts_quota()) {
        std::int64_t const tokens = s.estimate(request);
        if (!s.headroom.allows(now, tokens) || !s.within_own_limits(now, tokens)) {
            return standing::no_quota;
        }
    }
    if (s.pending.get() >= s.room.current()) {
        return standing::full;
    }
    return gate == breaker::gate::closed ? standing::ready : standing::probe;
}

time_point lane::ready_at(time_point now, request_traits const& request) const noexcept
{
    state const& s = *state_;
    if (request.prompt_tokens > s.most_prompt) {
        return time_point::max();
    }
    std::int64_t const tokens = s.estimate(request);
    time_point when = std::max(s.health.again_at(now), s.headroom.free_at(now, tokens));
    if (s.rpm != state::no_limit) {
        when = std::max(when, s.requests_used.free_at(now, s.rpm - 1));
    }
    if (s.tpm != state::no_limit) {
        std::int64_t const most = s.tpm - std::min(tokens, s.tpm) - s.running.tokens();
        when = std::max(when, s.tokens_used.free_at(now, std::max<std::int64_t>(most, 0)));
    }
    // What runs has reserved the quota, and may end at any moment.
    return when == now && standing_at(now, request) == standing::no_quota ? now + recheck : when;
}

int lane::pending() const noexcept
{
    return state_->pending.get();
}

std::optional<int> lane::concurrency_limit() const noexcept
{
    int const limit = state_->room.current();
    return limit == policy::concurrency_limit::unlimited ? std::nullopt : std::optional(limit);
}

duration lane::predicted_first_token(request_traits const& request, time_point now) const noexcept
{
    return as_duration(state_->speed.predicted_first_token(request.prompt_tokens, now));
}

duration lane::predicted_total(request_traits const& request, time_point now) const noexcept
{
    return as_duration(state_->speed.predicted_total(request, now));
}

bool lane::unknown() const noexcept
{
    return state_->speed.unknown();
}

double lane::error_rate(time_point now) const noexcept
{
    return state_->health.error_rate(now);
}

double lane::quota_left(time_point now) const noexcept
{
    state const& s = *state_;
    double left = s.headroom.share_left(now);
    if (s.counts_quota()) {
        // An unset limit is so large that its share is one.
        left = std::min(left, share_of(s.requests_used.sum(now), s.rpm));
        left = std::min(left, share_of(s.tokens_used.sum(now) + s.running.tokens(), s.tpm));
    }
    return left;
}

std::int64_t lane::tokens_this_minute(time_point now) const noexcept
{
    return state_->tokens_used.sum(now);
}

std::int64_t lane::requests_this_minute(time_point now) const noexcept
{
    return state_->requests_used.sum(now);
}

double lane::mean_latency(time_point now, bool stream) const noexcept
{
    return (stream ? state_->first_means : state_->whole_means).mean(now);
}

std::optional<duration> lane::first_token_percentile(double percentile, request_traits const& request,
                                                     time_point now) const
{
    state& s = *state_;
    std::array<latency_window::sample, state::percentile_samples> samples;
    std::array<double, state::percentile_samples> scaled;
    std::lock_guard const lock(s.mutex);
    std::size_t const count = (request.stream ? s.first_samples : s.whole_samples).copy(now, samples);
    if (count < least_percentile_samples) {
        return std::nullopt;
    }
    double const here = s.speed.typical(request.stream, request.prompt_tokens);
    for (std::size_t i = 0; i != count; ++i) {
        double const there = s.speed.typical(request.stream, samples[i].prompt_tokens);
        scaled[i] = there > 0 ? samples[i].seconds * here / there : samples[i].seconds;
    }
    return as_duration(percentile_of(std::span(scaled).first(count), percentile));
}

bool lane::begin(time_point now, request_traits const& request) noexcept
{
    state& s = *state_;
    std::lock_guard const lock(s.mutex);
    if (s.pending.get() >= s.room.current() || !s.health.claim(now)) {
        return false;
    }
    s.pending.set(s.pending.get() + 1);
    s.requests_used.add(now, 1);
    std::int64_t const tokens = s.estimate(request);
    s.running.add(tokens);
    s.headroom.begin(tokens);
    return true;
}

void lane::first_token(time_point now, duration after, request_traits const& request) noexcept
{
    state& s = *state_;
    // An answer that comes whole has its only time at its end.
    if (!request.stream || after <= 0ns) {
        return;
    }
    double const time = in_seconds(after);
    std::lock_guard const lock(s.mutex);
    s.speed.first_token(now, request.prompt_tokens, time);
    s.first_means.add(now, {time, request.prompt_tokens});
    s.first_samples.add(now, {time, request.prompt_tokens});
    s.room.sample(now, s.speed.normalised(true, request.prompt_tokens, 0, time), s.pending.get());
}

void lane::end(time_point now, attempt_outcome const& outcome, request_traits const& request) noexcept
{
    state& s = *state_;
    std::lock_guard const lock(s.mutex);
    int const pending = std::max(s.pending.get() - 1, 0);
    s.pending.set(pending);
    s.running.drop();
    std::int64_t const tokens =
        outcome.ok || outcome.completion_tokens > 0
            ? std::int64_t{outcome.prompt_tokens} + std::int64_t{outcome.completion_tokens}
            : 0;
    s.tokens_used.add(now, tokens);
    s.headroom.end(now, pending, tokens);

    // The last one under way is the probe, if there is one, whatever its times say.
    time_point const began = pending == 0 ? now : now - outcome.total;
    if (outcome.cancelled || (!outcome.ok && outcome.error == error_kind::cancelled)) {
        s.health.cancelled(began);
    } else if (outcome.ok) {
        if (s.health.succeeded(now, began)) {
            s.speed.recovered();
        }
        s.ended_well(now, outcome, request);
    } else {
        s.ended_badly(now, began, outcome, request);
    }
}

void lane::quota(time_point now, quota_report const& report) noexcept
{
    state& s = *state_;
    std::lock_guard const lock(s.mutex);
    s.headroom.report(now, report);
}

std::string_view to_string(standing what) noexcept
{
    switch (what) {
    case standing::ready: return "ready";
    case standing::probe: return "probe";
    case standing::resting: return "resting";
    case standing::no_quota: return "no_quota";
    case standing::full: return "full";
    case standing::too_small: return "too_small";
    }
    return "unknown";
}

} // namespace cogate::policy
