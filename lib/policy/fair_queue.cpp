#include "lib/policy/fair_queue.hpp"

#include <algorithm>
#include <iterator>

namespace cogate::policy {

fair_queue::entry fair_queue::enter(call_priority priority)
{
    entry out;
    if (size() >= capacity_) {
        line& batch = of(call_priority::batch);
        auto const last =
            std::find_if(batch.rbegin(), batch.rend(), [](waiting const& one) { return !one.called; });
        if (priority == call_priority::batch || last == batch.rend()) {
            return out;
        }
        out.shed = last->number;
        batch.erase(std::next(last).base());
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
            if (one.number == who && one.called) {
                one.called = false;
                // no place was had, so its class's turn stands
                in_a_row_ = &each == &of(call_priority::batch) ? most_in_a_row : std::max(in_a_row_ - 1, 0);
            }
        }
    }
}

bool fair_queue::leave(ticket who) noexcept
{
    for (line& each : lines_) {
        auto const place =
            std::find_if(each.begin(), each.end(), [who](waiting const& one) { return one.number == who; });
        if (place != each.end()) {
            bool const called = place->called;
            each.erase(place);
            return called;
        }
    }
    return false;
}

} // namespace cogate::policy
