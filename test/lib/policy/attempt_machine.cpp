#include "lib/policy/attempt_machine.hpp"

#include <boost/test/unit_test.hpp>

#include <array>

namespace {

using cogate::policy::attempt_action;
using cogate::policy::attempt_event;
using cogate::policy::attempt_machine;
using event_kind = attempt_event::kind;
using action_kind = attempt_action::kind;

attempt_event lost(bool reused, std::uint64_t bytes)
{
    return {event_kind::failed, true, reused, bytes};
}

} // namespace

BOOST_AUTO_TEST_SUITE(policy_attempt_machine)

BOOST_AUTO_TEST_CASE(an_answered_attempt_is_delivered)
{
    attempt_machine m{7};
    BOOST_TEST((m.resume({}) == attempt_action{action_kind::attempt, 7, false}));
    BOOST_TEST((m.resume({event_kind::answered}) == attempt_action{action_kind::deliver, 7, false}));
    BOOST_TEST(m.attempts() == 1);
}

BOOST_AUTO_TEST_CASE(a_closed_idle_connection_is_tried_once_more_on_a_new_one)
{
    attempt_machine m{0};
    m.resume({});
    BOOST_TEST((m.resume(lost(true, 0)) == attempt_action{action_kind::attempt, 0, true}));
    BOOST_TEST((m.resume(lost(true, 0)).what == action_kind::fail));
    BOOST_TEST(m.attempts() == 2);
}

BOOST_AUTO_TEST_CASE(nothing_else_is_tried_again)
{
    for (attempt_event const& event :
         {lost(false, 0), lost(true, 1), attempt_event{event_kind::failed},
          attempt_event{event_kind::failed, false, true, 0}, attempt_event{event_kind::cancelled}}) {
        attempt_machine m{0};
        m.resume({});
        BOOST_TEST((m.resume(event).what == action_kind::fail));
        BOOST_TEST(m.attempts() == 1);
    }
}

BOOST_AUTO_TEST_CASE(every_order_of_events_gives_at_most_one_delivery_and_two_attempts)
{
    std::array<attempt_event, 6> const events{attempt_event{}, attempt_event{event_kind::answered},
                                              lost(true, 0),   lost(false, 0),
                                              lost(true, 5),   attempt_event{event_kind::cancelled}};
    std::size_t orders = 0;
    for (std::size_t code = 0; code != 6 * 6 * 6 * 6 * 6 * 6; ++code) {
        attempt_machine m{0};
        int delivered = 0;
        int attempts = 0;
        bool over = false;
        std::size_t rest = code;
        for (int step = 0; step != 6; ++step, rest /= 6) {
            attempt_action const action = m.resume(events[rest % 6]);
            // once the call is over or delivered, no event may begin anything
            if (over) {
                BOOST_REQUIRE(action.what == action_kind::fail);
            }
            delivered += action.what == action_kind::deliver;
            attempts += action.what == action_kind::attempt;
            over = over || action.what != action_kind::attempt;
        }
        BOOST_REQUIRE(delivered <= 1);
        BOOST_REQUIRE(attempts <= 2);
        BOOST_REQUIRE(attempts == m.attempts());
        ++orders;
    }
    BOOST_TEST(orders == 46656u);
}

BOOST_AUTO_TEST_SUITE_END()
