#include "lib/policy/call_machine.hpp"

#include <algorithm>
#include <limits>

namespace cogate::policy {

namespace {

// Bounded: clients may ask for any number of tokens.
std::int64_t cost_of(std::int64_t price, std::int64_t tokens) noexcept
{
    constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max() / 2;
    if (price <= 0 || tokens <= 0) {
        return 0;
    }
    return tokens > most / price ? most : price * tokens;
}

// What a hedge that loses may cost: its prompt, and for an answer that comes whole also that answer.
std::optional<std::int64_t> hedge_cost(lane_limits const& price, request_traits const& request) noexcept
{
    constexpr std::int64_t million = 1'000'000;
    constexpr std::int64_t usual_answer = 512;
    if (!price.input_cost || !price.output_cost) {
        return std::nullopt;
    }
    std::int64_t const asked = request.max_output_tokens == 0 ? usual_answer : request.max_output_tokens;
    std::int64_t const answer = request.stream ? 0 : asked;
    return (cost_of(*price.input_cost, request.prompt_tokens) + cost_of(*price.output_cost, answer)) /
           million;
}

} // namespace

void call_machine::tried::add(deployment_index one) noexcept
{
    if (count != at.size() && !has(one)) {
        at[count++] = one;
    }
}

bool call_machine::tried::has(deployment_index one) const noexcept
{
    return std::find(at.begin(), at.begin() + static_cast<std::ptrdiff_t>(count), one) !=
           at.begin() + static_cast<std::ptrdiff_t>(count);
}

void call_machine::race(time_point now)
{
    int const lanes = request_.repeatable ? std::min(plan_.race, static_cast<int>(max_running)) : 1;
    while (static_cast<int>(running_count_) < lanes &&
           try_begin(attempt_reason::race, tried_, true, now) == search::begun) {
    }
}

void call_machine::hedge(time_point now)
{
    if (running_count_ == 1) {
        try_begin(attempt_reason::hedge, tried_, true, now);
    }
}

// Only a lone attempt is hedged, and only once its lane's usual time is known.
void call_machine::arm_hedge(time_point now)
{
    if (!plan_.hedge.percentile || !plan_.hedges || !request_.repeatable || running_count_ != 1 ||
        in_->members().size() < 2) {
        return set_timer(time_point::max());
    }
    lane const& at = *running_[0].live;
    std::optional<duration> const usual = at.first_token_percentile(*plan_.hedge.percentile, request_, now);
    if (!usual) {
        return set_timer(time_point::max());
    }
    duration const delay = std::max<duration>(*usual, plan_.hedge.min_delay);
    set_timer(now >= deadline_ || delay >= deadline_ - now ? time_point::max() : now + delay);
}

// The same deployment over a new connection; the hedge's timer runs on.
bool call_machine::reconnect(running const& lost, time_point now)
{
    pick const same{pick::kind::found, lost.deployment, 0, false, now};
    return in_time(*lost.live, now) && begin(attempt_reason::reconnect, same, *lost.live, true, now);
}

pick call_machine::look(std::span<deployment_index const> avoid, bool apart, time_point now) noexcept
{
    pick found;
    if (pinned_ && in_ == plan_.first && !in_->members().empty()) {
        found = {pick::kind::found, in_->members().front().deployment, 0, false, now};
    } else {
        found = in_->choose(request_, avoid, apart, now, random());
    }
    if (found.what == pick::kind::found &&
        std::find(avoid.begin(), avoid.end(), found.deployment) != avoid.end()) {
        found.what = pick::kind::excluded;
    }
    return found;
}

// Looks for a lane that is not in `avoid` and begins an attempt there.
call_machine::search call_machine::try_begin(attempt_reason why, tried avoid, bool apart, time_point now)
{
    if (attempts_ == max_attempts || running_count_ == max_running) {
        return search::no_budget;
    }
    bool slow = false;
    bool taken = false;
    while (avoid.count != avoid.at.size()) {
        pick const found = look(avoid.all(), apart, now);
        if (found.what != pick::kind::found) {
            if (slow) {
                break;
            }
            // what was taken just now by another call is full, not tried
            no_lane(taken && found.what == pick::kind::excluded ? pick{pick::kind::full} : found);
            return search::no_lane;
        }
        avoid.add(found.deployment);
        lane* const at = lane_of(found.deployment);
        if (at == nullptr || (why == attempt_reason::hedge && found.probe)) {
            continue;
        }
        if (!in_time(*at, now)) {
            slow = true;
            continue;
        }
        if (!pay(why, *at, now)) {
            return search::no_budget;
        }
        if (begin(why, found, *at, false, now)) {
            return search::begun;
        }
        taken = true;
    }
    too_late_ = slow;
    if (slow) {
        return search::too_late;
    }
    no_lane({taken ? pick::kind::full : pick::kind::excluded});
    return search::no_lane;
}

// Lanes not tried before first, then all but the last, then that one.
call_machine::search call_machine::try_any(attempt_reason why, time_point now)
{
    tried last;
    last.add(last_deployment_);
    for (tried const& avoid : {tried_, last, tried{}}) {
        search const found = try_begin(why, avoid, false, now);
        if (found != search::no_lane || none_->what != pick::kind::excluded) {
            return found;
        }
    }
    return search::no_lane;
}

bool call_machine::begin(attempt_reason why, pick const& where, lane& at, bool reconnected, time_point now)
{
    if (attempts_ == max_attempts || !at.begin(now, request_)) {
        return false;
    }
    auto const number = static_cast<attempt_number>(attempts_++);
    if (why == attempt_reason::retry) {
        ++retries_;
        ++retries_here_;
    }
    paid_ = false;
    too_late_ = false;
    phase_ = phase::running;
    last_attempt_ = number;
    tried_.add(where.deployment);
    running_[running_count_++] = {number, where.deployment, &at, reconnected};
    call_action& next = act(call_action::kind::begin);
    next.attempt = number;
    next.deployment = where.deployment;
    next.reason = why;
    next.score = where.score;
    return true;
}

// Draws an extra attempt, once per attempt however many lanes are looked at.
bool call_machine::pay(attempt_reason why, lane const& at, time_point now)
{
    if (attempts_ == 0 || why == attempt_reason::race) {
        return true;
    }
    if (why == attempt_reason::hedge && !plan_.hedges->withdraw(now, hedge_cost(at.limits(), request_))) {
        return false;
    }
    paid_ = paid_ || plan_.first->budget().withdraw(now);
    return paid_;
}

// Of several groups without a lane, the one that is back soonest is told to the caller.
void call_machine::no_lane(pick const& why) noexcept
{
    none_ = why;
    if (why.what == pick::kind::resting && (!soonest_ || why.ready_at < soonest_->ready_at)) {
        soonest_ = why;
    }
}

lane* call_machine::lane_of(deployment_index which) const noexcept
{
    auto const members = in_->members();
    auto const found = std::find_if(members.begin(), members.end(),
                                    [&](member const& one) { return one.deployment == which; });
    return found == members.end() ? nullptr : found->live;
}

bool call_machine::in_time(lane const& at, time_point now) const noexcept
{
    return now < deadline_ && at.predicted_first_token(request_, now) < deadline_ - now;
}

} // namespace cogate::policy
