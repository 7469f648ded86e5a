#include "lib/policy/concurrency_limit.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <limits>

namespace {

using namespace std::chrono_literals;
using cogate::admission_options;
using cogate::policy::concurrency_limit;
using cogate::policy::time_point;
using limit = admission_options::limit;

constexpr time_point start{100s};

admission_options adaptive(int least = 4, int most = 1'000)
{
    admission_options out;
    out.kind = limit::adaptive;
    out.adaptive_min = least;
    out.adaptive_max = most;
    return out;
}

/// A deployment that serves `capacity` at once and makes the others wait; as many calls as the limit lets in.
int settle(concurrency_limit& l, double capacity, int windows)
{
    time_point now = start;
    for (int i = 0; i != windows * 10; ++i) {
        now += 20ms;
        int const pending = l.current();
        l.sample(now, 0.5 * std::max(1.0, pending / capacity), pending);
    }
    return l.current();
}

} // namespace

BOOST_AUTO_TEST_SUITE(policy_concurrency_limit)

BOOST_AUTO_TEST_CASE(fixed_limits)
{
    int const none = std::numeric_limits<int>::max();
    admission_options options;
    BOOST_TEST(concurrency_limit(options, {}).current() == none);
    BOOST_TEST(concurrency_limit(options, 7).current() == 7);
    BOOST_TEST(concurrency_limit(options, 0).current() == none);
    options.fixed = 9;
    BOOST_TEST(concurrency_limit(options, {}).current() == none);
    options.kind = limit::fixed;
    BOOST_TEST(concurrency_limit(options, {}).current() == 9);
    BOOST_TEST(concurrency_limit(options, 30).current() == 30);
    concurrency_limit l(options, 7);
    l.drop(start, start);
    l.sample(start, 1, 7);
    BOOST_TEST(l.current() == 7);
}

BOOST_AUTO_TEST_CASE(it_starts_within_its_bounds)
{
    BOOST_TEST(concurrency_limit(adaptive(), {}).current() == 20);
    BOOST_TEST(concurrency_limit(adaptive(50), {}).current() == 50);
    BOOST_TEST(concurrency_limit(adaptive(4, 8), {}).current() == 8);
    BOOST_TEST(concurrency_limit(adaptive(), 6).current() == 6);
    BOOST_TEST(concurrency_limit(adaptive(0, 0), {}).current() == 1);
}

BOOST_AUTO_TEST_CASE(it_grows_while_times_stay_and_it_is_used)
{
    concurrency_limit l(adaptive(4, 200), {});
    BOOST_TEST(settle(l, 1e9, 200) == 200);
    concurrency_limit idle(adaptive(), {});
    for (int i = 0; i != 1'000; ++i) {
        idle.sample(start + i * 20ms, 0.5, 2);
    }
    BOOST_TEST(idle.current() == 20);
}

BOOST_AUTO_TEST_CASE(it_settles_where_times_begin_to_grow)
{
    concurrency_limit l(adaptive(), {});
    int const settled = settle(l, 60, 60);
    BOOST_TEST(settled > 60);
    BOOST_TEST(settled < 180);
}

BOOST_AUTO_TEST_CASE(times_that_double_and_more_bring_it_down)
{
    concurrency_limit l(adaptive(4, 200), {});
    settle(l, 1e9, 200);
    time_point now = start + 100s;
    for (int i = 0; i != 100; ++i) {
        now += 20ms;
        l.sample(now, 5, 200);
    }
    BOOST_TEST(l.current() < 120);
    BOOST_TEST(l.current() >= 4);
}

BOOST_AUTO_TEST_CASE(a_refusal_takes_a_tenth_once_for_all_that_were_out)
{
    concurrency_limit l(adaptive(), {});
    for (int i = 0; i != 50; ++i) {
        l.drop(start + 10s, start + i * 1ms);
    }
    BOOST_TEST(l.current() == 18);
    l.drop(start + 20s, start + 11s);
    BOOST_TEST(l.current() == 16);
    for (int i = 0; i != 100; ++i) {
        l.drop(start + 30s + i * 1s, start + 30s + i * 1s);
    }
    BOOST_TEST(l.current() == 4);
}

BOOST_AUTO_TEST_SUITE_END()
