#include "transports/load_generator/histogram.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

namespace {

using cogate::transports::load::histogram;

BOOST_AUTO_TEST_SUITE(transports_load_generator)

BOOST_AUTO_TEST_CASE(an_empty_histogram_says_zero)
{
    const histogram empty;
    BOOST_CHECK_EQUAL(empty.count(), 0u);
    BOOST_CHECK_EQUAL(empty.at(0.99), 0);
    BOOST_CHECK_EQUAL(empty.min(), 0);
    BOOST_CHECK_EQUAL(empty.max(), 0);
}

BOOST_AUTO_TEST_CASE(small_values_are_exact)
{
    histogram times;
    for (int i = 1; i <= 200; ++i) {
        times.record(i);
    }
    BOOST_CHECK_EQUAL(times.at(0.5), 100);
    BOOST_CHECK_EQUAL(times.at(0.99), 198);
    BOOST_CHECK_EQUAL(times.at(0), 1);
    BOOST_CHECK_EQUAL(times.at(1), 200);
    BOOST_CHECK_CLOSE(times.mean(), 100.5, 1e-9);
}

BOOST_AUTO_TEST_CASE(one_value_at_every_magnitude_is_within_one_percent)
{
    for (std::int64_t value = 1; value < (std::int64_t{1} << 40); value = value * 3 / 2 + 1) {
        histogram times;
        times.record(value);
        times.record(value * 4);
        const auto got = static_cast<double>(times.at(0.5));
        BOOST_CHECK(got >= static_cast<double>(value));
        BOOST_CHECK(got <= static_cast<double>(value) * 1.01);
    }
}

BOOST_AUTO_TEST_CASE(percentiles_agree_with_a_sorted_list)
{
    std::mt19937_64 random(3);
    std::lognormal_distribution<double> shape(11.0, 1.5);
    histogram times;
    std::vector<std::int64_t> sorted;
    for (int i = 0; i < 20'000; ++i) {
        const auto value = static_cast<std::int64_t>(shape(random));
        times.record(value);
        sorted.push_back(value);
    }
    std::sort(sorted.begin(), sorted.end());
    for (const double share : {0.1, 0.5, 0.9, 0.99, 0.999}) {
        const auto rank = static_cast<std::size_t>(std::ceil(share * 20'000)) - 1;
        const auto exact = static_cast<double>(sorted[rank]);
        const auto got = static_cast<double>(times.at(share));
        BOOST_CHECK(got >= exact && got <= exact * 1.01);
    }
    BOOST_CHECK_EQUAL(times.max(), sorted.back());
    BOOST_CHECK_EQUAL(times.min(), sorted.front());
}

BOOST_AUTO_TEST_CASE(out_of_range_values_are_kept_at_the_ends)
{
    histogram times;
    times.record(-5);
    times.record(INT64_MAX / 2);
    BOOST_CHECK_EQUAL(times.count(), 2u);
    BOOST_CHECK_EQUAL(times.at(0.5), 0);
    BOOST_CHECK_EQUAL(times.at(1), INT64_MAX / 2);
}

BOOST_AUTO_TEST_CASE(merging_adds)
{
    histogram a;
    histogram b;
    a.record(10);
    b.record(1000);
    b.record(30);
    a.merge(b);
    BOOST_CHECK_EQUAL(a.count(), 3u);
    BOOST_CHECK_EQUAL(a.at(0.5), 30);
    BOOST_CHECK_EQUAL(a.max(), 1000);
    BOOST_CHECK_EQUAL(a.min(), 10);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
