#include "lib/policy/latency_window.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <vector>

namespace {

using namespace std::chrono_literals;
using cogate::policy::latency_window;
using cogate::policy::percentile_of;
using cogate::policy::time_point;

} // namespace

BOOST_AUTO_TEST_SUITE(policy_latency_window)

BOOST_AUTO_TEST_CASE(the_newest_samples_make_the_mean)
{
    latency_window w(3, 100s);
    BOOST_TEST(w.mean(time_point{10s}) == 0);
    for (double const seconds : {9.0, 1.0, 2.0, 3.0}) {
        w.add(time_point{10s}, {seconds, 0});
    }
    BOOST_TEST(w.mean(time_point{10s}) == 2);
}

BOOST_AUTO_TEST_CASE(old_samples_leave_one_by_one)
{
    latency_window w(10, 100s);
    w.add(time_point{10s}, {1, 0});
    w.add(time_point{50s}, {2, 0});
    w.add(time_point{90s}, {6, 0});
    BOOST_TEST(w.mean(time_point{110s}) == 3);
    BOOST_TEST(w.mean(time_point{111s}) == 4);
    BOOST_TEST(w.mean(time_point{190s}) == 6);
    BOOST_TEST(w.mean(time_point{191s}) == 0);
    w.add(time_point{200s}, {5, 0});
    BOOST_TEST(w.mean(time_point{200s}) == 5);
}

BOOST_AUTO_TEST_CASE(a_copy_is_newest_first_and_young)
{
    latency_window w(4, 100s);
    for (int i = 0; i != 6; ++i) {
        w.add(time_point{10s} + i * 20s, {static_cast<double>(i), static_cast<std::uint32_t>(i * 10)});
    }
    std::array<latency_window::sample, 8> out{};
    BOOST_TEST(w.copy(time_point{110s}, out) == 4u);
    BOOST_TEST(out[0].seconds == 5);
    BOOST_TEST(out[3].prompt_tokens == 20u);
    BOOST_TEST(w.copy(time_point{180s}, out) == 2u);
    BOOST_TEST(w.copy(time_point{110s}, std::span(out).first(1)) == 1u);
}

BOOST_AUTO_TEST_CASE(percentiles_are_of_the_nearest_rank)
{
    std::vector<double> values;
    for (int i = 100; i != 0; --i) {
        values.push_back(i);
    }
    BOOST_TEST(percentile_of(values, 95) == 95);
    BOOST_TEST(percentile_of(values, 100) == 100);
    BOOST_TEST(percentile_of(values, 0) == 1);
    BOOST_TEST(percentile_of(values, 500) == 100);
    std::vector<double> one{7};
    BOOST_TEST(percentile_of(one, 50) == 7);
}

BOOST_AUTO_TEST_SUITE_END()
