#include "lib/policy/backoff.hpp"

#include "test/common/seeded.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <optional>

namespace {

using namespace std::chrono_literals;
using cogate::policy::backoff;
using cogate::policy::duration;

constexpr std::uint64_t most = ~std::uint64_t{0};

} // namespace

BOOST_AUTO_TEST_SUITE(policy_backoff)

BOOST_AUTO_TEST_CASE(the_longest_wait_doubles_up_to_eight_seconds)
{
    duration const bounds[] = {500ms, 1s, 2s, 4s, 8s, 8s, 8s};
    for (int n = 0; n != 7; ++n) {
        duration const longest = *backoff(n, std::nullopt, 0ns, most);
        BOOST_TEST((longest <= bounds[n]));
        BOOST_TEST((longest > bounds[n] - 1ms));
        BOOST_TEST((*backoff(n, std::nullopt, 0ns, 0) == 0ns));
    }
    BOOST_TEST((*backoff(1'000'000, std::nullopt, 0ns, most) <= 8s));
    BOOST_TEST((*backoff(-1, std::nullopt, 0ns, most) <= 500ms));
}

BOOST_AUTO_TEST_CASE(jitter_is_full_and_even)
{
    cogate::test::seeded random(3);
    int quarters[4] = {};
    for (int i = 0; i != 4'000; ++i) {
        duration const wait = *backoff(2, std::nullopt, 0ns, random());
        BOOST_REQUIRE((wait >= 0ns && wait < 2s));
        ++quarters[static_cast<std::size_t>(wait / 500ms)];
    }
    for (int const count : quarters) {
        BOOST_TEST(count > 850);
        BOOST_TEST(count < 1'150);
    }
}

BOOST_AUTO_TEST_CASE(a_providers_word_counts_within_bounds)
{
    BOOST_TEST((*backoff(0, 3s, 0ns, most) == 3s));
    BOOST_TEST((*backoff(5, 100ms, 0ns, most) == 100ms));
    BOOST_TEST((*backoff(0, 60s, 0ns, 0) == 60s));
    BOOST_TEST(!backoff(0, 60s + 1ns, 0ns, 0).has_value());
    BOOST_TEST(!backoff(0, std::chrono::seconds(1'000'000'000), 0ns, 0).has_value());
    // nothing and less than nothing leave the jitter
    BOOST_TEST((*backoff(0, 0ns, 0ns, most) > 499ms));
    BOOST_TEST((*backoff(0, -5s, 0ns, most) > 499ms));
}

BOOST_AUTO_TEST_CASE(the_floor_holds_always)
{
    BOOST_TEST((*backoff(0, std::nullopt, 2s, 0) == 2s));
    BOOST_TEST((*backoff(0, 1s, 2s, 0) == 2s));
}

BOOST_AUTO_TEST_SUITE_END()
