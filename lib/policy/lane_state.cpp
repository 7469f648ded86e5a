#include "lib/policy/lane_state.hpp"

#include <chrono>
#include <utility>

namespace cogate::policy {

namespace {

using namespace std::chrono_literals;

// LiteLLM's max_latency_list_size, and what it writes down for a timeout.
constexpr std::size_t mean_samples = 10;
constexpr double timeout_seconds = 1'000;
constexpr duration percentile_age = 300s;
// Completions vary.
constexpr double completion_reserve = 2;

/// A limit of zero or less is none: LiteLLM's files have such.
std::int64_t limit_or_none(std::optional<std::int64_t> limit) noexcept
{
    return limit && *limit > 0 ? *limit : quota_meter::any;
}

} // namespace

lane::state::state(lane_limits with, router_options const& options)
    : health(options, with.cooldown_time),
      room(options.admission, with.max_parallel),
      rpm(limit_or_none(with.rpm)),
      tpm(limit_or_none(with.tpm)),
      limits(std::move(with)),
      whole_means(mean_samples, options.latency_window),
      first_means(mean_samples, options.latency_window),
      whole_samples(percentile_samples, percentile_age),
      first_samples(percentile_samples, percentile_age)
{
    if (options.enable_pre_call_checks && limits.max_input_tokens) {
        most_prompt = *limits.max_input_tokens;
    }
}

std::int64_t lane::state::estimate(request_traits const& request) const noexcept
{
    double const completion = speed.expected_completion(request) * completion_reserve;
    double const allowed = request.max_output_tokens;
    return std::int64_t{request.prompt_tokens} +
           static_cast<std::int64_t>(allowed > 0 ? std::min(completion, allowed) : completion);
}

void lane::state::ended_well(time_point now, attempt_outcome const& outcome,
                             request_traits const& request) noexcept
{
    double const total = in_seconds(outcome.total);
    std::uint32_t const prompt = outcome.prompt_tokens > 0 ? outcome.prompt_tokens : request.prompt_tokens;
    std::uint32_t const completion = outcome.completion_tokens;
    if (request.stream) {
        speed.streamed(now, completion, in_seconds(outcome.first_token), total);
    } else if (total > 0) {
        speed.whole(now, prompt, completion, total);
        whole_samples.add(now, {total, prompt});
        room.sample(now, speed.normalised(false, prompt, completion, total), pending.get() + 1);
    }
    if (total > 0) {
        whole_means.add(now, {completion > 0 ? total / completion : total, prompt});
    }
}

void lane::state::ended_badly(time_point now, time_point began, attempt_outcome const& outcome,
                              request_traits const& request) noexcept
{
    health.failed(now, began, outcome.error, outcome.retry_after);
    switch (outcome.error) {
    case error_kind::timeout:
        // A stream that stalls later was not late with its first content.
        if (outcome.first_token == 0ns) {
            speed.late(now, request.prompt_tokens, request.stream, in_seconds(outcome.total));
            (request.stream ? first_means : whole_means).add(now, {timeout_seconds, request.prompt_tokens});
        }
        room.drop(now, began);
        break;
    case error_kind::rate_limit:
    case error_kind::service_unavailable: room.drop(now, began); break;
    default: break;
    }
}

} // namespace cogate::policy
