#include "lib/policy/attempt_machine.hpp"

namespace cogate::policy {

attempt_action attempt_machine::begin(state next, bool fresh) noexcept
{
    state_ = next;
    ++attempts_;
    return {attempt_action::kind::attempt, chosen_, fresh};
}

attempt_action attempt_machine::end(attempt_action::kind what, state next) noexcept
{
    state_ = next;
    return {what, chosen_, false};
}

attempt_action attempt_machine::resume(attempt_event const& event) noexcept
{
    using kind = attempt_event::kind;
    bool const in_attempt = state_ == state::first_attempt || state_ == state::second_attempt;
    switch (event.what) {
    case kind::start:
        if (state_ == state::initial) {
            return begin(state::first_attempt, false);
        }
        break;
    case kind::answered:
        if (in_attempt) {
            return end(attempt_action::kind::deliver, state::delivering);
        }
        break;
    case kind::failed:
        if (state_ == state::first_attempt && event.connection_lost && event.reused &&
            event.bytes_received == 0) {
            return begin(state::second_attempt, true);
        }
        break;
    case kind::cancelled: break;
    }
    return end(attempt_action::kind::fail, state::over);
}

} // namespace cogate::policy
