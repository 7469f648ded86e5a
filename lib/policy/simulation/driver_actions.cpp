#include "lib/policy/simulation/driver.hpp"

#include <algorithm>
#include <deque>
#include <optional>

namespace cogate::policy::simulation {

void driver::resume(std::size_t call, call_event::kind what, duration now)
{
    call_event event;
    event.what = what;
    resume(call, event, now);
}

void driver::resume(std::size_t call, call_event event, duration now)
{
    running_call& live = calls_[call];
    if (!live.machine) {
        return;
    }
    event.now = beginning + now;
    for (call_action const& next : live.machine->resume(event)) {
        switch (next.what) {
        case call_action::kind::begin: begin(call, next, now); break;
        case call_action::kind::cancel:
            end(live.attempts[next.attempt], attempt_result::end::cancelled, now);
            break;
        case call_action::kind::timer:
            ++live.timer_round;
            if (next.when != time_point::max()) {
                plan(next.when - beginning, happening::kind::timer, call, live.timer_round);
            }
            break;
        case call_action::kind::queue: enqueue(call, next, now); break;
        case call_action::kind::deliver:
            report_.each_call[call].ok = true;
            report_.each_call[call].first_token = now - from_.calls[call].at;
            report_.each_call[call].total = now - from_.calls[call].at;
            break;
        case call_action::kind::fail: fail(call, next, now); break;
        }
    }
    if (live.machine->over()) {
        report_.each_call[call].attempts = live.machine->attempts();
        report_.each_call[call].retries = live.machine->retries();
        report_.each_call[call].fallbacks = live.machine->fallbacks();
        live.machine.reset();
        live.queued = false;
    }
}

void driver::begin(std::size_t call, call_action const& how, duration now)
{
    std::size_t const lane = how.deployment;
    int const others = world_.at(lane).pending() - 1;
    running_attempt next;
    next.number = how.attempt;
    next.will = world_.script_of(lane).meet(from_.calls[call], call, how.attempt, others, now);
    attempt_result record;
    record.call = call;
    record.lane = lane;
    record.reason = how.reason;
    record.began = now;
    std::size_t const index = attempts_.size();
    if (next.will.hangs || (next.will.answers && next.will.first_token > from_.first_token_timeout)) {
        plan(now + from_.first_token_timeout, happening::kind::failure, index);
    } else if (next.will.answers) {
        plan(now + next.will.first_token, happening::kind::first_token, index);
        plan(now + next.will.total, happening::kind::finish, index);
    } else {
        plan(now + next.will.total, happening::kind::failure, index);
    }
    attempts_.push_back(next);
    report_.each_attempt.push_back(record);
    calls_[call].attempts.push_back(index);
    calls_[call].queued = false;
}

void driver::enqueue(std::size_t call, call_action const& how, duration now)
{
    running_call& live = calls_[call];
    std::deque<std::size_t>& waiting = world_.of(*how.in).waiting;
    if (live.queued && live.queued_in == how.in) {
        return; // a rest was over, and there is no room all the same
    }
    live.queued = true;
    live.queued_in = how.in;
    if (from_queue_) {
        waiting.push_front(call);
        return;
    }
    ++live.queue_round;
    bool const too_many =
        waiting.size() >= static_cast<std::size_t>(std::max(0, from_.options.admission.queue));
    duration const patience = too_many ? duration{} : from_.options.admission.queue_time;
    waiting.push_back(call);
    plan(now + patience, happening::kind::patience, call, live.queue_round);
}

void driver::end(std::size_t attempt, attempt_result::end how, duration now)
{
    attempt_result& record = report_.each_attempt[attempt];
    call const& asked = from_.calls[record.call];
    fate const& will = attempts_[attempt].will;
    duration const spent = now - record.began;
    attempts_[attempt].alive = false;
    record.ended = now;
    record.how = how;
    double share = will.answers ? 1 : 0;
    if (will.answers && spent < will.total) {
        duration const stream = will.total - will.first_token;
        share = spent <= will.first_token || stream == duration{}
                    ? 0
                    : std::chrono::duration<double>(spent - will.first_token) /
                          std::chrono::duration<double>(stream);
    }
    record.nano_usd = will.answers ? cost_of(record, share) : 0;

    attempt_outcome outcome;
    outcome.ok = how == attempt_result::end::answered;
    outcome.cancelled = how == attempt_result::end::cancelled;
    outcome.error = record.error;
    outcome.retry_after = outcome.ok || outcome.cancelled ? std::nullopt : will.retry_after;
    outcome.prompt_tokens = asked.prompt_tokens;
    outcome.completion_tokens = static_cast<std::uint32_t>(share * asked.completion_tokens);
    outcome.first_token = record.first_token;
    outcome.total = spent;
    world_.at(record.lane).end(beginning + now, outcome, traits_of(asked));
    plan(now, happening::kind::room, record.lane);
}

void driver::fail(std::size_t call, call_action const& why, duration now)
{
    call_result& record = report_.each_call[call];
    record.total = now - from_.calls[call].at;
    if (why.none) {
        record.error = why.none->what == pick::kind::too_small ? error_kind::context_window_exceeded
                                                               : error_kind::rate_limit;
        return;
    }
    bool const asked = !calls_[call].attempts.empty();
    attempt_result const* const last =
        asked ? &report_.each_attempt[calls_[call].attempts[why.attempt]] : nullptr;
    bool const failed = last != nullptr && last->how == attempt_result::end::failed;
    record.error = failed ? last->error : error_kind::timeout;
}

// A prompt is paid for whole, an answer as far as it was written.
std::int64_t driver::cost_of(attempt_result const& of, double share) const noexcept
{
    lane_limits const& price = from_.lanes[of.lane].limits;
    call const& asked = from_.calls[of.call];
    auto const written = static_cast<std::int64_t>(share * asked.completion_tokens);
    return (price.input_cost.value_or(0) * asked.prompt_tokens + price.output_cost.value_or(0) * written) /
           1'000'000;
}

} // namespace cogate::policy::simulation
