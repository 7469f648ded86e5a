#include "test/lib/policy/lanes.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(policy_adaptive)

namespace {

using namespace cogate::policy;
using cogate::policy::test::lanes;
using cogate::policy::test::shares;
using namespace std::chrono_literals;

constexpr int times = 4'000;
// One decision in 64 looks at a drawn lane again.
constexpr int seldom = times / 50;

void seen_alike(lanes& of, std::size_t count, std::chrono::milliseconds total = 1'000ms)
{
    for (std::size_t i = 0; i != count; ++i) {
        for (int n = 0; n != 5; ++n) {
            of.answer(i, total);
        }
    }
    of.now += 5s;
}

} // namespace

BOOST_AUTO_TEST_CASE(
    the_faster_of_two_lanes_gets_the_requests_and_the_idle_other_one_is_looked_at_now_and_then)
{
    lanes of;
    of.add();
    of.add();
    for (int i = 0; i != 5; ++i) {
        of.answer(0, 1'000ms);
        of.answer(1, 3'000ms);
    }
    of.now += 5s;
    auto const share = shares(of, of.make_group("adaptive"), times);
    BOOST_TEST(share[1] > 0);
    BOOST_TEST(share[1] < seldom);
}

BOOST_AUTO_TEST_CASE(the_busiest_of_equal_lanes_never_wins)
{
    lanes of;
    for (int i = 0; i != 3; ++i) {
        of.add();
    }
    seen_alike(of, 3);
    // Ten under way here, one in each of the others.
    for (int i = 0; i != 10; ++i) {
        of[0].begin(of.now, of.request);
    }
    of[1].begin(of.now, of.request);
    of[2].begin(of.now, of.request);
    auto const share = shares(of, of.make_group("adaptive"), times);
    BOOST_TEST(share[0] == 0);
    BOOST_TEST(share[1] > times / 3);
    BOOST_TEST(share[2] > times / 3);
}

BOOST_AUTO_TEST_CASE(the_fastest_of_a_small_tier_is_never_overlooked)
{
    lanes of;
    for (std::size_t i = 0; i != 16; ++i) {
        of.add();
        for (int n = 0; n != 5; ++n) {
            of.answer(i, i == 11 ? 1'000ms : 3'000ms);
        }
    }
    of.now += 5s;
    BOOST_TEST(shares(of, of.make_group("adaptive"), times)[11] > times - seldom);
}

BOOST_AUTO_TEST_CASE(two_of_a_larger_tier_are_drawn)
{
    lanes of;
    for (std::size_t i = 0; i != 20; ++i) {
        of.add();
        for (int n = 0; n != 5; ++n) {
            of.answer(i, i == 11 ? 1'000ms : 3'000ms);
        }
    }
    of.now += 5s;
    int const share = shares(of, of.make_group("adaptive"), times)[11];
    // One of two different ones of twenty.
    BOOST_TEST(share > times / 10 - 100);
    BOOST_TEST(share < times / 10 + 100);
}

BOOST_AUTO_TEST_CASE(what_is_under_way_makes_a_lane_worse_the_more_so_the_idler_the_others_are)
{
    lanes of;
    of.add();
    of.add();
    for (int i = 0; i != 5; ++i) {
        of.answer(0, 1'000ms);
        of.answer(1, 1'500ms);
    }
    of.now += 5s;
    auto const in_group = of.make_group("adaptive");
    for (int i = 0; i != 8; ++i) {
        of[0].begin(of.now, of.request);
    }
    // 1 + 8 / (16 + 1.5 * 4) < 1.5
    BOOST_TEST(shares(of, in_group, times)[1] < seldom);
    for (int i = 0; i != 12; ++i) {
        of[0].begin(of.now, of.request);
    }
    // 1 + 20 / (16 + 1.5 * 10) > 1.5
    BOOST_TEST(shares(of, in_group, times)[0] == 0);
    for (int i = 0; i != 12; ++i) {
        of[1].begin(of.now, of.request);
    }
    // (1 + 20 / 40) < 1.5 * (1 + 12 / 40)
    BOOST_TEST(shares(of, in_group, times)[1] == 0);
}

BOOST_AUTO_TEST_CASE(many_calls_at_once_spread_by_speed)
{
    lanes of;
    for (std::size_t i = 0; i != 4; ++i) {
        of.add();
        for (int n = 0; n != 5; ++n) {
            of.answer(i, i == 0 ? 1'000ms : 1'300ms);
        }
    }
    of.now += 5s;
    auto const in_group = of.make_group("adaptive");
    cogate::test::seeded random(6);
    for (int i = 0; i != 400; ++i) {
        of[in_group.choose(of.request, {}, false, of.now, random()).deployment].begin(of.now, of.request);
    }
    BOOST_TEST(of[0].pending() > 120);
    BOOST_TEST(of[0].pending() < 220);
    for (std::size_t i = 1; i != 4; ++i) {
        BOOST_TEST(of[i].pending() > 50);
    }
}

BOOST_AUTO_TEST_CASE(a_lane_with_thrice_the_room_or_the_weight_bears_thrice_as_much)
{
    for (bool const by_weight : {false, true}) {
        lanes of({.admission = {.kind = cogate::admission_options::limit::fixed}});
        of.add({.weight = by_weight ? 1.0 : 0.0, .max_parallel = by_weight ? 90 : 30});
        of.add({.weight = by_weight ? 3.0 : 0.0, .max_parallel = 90});
        seen_alike(of, 2);
        of[0].begin(of.now, of.request);
        auto const in_group = of.make_group("adaptive");
        for (int i = 0; i != 2; ++i) {
            of[1].begin(of.now, of.request);
        }
        BOOST_TEST(shares(of, in_group, times)[1] == times);
        for (int i = 0; i != 2; ++i) {
            of[1].begin(of.now, of.request);
        }
        BOOST_TEST(shares(of, in_group, times)[1] == 0);
    }
}

BOOST_AUTO_TEST_CASE(errors_and_a_quota_that_runs_out_make_a_lane_worse)
{
    lanes failing;
    failing.add();
    failing.add();
    for (int i = 0; i != 4; ++i) {
        failing.answer(0, 1'000ms);
        failing.answer(1, 1'000ms);
    }
    failing[0].begin(failing.now, failing.request);
    failing[0].end(failing.now, {.error = cogate::error_kind::internal_server}, failing.request);
    failing.now += 2s;
    BOOST_TEST(shares(failing, failing.make_group("adaptive"), times)[0] < seldom);

    lanes poor;
    poor.add();
    poor.add();
    seen_alike(poor, 2);
    poor[0].quota(poor.now, {.requests_left = 50, .request_limit = 1'000, .requests_reset = 60s});
    BOOST_TEST(shares(poor, poor.make_group("adaptive"), times)[0] < seldom);
}

BOOST_AUTO_TEST_CASE(an_unseen_lane_gets_one_request_and_no_more_until_the_answer_while_others_have_room)
{
    lanes of;
    of.add();
    of.add();
    of.answer(0, 1'000ms);
    of.now += 5s;
    auto const in_group = of.make_group("adaptive");
    BOOST_TEST(shares(of, in_group, 100)[1] == 100);
    of[1].begin(of.now, of.request);
    BOOST_TEST(shares(of, in_group, times)[0] == times);
    for (int i = 0; i != 10; ++i) {
        of[0].begin(of.now, of.request);
    }
    BOOST_TEST(shares(of, in_group, times)[0] == times);
}

BOOST_AUTO_TEST_CASE(a_cold_start_spreads)
{
    lanes of;
    for (int i = 0; i != 4; ++i) {
        of.add();
    }
    auto const in_group = of.make_group("adaptive");
    cogate::test::seeded random(5);
    for (int i = 0; i != 40; ++i) {
        of[in_group.choose(of.request, {}, false, of.now, random()).deployment].begin(of.now, of.request);
    }
    for (auto const& one : of.all) {
        BOOST_TEST(one->pending() >= 8);
        BOOST_TEST(one->pending() <= 12);
    }
}

BOOST_AUTO_TEST_SUITE_END()
