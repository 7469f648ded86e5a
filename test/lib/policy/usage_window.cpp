#include "lib/policy/usage_window.hpp"
#include "test/common/seeded.hpp"

#include <boost/test/unit_test.hpp>

#include <vector>

namespace {

using namespace std::chrono_literals;
using cogate::policy::time_point;
using cogate::policy::usage_window;

} // namespace

BOOST_AUTO_TEST_SUITE(policy_usage_window)

BOOST_AUTO_TEST_CASE(what_was_added_counts_for_a_minute)
{
    usage_window w;
    BOOST_TEST(w.sum(time_point{1'000s}) == 0);
    w.add(time_point{1'000s}, 5);
    w.add(time_point{1'030s}, 7);
    BOOST_TEST(w.sum(time_point{1'030s}) == 12);
    BOOST_TEST(w.sum(time_point{1'060s}) == 12);
    BOOST_TEST(w.sum(time_point{1'061s}) == 7);
    BOOST_TEST(w.sum(time_point{1'091s}) == 0);
    BOOST_TEST(w.sum(time_point{9'000s}) == 0);
}

BOOST_AUTO_TEST_CASE(it_says_when_there_is_room)
{
    usage_window w;
    w.add(time_point{1'000s}, 5);
    w.add(time_point{1'010s}, 7);
    time_point const now{1'020s};
    BOOST_TEST((w.free_at(now, 12) == now));
    BOOST_TEST((w.free_at(now, 7) == time_point{1'061s}));
    BOOST_TEST((w.free_at(now, 6) == time_point{1'071s}));
    BOOST_TEST(w.sum(w.free_at(now, 6)) == 0);
}

BOOST_AUTO_TEST_CASE(it_agrees_with_a_list_of_all_that_came)
{
    cogate::test::seeded random(3);
    usage_window w;
    std::vector<std::pair<std::int64_t, std::int64_t>> all;
    std::int64_t second = 500;
    for (int i = 0; i != 5'000; ++i) {
        second += random.one_in(50) ? static_cast<std::int64_t>(random.below(150))
                                    : static_cast<std::int64_t>(random.below(3));
        auto const amount = static_cast<std::int64_t>(random.below(100));
        w.add(time_point(std::chrono::seconds(second)), amount);
        all.emplace_back(second, amount);
        std::int64_t const later = second + static_cast<std::int64_t>(random.below(70));
        std::int64_t expected = 0;
        for (auto const& [when, what] : all) {
            expected += later - when <= 60 ? what : 0;
        }
        BOOST_REQUIRE_EQUAL(w.sum(time_point(std::chrono::seconds(later))), expected);
    }
}

BOOST_AUTO_TEST_CASE(a_clock_seen_late_by_another_thread_does_no_harm)
{
    usage_window w;
    w.add(time_point{1'000s}, 5);
    w.add(time_point{990s}, 5);
    BOOST_TEST(w.sum(time_point{1'000s}) == 10);
    BOOST_TEST(w.sum(time_point{1'061s}) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
