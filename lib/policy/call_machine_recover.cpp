#include "lib/policy/call_machine.hpp"

#include "lib/policy/backoff.hpp"

#include <algorithm>

namespace cogate::policy {

namespace {

// Another try of these helps only with other credentials or another account.
constexpr bool is_the_lanes_own(error_kind why) noexcept
{
    return why == error_kind::authentication || why == error_kind::permission_denied ||
           why == error_kind::not_found || why == error_kind::quota_exceeded;
}

} // namespace

// True when the call goes on within its group.
bool call_machine::retry(call_event const& after)
{
    error_kind const why = after.error;
    bool const goes_elsewhere =
        (why == error_kind::context_window_exceeded && !plan_.context_window.empty()) ||
        (why == error_kind::content_policy_violation && !plan_.content_policy.empty());
    if (goes_elsewhere || retries_here_ >= plan_.retries_in(*in_, why)) {
        return false;
    }
    switch (try_begin(attempt_reason::retry, tried_, false, after.now)) {
    case search::begun: arm_hedge(after.now); return true;
    case search::no_budget:
    case search::too_late: return false;
    case search::no_lane: break;
    }
    bool const same_lane_helps = (after.retryable || !is_retryable(why)) && !is_the_lanes_own(why);
    switch (none_->what) {
    case pick::kind::full: queue(attempt_reason::retry); return true;
    case pick::kind::excluded: return same_lane_helps && wait(after, after.now);
    case pick::kind::resting:
        // a quota's reset is a promise, the end of a breaker's rest only a guess
        return why == error_kind::rate_limit && same_lane_helps && next_group(why) == nullptr &&
               wait(after, none_->ready_at);
    default: return false;
    }
}

bool call_machine::wait(call_event const& after, time_point lanes_ready)
{
    backoff_limits const limits;
    std::optional<duration> const jittered =
        backoff(retries_here_, after.retry_after, plan_.retry_after, random(), limits);
    if (!jittered || lanes_ready - after.now > limits.longest_told) {
        return false;
    }
    time_point const when = std::max(after.now + *jittered, lanes_ready);
    lane const* const at = lane_of(last_deployment_);
    if (at == nullptr || when >= deadline_ || !in_time(*at, when)) {
        too_late_ = true;
        return false;
    }
    if (!pay(attempt_reason::retry, *at, after.now)) {
        return false;
    }
    phase_ = phase::waiting;
    next_reason_ = attempt_reason::retry;
    set_timer(when);
    return true;
}

// The wait or the queue is over: any lane of the group, one not tried before first.
void call_machine::try_again(time_point now)
{
    switch (try_any(next_reason_, now)) {
    case search::begun:
        if (next_reason_ == attempt_reason::first) {
            race(now);
        }
        arm_hedge(now);
        return;
    case search::no_lane:
        if (none_->what == pick::kind::full) {
            return queue(next_reason_);
        }
        break;
    case search::no_budget:
    case search::too_late: break;
    }
    fall_back(last_error_, now);
}

void call_machine::fall_back(error_kind after, time_point now)
{
    while (fallbacks_ < std::min(plan_.max_fallbacks, max_groups)) {
        group* const next = next_group(after);
        if (next == nullptr) {
            break;
        }
        enter(*next);
        switch (try_begin(attempt_reason::fallback, {}, false, now)) {
        case search::begun: return arm_hedge(now);
        case search::no_budget: return fail();
        case search::no_lane:
            if (none_->what == pick::kind::full) {
                return queue(attempt_reason::fallback);
            }
            break;
        case search::too_late: break;
        }
    }
    fail();
}

// Where the call goes next: the error's own list, then the general one; no group twice.
group* call_machine::next_group(error_kind after) const noexcept
{
    auto const first_new = [this](std::vector<group*> const& list) -> group* {
        auto const left_end = left_.begin() + fallbacks_;
        auto const found = std::find_if(list.begin(), list.end(), [&](group const* one) {
            return one != nullptr && one != in_ && std::find(left_.begin(), left_end, one) == left_end;
        });
        return found == list.end() ? nullptr : *found;
    };
    group* special = nullptr;
    if (after == error_kind::context_window_exceeded) {
        special = first_new(plan_.context_window);
    } else if (after == error_kind::content_policy_violation) {
        special = first_new(plan_.content_policy);
    }
    return special != nullptr ? special : first_new(plan_.fallbacks);
}

void call_machine::enter(group& next) noexcept
{
    left_[static_cast<std::size_t>(fallbacks_)] = in_;
    ++fallbacks_;
    in_ = &next;
    tried_ = {};
    retries_here_ = 0;
}

} // namespace cogate::policy
