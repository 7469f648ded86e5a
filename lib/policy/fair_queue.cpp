#include "lib/policy/fair_queue.hpp"

#include <algorithm>

namespace cogate::policy {

fair_queue::entry fair_queue::enter(call_priority priority)
{
    entry out;
    if (size() >= capacity_) {
        line& batch = of(call_priority::batch);
        if (priority == call_priority::batch || batch.empty()) {
            return out;
        }
        out.shed = batch.back().number;
        batch.pop_back();
    }
    out.mine = ++last_;
    of(priority).push_back({last_});
    return out;
}

std::optional<fair_queue::ticket> fair_queue::call_next()
{
    auto const first_of = [](line& from) {
        return std::find_if(from.begin(), from.end(), [](waiting const& one) { return !one.called; });
    };
    line& interactive = of(call_priority::interactive);
    line& batch = of(call_priority::batch);
    auto const one = first_of(interactive);
    auto const other = first_of(batch);
    bool const batch_turn = other != batch.end() && (one == interactive.end() || in_a_row_ >= most_in_a_row);
    if (batch_turn) {
        in_a_row_ = 0;
        other->called = true;
        return other->number;
    }
    if (one == interactive.end()) {
        return std::nullopt;
    }
    ++in_a_row_;
    one->called = true;
    return one->number;
}

void fair_queue::call_again(ticket who) noexcept
{
    for (line& each : lines_) {
        for (waiting& one : each) {
            one.called = one.called && one.number != who;
        }
    }
}

void fair_queue::leave(ticket who) noexcept
{
    for (line& each : lines_) {
        std::erase_if(each, [who](waiting const& one) { return one.number == who; });
    }
}

} // namespace cogate::policy
