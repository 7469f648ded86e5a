#include "lib/policy/simulation/driver.hpp"

#include "lib/core/hash.hpp"

#include <utility>

namespace cogate::policy::simulation {

request_traits traits_of(call const& from) noexcept
{
    request_traits traits;
    traits.prompt_tokens = from.prompt_tokens;
    traits.affinity = from.affinity;
    traits.stream = from.stream;
    return traits;
}

void driver::plan(duration at, happening::kind what, std::size_t subject, std::uint64_t round)
{
    ahead_.push({at, order_++, what, subject, round});
}

report driver::run()
{
    for (scripted_lane const& one : from_.lanes) {
        report_.lanes.push_back({one.id});
    }
    report_.each_call.resize(from_.calls.size());
    calls_.resize(from_.calls.size());
    for (std::size_t i = 0; i != from_.calls.size(); ++i) {
        report_.each_call[i].at = from_.calls[i].at;
        plan(from_.calls[i].at, happening::kind::arrival, i);
    }
    while (!ahead_.empty()) {
        happening const next = ahead_.top();
        ahead_.pop();
        happen(next);
    }
    summarise(report_);
    return std::move(report_);
}

void driver::happen(happening const& now)
{
    using kind = happening::kind;
    switch (now.what) {
    case kind::arrival: return arrive(now.subject, now.at);
    case kind::first_token: return first_token(now.subject, now.at);
    case kind::finish: return finish(now.subject, now.at);
    case kind::failure: return failure(now.subject, now.at);
    case kind::timer:
        if (calls_[now.subject].timer_round == now.round) {
            resume(now.subject, call_event::kind::timer, now.at);
        }
        return;
    case kind::deadline: return resume(now.subject, call_event::kind::expired, now.at);
    case kind::patience:
        if (calls_[now.subject].queued && calls_[now.subject].queue_round == now.round) {
            calls_[now.subject].queued = false;
            resume(now.subject, call_event::kind::expired, now.at);
        }
        return;
    case kind::room: return room(now.subject, now.at);
    }
}

void driver::arrive(std::size_t call, duration now)
{
    calls_[call].machine = std::make_unique<call_machine>(
        world_.find(from_.calls[call].group)->plan, traits_of(from_.calls[call]),
        beginning + now + from_.call_timeout, core::mix64(from_.seed ^ (call + 1)));
    plan(now + from_.call_timeout, happening::kind::deadline, call);
    resume(call, call_event::kind::start, now);
}

void driver::first_token(std::size_t attempt, duration now)
{
    if (!attempts_[attempt].alive) {
        return;
    }
    attempt_result& record = report_.each_attempt[attempt];
    call const& asked = from_.calls[record.call];
    record.first_token = now - record.began;
    lane& at = world_.at(record.lane);
    at.first_token(beginning + now, record.first_token, traits_of(asked));
    if (attempts_[attempt].will.quota) {
        at.quota(beginning + now, *attempts_[attempt].will.quota);
    }
    if (asked.stream) {
        call_event event;
        event.what = call_event::kind::content;
        event.attempt = attempts_[attempt].number;
        resume(record.call, event, now);
    }
}

void driver::finish(std::size_t attempt, duration now)
{
    if (!attempts_[attempt].alive) {
        return;
    }
    std::size_t const call = report_.each_attempt[attempt].call;
    end(attempt, attempt_result::end::answered, now);
    if (from_.calls[call].stream) {
        report_.each_call[call].total = now - from_.calls[call].at;
        return;
    }
    call_event event;
    event.what = call_event::kind::content;
    event.attempt = attempts_[attempt].number;
    resume(call, event, now);
}

void driver::failure(std::size_t attempt, duration now)
{
    if (!attempts_[attempt].alive) {
        return;
    }
    fate const& will = attempts_[attempt].will;
    attempt_result& record = report_.each_attempt[attempt];
    record.error = will.answers || will.hangs ? error_kind::timeout : will.error;
    if (will.quota && !will.answers) {
        world_.at(record.lane).quota(beginning + now, *will.quota);
    }
    end(attempt, attempt_result::end::failed, now);
    call_event event;
    event.what = call_event::kind::failed;
    event.attempt = attempts_[attempt].number;
    event.error = record.error;
    event.retryable = is_retryable(record.error);
    event.retry_after = will.retry_after;
    resume(record.call, event, now);
}

// One lane has one place more: the longest waiting call of its group may look.
void driver::room(std::size_t lane, duration now)
{
    std::deque<std::size_t>& waiting = world_.of_lane(lane).waiting;
    while (!waiting.empty()) {
        std::size_t const next = waiting.front();
        waiting.pop_front();
        if (calls_[next].queued) {
            calls_[next].queued = false;
            from_queue_ = true;
            resume(next, call_event::kind::room, now);
            from_queue_ = false;
            return;
        }
    }
}

} // namespace cogate::policy::simulation
