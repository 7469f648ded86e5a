#include "lib/policy/fair_queue.hpp"

#include <boost/test/unit_test.hpp>

#include <vector>

using namespace cogate;
using policy::fair_queue;

BOOST_AUTO_TEST_SUITE(policy_fair_queue)

BOOST_AUTO_TEST_CASE(interactive_calls_go_first_in_the_order_of_arrival)
{
    fair_queue line(10);
    auto const batch = line.enter(call_priority::batch).mine;
    auto const first = line.enter(call_priority::interactive).mine;
    auto const second = line.enter(call_priority::interactive).mine;
    BOOST_TEST((line.call_next() == first));
    BOOST_TEST((line.call_next() == second));
    BOOST_TEST((line.call_next() == batch));
    BOOST_TEST(!line.call_next().has_value());
    BOOST_TEST(line.size() == 3U);
}

BOOST_AUTO_TEST_CASE(batch_does_not_starve)
{
    fair_queue line(1'000);
    auto const batch = line.enter(call_priority::batch).mine;
    int before = 0;
    for (;;) {
        line.enter(call_priority::interactive);
        auto const next = line.call_next();
        BOOST_TEST_REQUIRE(next.has_value());
        line.leave(*next);
        if (next == batch) {
            break;
        }
        ++before;
    }
    BOOST_TEST(before == 7);
}

BOOST_AUTO_TEST_CASE(a_full_queue_sheds_the_last_batch_call_for_an_interactive_one)
{
    fair_queue line(2);
    line.enter(call_priority::batch);
    auto const last = line.enter(call_priority::batch).mine;
    BOOST_TEST(!line.enter(call_priority::batch).mine.has_value());
    auto const came = line.enter(call_priority::interactive);
    BOOST_TEST(came.mine.has_value());
    BOOST_TEST((came.shed == last));
    BOOST_TEST(line.enter(call_priority::interactive).mine.has_value());
    BOOST_TEST(!line.enter(call_priority::interactive).mine.has_value());
    BOOST_TEST(line.size() == 2U);
}

BOOST_AUTO_TEST_CASE(who_found_no_place_keeps_its_turn)
{
    fair_queue line(4);
    auto const first = line.enter(call_priority::interactive).mine;
    auto const second = line.enter(call_priority::interactive).mine;
    BOOST_TEST((line.call_next() == first));
    line.call_again(*first);
    BOOST_TEST((line.call_next() == first));
    line.leave(*first);
    BOOST_TEST((line.call_next() == second));
}

BOOST_AUTO_TEST_CASE(who_was_called_is_not_shed)
{
    fair_queue line(2);
    auto const called = line.enter(call_priority::batch).mine;
    BOOST_TEST((line.call_next() == called));
    auto const other = line.enter(call_priority::batch).mine;
    BOOST_TEST((line.enter(call_priority::interactive).shed == other));
    BOOST_TEST(!line.enter(call_priority::interactive).mine.has_value());
    BOOST_TEST(line.leave(*called));
    BOOST_TEST(!line.leave(*other));
}

BOOST_AUTO_TEST_CASE(a_turn_without_a_place_is_not_a_turn)
{
    fair_queue line(1'000);
    auto const batch = line.enter(call_priority::batch).mine;
    for (int places = 0; places != 7; ++places) {
        auto const one = line.enter(call_priority::interactive).mine;
        for (int looks = 0; looks != 20; ++looks) { // in vain
            BOOST_TEST((line.call_next() == one));
            line.call_again(*one);
        }
        BOOST_TEST((line.call_next() == one));
        line.leave(*one);
    }
    line.enter(call_priority::interactive);
    for (int looks = 0; looks != 3; ++looks) {
        BOOST_TEST((line.call_next() == batch));
        line.call_again(*batch);
    }
    BOOST_TEST((line.call_next() == batch));
}

BOOST_AUTO_TEST_SUITE_END()
