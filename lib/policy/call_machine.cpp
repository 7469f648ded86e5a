#include "lib/policy/call_machine.hpp"

#include "lib/core/hash.hpp"

#include <algorithm>

namespace cogate::policy {

std::string_view to_string(attempt_reason why) noexcept
{
    switch (why) {
    case attempt_reason::first: return "first";
    case attempt_reason::reconnect: return "reconnect";
    case attempt_reason::retry: return "retry";
    case attempt_reason::fallback: return "fallback";
    case attempt_reason::hedge: return "hedge";
    case attempt_reason::race: return "race";
    }
    return "";
}

call_machine::call_machine(call_plan const& plan, request_traits const& request, time_point deadline,
                           std::uint64_t seed, bool pinned) noexcept
    : plan_(plan), request_(request), deadline_(deadline), seed_(seed), in_(plan.first), pinned_(pinned)
{}

bool call_machine::over() const noexcept
{
    return phase_ == phase::over;
}

int call_machine::attempts() const noexcept
{
    return attempts_;
}

int call_machine::retries() const noexcept
{
    return retries_;
}

int call_machine::fallbacks() const noexcept
{
    return fallbacks_;
}

std::uint64_t call_machine::random() noexcept
{
    return core::mix64(seed_ += 0x9E3779B97F4A7C15u);
}

std::span<call_action const> call_machine::resume(call_event const& event)
{
    action_count_ = 0;
    if (phase_ == phase::over) {
        return {};
    }
    using kind = call_event::kind;
    switch (event.what) {
    case kind::start: start(event.now); break;
    case kind::content: content(event.attempt); break;
    case kind::failed: failed(event); break;
    case kind::timer: timer(event.now); break;
    case kind::room:
        if (phase_ == phase::queued) {
            try_again(event.now);
        }
        break;
    case kind::cancelled: fail(); break;
    case kind::expired: expired(event.now); break;
    }
    return {actions_.data(), action_count_};
}

void call_machine::start(time_point now)
{
    if (phase_ != phase::initial) {
        return;
    }
    plan_.first->budget().deposit(now);
    if (plan_.hedges && plan_.hedge.percentile) {
        plan_.hedges->deposit(now);
    }
    switch (try_begin(attempt_reason::first, {}, false, now)) {
    case search::begun:
        race(now);
        arm_hedge(now);
        return;
    case search::no_lane:
        if (none_->what == pick::kind::full) {
            return queue(attempt_reason::first);
        }
        if (none_->what == pick::kind::too_small) {
            last_error_ = error_kind::context_window_exceeded;
        }
        break;
    case search::no_budget:
    case search::too_late: break;
    }
    fall_back(last_error_, now);
}

void call_machine::content(attempt_number number)
{
    auto const end = running_.begin() + static_cast<std::ptrdiff_t>(running_count_);
    auto const winner =
        std::find_if(running_.begin(), end, [&](running const& r) { return r.number == number; });
    if (winner == end) {
        return;
    }
    std::swap(*winner, *(end - 1));
    --running_count_;
    cancel_all();
    phase_ = phase::over;
    act(call_action::kind::deliver).attempt = number;
}

void call_machine::failed(call_event const& event)
{
    auto const end = running_.begin() + static_cast<std::ptrdiff_t>(running_count_);
    auto const place =
        std::find_if(running_.begin(), end, [&](running const& r) { return r.number == event.attempt; });
    if (place == end) {
        return;
    }
    running const lost = *place;
    std::move(place + 1, end, place);
    --running_count_;
    unrepeatable_ = unrepeatable_ || event.unrepeatable;
    if (event.unused_connection && !lost.reconnected && !unrepeatable_ && reconnect(lost, event.now)) {
        return;
    }
    last_error_ = event.error;
    last_attempt_ = lost.number;
    last_deployment_ = lost.deployment;
    if (running_count_ != 0) {
        return;
    }
    set_timer(time_point::max());
    if (unrepeatable_ || event.error == error_kind::cancelled) {
        return fail();
    }
    if (!retry(event)) {
        fall_back(event.error, event.now);
    }
}

void call_machine::timer(time_point now)
{
    if (timer_ == time_point::max()) {
        return;
    }
    timer_ = time_point::max();
    if (phase_ == phase::waiting || phase_ == phase::queued) {
        try_again(now);
    } else if (phase_ == phase::running) {
        hedge(now);
    }
}

void call_machine::expired(time_point now)
{
    // before the deadline it is the queue that has no more patience
    if (phase_ == phase::queued && now < deadline_) {
        return fall_back(last_error_, now);
    }
    fail();
}

call_action& call_machine::act(call_action::kind what)
{
    call_action& next = actions_[action_count_++];
    next = {};
    next.what = what;
    next.in = in_;
    return next;
}

void call_machine::set_timer(time_point when)
{
    if (timer_ != when) {
        timer_ = when;
        act(call_action::kind::timer).when = when;
    }
}

void call_machine::queue(attempt_reason why)
{
    phase_ = phase::queued;
    next_reason_ = why;
    act(call_action::kind::queue).reason = why;
    // nobody tells of the end of a rest
    set_timer(none_->ready_at == time_point{} ? time_point::max() : none_->ready_at);
}

void call_machine::cancel_all()
{
    for (std::size_t i = 0; i != running_count_; ++i) {
        call_action& one = act(call_action::kind::cancel);
        one.attempt = running_[i].number;
        one.deployment = running_[i].deployment;
        last_attempt_ = running_[i].number;
    }
    running_count_ = 0;
}

void call_machine::fail()
{
    cancel_all();
    phase_ = phase::over;
    call_action& last = act(call_action::kind::fail);
    last.attempt = last_attempt_;
    last.deployment = last_deployment_;
    last.too_late = too_late_;
    if (attempts_ == 0) {
        last.none = soonest_ ? soonest_ : none_;
    }
}

} // namespace cogate::policy
