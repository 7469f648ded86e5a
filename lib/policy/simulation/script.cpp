#include "lib/policy/simulation/script.hpp"

#include "lib/policy/simulation/luck.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace cogate::policy::simulation {

namespace {

duration scaled(duration time, double factor) noexcept
{
    return duration{static_cast<std::int64_t>(static_cast<double>(time.count()) * factor)};
}

fate refusal(scripted_lane const& of, error_kind why, std::optional<duration> retry_after) noexcept
{
    fate refused;
    refused.total = of.refused_after;
    refused.error = why;
    refused.retry_after = retry_after;
    return refused;
}

} // namespace

double script::slowness(duration now) const noexcept
{
    double const turns = std::chrono::duration<double>(now) / std::chrono::duration<double>(of_.drift_period);
    double factor = 1 + of_.drift * std::sin(2 * std::numbers::pi * (turns + of_.drift_phase));
    for (episode const& one : of_.episodes) {
        if (one.what == episode::kind::slow && one.from <= now && now < one.until) {
            factor *= one.factor;
        }
    }
    return factor;
}

// Counts the request in where the quota lets it through.
bool script::spend(call const& what, duration now) noexcept
{
    std::int64_t const window = now / of_.quota->window;
    if (window != window_) {
        window_ = window;
        requests_ = 0;
        tokens_ = 0;
    }
    std::int64_t const tokens = std::int64_t{what.prompt_tokens} + what.completion_tokens;
    if ((of_.quota->requests && requests_ + 1 > *of_.quota->requests) ||
        (of_.quota->tokens && tokens_ + tokens > *of_.quota->tokens)) {
        return false;
    }
    ++requests_;
    tokens_ += tokens;
    return true;
}

quota_report script::left(duration now) const noexcept
{
    duration const reset = of_.quota->window - now % of_.quota->window;
    quota_report told;
    if (of_.quota->requests) {
        told.request_limit = of_.quota->requests;
        told.requests_left = *of_.quota->requests - requests_;
        told.requests_reset = reset;
    }
    if (of_.quota->tokens) {
        told.token_limit = of_.quota->tokens;
        told.tokens_left = *of_.quota->tokens - tokens_;
        told.tokens_reset = reset;
    }
    return told;
}

fate script::meet(call const& what, std::uint64_t number, int attempt, int under_way, duration now) noexcept
{
    luck chance(core::mix64(seed_ ^ core::mix64(number * 64 + static_cast<std::uint64_t>(attempt))));
    double const episode_luck = chance.share();
    double const slow_luck = chance.share();
    double const spread = of_.spread == 0 ? 1 : std::exp(of_.spread * chance.normal());
    for (episode const& one : of_.episodes) {
        if (now < one.from || now >= one.until || episode_luck >= one.share) {
            continue;
        }
        switch (one.what) {
        case episode::kind::slow: break;
        case episode::kind::error: return refusal(of_, one.error, one.retry_after);
        case episode::kind::refused: return refusal(of_, error_kind::rate_limit, one.retry_after);
        case episode::kind::hang: {
            fate never;
            never.hangs = true;
            return never;
        }
        }
    }
    fate answer;
    if (of_.quota) {
        bool const allowed = spend(what, now);
        answer.quota = left(now);
        if (!allowed) {
            quota_report const told = *answer.quota;
            answer = refusal(of_, error_kind::rate_limit, of_.quota->window - now % of_.quota->window);
            answer.quota = told;
            return answer;
        }
    }
    double const load = slowness(now) * (1 + of_.load_factor * std::max(0, under_way));
    double const tail = slow_luck < of_.slow_share ? of_.slow_factor : 1;
    answer.answers = true;
    answer.first_token = std::max(
        duration{1}, scaled(of_.base + of_.per_prompt_token * what.prompt_tokens, load * spread * tail));
    answer.total = answer.first_token + scaled(of_.inter_token * what.completion_tokens, load);
    return answer;
}

} // namespace cogate::policy::simulation
