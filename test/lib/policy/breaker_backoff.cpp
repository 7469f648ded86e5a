#include "lib/policy/breaker.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <set>
#include <tuple>
#include <vector>

namespace {

using namespace std::chrono_literals;
using cogate::router_options;
using cogate::policy::breaker;
using cogate::policy::time_point;
using gate = breaker::gate;

constexpr time_point start{100s};

/// One attempt that begins and ends at `now`.
void fail(breaker& b, time_point now)
{
    b.failed(now, now, cogate::error_kind::internal_server, {});
}

void trip(breaker& b, time_point now)
{
    for (int i = 0; i != 3; ++i) {
        fail(b, now);
    }
}

/// The rests after each of `count` failed probes that answer at once.
std::vector<std::chrono::nanoseconds> rests_of(breaker& b, time_point& now, int count)
{
    std::vector<std::chrono::nanoseconds> rests;
    for (int i = 0; i != count; ++i) {
        BOOST_TEST_REQUIRE(b.claim(now));
        fail(b, now);
        rests.push_back(b.again_at(now) - now);
        BOOST_TEST((b.at(now + rests.back() - 1ns) == gate::resting));
        now += rests.back();
        BOOST_TEST((b.at(now) == gate::probe));
    }
    return rests;
}

} // namespace

BOOST_AUTO_TEST_SUITE(policy_breaker_backoff)

BOOST_AUTO_TEST_CASE(a_long_illness_is_probed_ever_more_rarely_up_to_a_cap)
{
    breaker b(router_options{}, std::nullopt);
    trip(b, start);
    time_point now = start + 5s;
    for (auto const rest : rests_of(b, now, 24)) {
        BOOST_TEST((rest == 5s));
    }
    auto const grown = rests_of(b, now, 30);
    for (std::size_t i = 0; i != grown.size(); ++i) {
        auto const full = std::min<std::chrono::nanoseconds>(5s * (2 << std::min<std::size_t>(i, 10)), 60s);
        BOOST_TEST((grown[i] <= full));
        BOOST_TEST((grown[i] >= full * 3 / 4));
    }
    BOOST_TEST(std::set(grown.begin() + 4, grown.end()).size() > 20U); // not all at once

    b.succeeded(now, now);
    BOOST_TEST(b.claim(now));
    trip(b, now);
    BOOST_TEST((b.again_at(now) == now + 5s));
}

BOOST_AUTO_TEST_CASE(the_cap_is_a_setting)
{
    for (auto const& [own, cap, longest] :
         {std::tuple{5s, 20s, 20s}, {5s, 5s, 5s}, {5s, 0s, 5s}, {90s, 60s, 90s}}) {
        router_options options;
        options.cooldown_max = cap;
        breaker b(options, own);
        trip(b, start);
        time_point now = start + own;
        rests_of(b, now, 60);
        std::chrono::nanoseconds const rest = rests_of(b, now, 1).front();
        BOOST_TEST((rest <= longest && rest >= longest * 3 / 4 && rest >= own));
    }
}

BOOST_AUTO_TEST_SUITE_END()
