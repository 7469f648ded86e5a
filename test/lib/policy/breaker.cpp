#include "lib/policy/breaker.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace std::chrono_literals;
using cogate::error_kind;
using cogate::router_options;
using cogate::policy::breaker;
using cogate::policy::time_point;
using gate = breaker::gate;

constexpr time_point start{100s};

breaker with(router_options const& options = {})
{
    return breaker(options, std::nullopt);
}

/// One attempt that begins and ends at `now`.
void fail(breaker& b, time_point now, error_kind error = error_kind::internal_server,
          std::optional<cogate::policy::duration> retry_after = {})
{
    b.failed(now, now, error, retry_after);
}

void trip(breaker& b, time_point now)
{
    for (int i = 0; i != 3; ++i) {
        fail(b, now);
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(policy_breaker)

BOOST_AUTO_TEST_CASE(three_failures_in_a_row_open_it_for_the_cooldown_time)
{
    for (error_kind const error :
         {error_kind::connection, error_kind::timeout, error_kind::truncated, error_kind::bad_gateway,
          error_kind::internal_server, error_kind::service_unavailable}) {
        breaker b = with();
        fail(b, start, error);
        fail(b, start, error);
        BOOST_TEST((b.at(start) == gate::closed));
        fail(b, start, error);
        BOOST_TEST((b.at(start) == gate::resting));
        BOOST_TEST((b.at(start + 5s - 1ns) == gate::resting));
        BOOST_TEST((b.again_at(start) == start + 5s));
        BOOST_TEST((b.at(start + 5s) == gate::probe));
    }
}

BOOST_AUTO_TEST_CASE(a_success_between_starts_the_row_anew_but_the_share_counts)
{
    breaker b = with();
    fail(b, start);
    b.succeeded(start, start);
    fail(b, start + 1s);
    b.succeeded(start + 1s, start + 1s);
    BOOST_TEST(b.error_rate(start + 1s) == 0.5);
    BOOST_TEST((b.at(start + 1s) == gate::closed));
    fail(b, start + 2s);
    BOOST_TEST((b.at(start + 2s) == gate::resting));
}

BOOST_AUTO_TEST_CASE(the_share_forgets_after_thirty_seconds)
{
    breaker b = with();
    fail(b, start);
    fail(b, start);
    b.succeeded(start + 31s, start + 31s);
    fail(b, start + 31s);
    b.succeeded(start + 31s, start + 31s);
    fail(b, start + 32s);
    BOOST_TEST((b.at(start + 32s) == gate::closed));
    BOOST_TEST(b.error_rate(start + 32s) == 0.5);
    BOOST_TEST(b.error_rate(start + 47s) == 0.25, boost::test_tools::tolerance(0.01));
    BOOST_TEST(b.error_rate(start + 70s) == 0);
}

BOOST_AUTO_TEST_CASE(one_probe_at_a_time_and_its_success_closes)
{
    breaker b = with();
    trip(b, start);
    BOOST_TEST(b.claim(start + 5s));
    BOOST_TEST((b.at(start + 5s) == gate::resting));
    BOOST_TEST(!b.claim(start + 5s));
    BOOST_TEST((b.again_at(start + 6s) == start + 6100ms));
    b.succeeded(start + 7s, start + 5s);
    BOOST_TEST((b.at(start + 7s) == gate::closed));
    BOOST_TEST(b.error_rate(start + 7s) == 0);
}

BOOST_AUTO_TEST_CASE(one_probe_comes_in_each_cooldown_time)
{
    breaker b = with();
    trip(b, start);
    time_point now = start;
    for (int i = 0; i != 20; ++i) {
        BOOST_TEST((b.at(now + 5s - 1ms) == gate::resting));
        now += 5s;
        BOOST_TEST((b.at(now) == gate::probe));
        BOOST_TEST(b.claim(now));
        fail(b, now);
    }
    BOOST_TEST(b.claim(now + 5s));
    b.succeeded(now + 5s, now + 5s);
    BOOST_TEST((b.at(now + 5s) == gate::closed));
}

BOOST_AUTO_TEST_CASE(after_a_slow_probe_it_rests_as_long_as_that_took)
{
    breaker b = with();
    trip(b, start);
    time_point now = start + 5s;
    for (auto const& [took, rest] : {std::pair{1s, 5s}, {5s, 5s}, {40s, 40s}, {600s, 120s}, {2s, 5s}}) {
        BOOST_TEST(b.claim(now));
        b.failed(now + took, now, error_kind::timeout, {});
        now += took + rest;
        BOOST_TEST((b.at(now - 1ms) == gate::resting));
        BOOST_TEST((b.at(now) == gate::probe));
    }
}

BOOST_AUTO_TEST_CASE(attempts_from_before_the_probe_do_not_speak_for_it)
{
    breaker b = with();
    trip(b, start);
    b.succeeded(start + 1s, start - 1s);
    BOOST_TEST((b.at(start + 1s) == gate::resting));
    BOOST_TEST(b.claim(start + 5s));
    b.failed(start + 6s, start - 1s, error_kind::timeout, {});
    b.succeeded(start + 6s, start - 1s);
    b.cancelled(start - 1s);
    BOOST_TEST((b.at(start + 6s) == gate::resting));
    b.cancelled(start + 5s);
    BOOST_TEST((b.at(start + 6s) == gate::probe));
}

BOOST_AUTO_TEST_CASE(a_rate_limit_is_quota_and_no_failure)
{
    breaker b = with();
    fail(b, start, error_kind::rate_limit, 7s);
    BOOST_TEST((b.again_at(start) == start + 7s));
    BOOST_TEST(b.error_rate(start) == 0);
    // An earlier reset does not shorten the rest; a probe that is refused again waits as it is told.
    fail(b, start + 1s, error_kind::rate_limit, 2s);
    BOOST_TEST((b.again_at(start + 1s) == start + 7s));
    BOOST_TEST(b.claim(start + 7s));
    fail(b, start + 7s, error_kind::rate_limit);
    BOOST_TEST((b.again_at(start + 7s) == start + 12s));
}

BOOST_AUTO_TEST_CASE(absurd_waits_are_bounded)
{
    for (auto const& [named, rest] : {std::pair<std::chrono::nanoseconds, std::chrono::nanoseconds>{24h, 60s},
                                      {0s, 5s},
                                      {-3s, 5s},
                                      {20ms, 20ms}}) {
        breaker b = with();
        fail(b, start, error_kind::rate_limit, named);
        BOOST_TEST((b.again_at(start) == start + rest));
    }
}

BOOST_AUTO_TEST_CASE(spent_credit_and_refused_keys_rest_long)
{
    breaker b = with();
    fail(b, start, error_kind::quota_exceeded);
    BOOST_TEST((b.again_at(start) == start + 60s));
    BOOST_TEST(b.claim(start + 60s));
    fail(b, start + 60s, error_kind::quota_exceeded);
    BOOST_TEST((b.again_at(start + 60s) == start + 180s));

    breaker key = with();
    fail(key, start, error_kind::authentication);
    BOOST_TEST((key.again_at(start) == start + 1'800s));

    for (error_kind const error : {error_kind::permission_denied, error_kind::not_found}) {
        breaker refused = with();
        fail(refused, start, error);
        fail(refused, start, error);
        BOOST_TEST((refused.at(start) == gate::closed));
        fail(refused, start, error);
        BOOST_TEST((refused.again_at(start) == start + 1'800s));
    }
}

BOOST_AUTO_TEST_CASE(the_callers_faults_never_count)
{
    breaker b = with();
    for (error_kind const error :
         {error_kind::invalid_request, error_kind::request_too_large, error_kind::unprocessable,
          error_kind::context_window_exceeded, error_kind::content_policy_violation, error_kind::cancelled}) {
        for (int i = 0; i != 20; ++i) {
            fail(b, start, error);
        }
    }
    BOOST_TEST((b.at(start) == gate::closed));
    BOOST_TEST(b.error_rate(start) == 0);
    trip(b, start);
    BOOST_TEST(b.claim(start + 5s));
    fail(b, start + 5s, error_kind::invalid_request);
    BOOST_TEST((b.at(start + 5s) == gate::closed));
}

BOOST_AUTO_TEST_CASE(allowed_fails_replace_the_rule)
{
    router_options options;
    options.allowed_fails = 4;
    breaker b = with(options);
    for (int i = 0; i != 4; ++i) {
        fail(b, start);
    }
    BOOST_TEST((b.at(start) == gate::closed));
    // The minute is over: the count starts anew.
    for (int i = 0; i != 4; ++i) {
        fail(b, start + 60s);
    }
    BOOST_TEST((b.at(start + 60s) == gate::closed));
    fail(b, start + 61s);
    BOOST_TEST((b.at(start + 61s) == gate::resting));
}

BOOST_AUTO_TEST_CASE(allowed_fails_by_class_go_first)
{
    router_options options;
    options.allowed_fails_by_class.rate_limit = 1;
    options.allowed_fails_by_class.bad_request = 0;
    options.allowed_fails_by_class.timeout = 0;
    breaker b = with(options);
    fail(b, start, error_kind::rate_limit, 1s);
    BOOST_TEST((b.at(start) == gate::closed));
    fail(b, start, error_kind::rate_limit, 1s);
    BOOST_TEST((b.again_at(start) == start + 1s));
    for (error_kind const error : {error_kind::invalid_request, error_kind::timeout}) {
        breaker other = with(options);
        fail(other, start, error);
        BOOST_TEST((other.again_at(start) == start + 5s));
    }
}

BOOST_AUTO_TEST_CASE(the_deployments_own_cooldown_goes_first)
{
    router_options const options;
    breaker b(options, 30'000ms);
    trip(b, start);
    BOOST_TEST((b.again_at(start) == start + 30s));
    breaker quota(options, 30'000ms);
    fail(quota, start, error_kind::rate_limit, 1s);
    BOOST_TEST((quota.again_at(start) == start + 30s));
    breaker never(options, 0ms);
    trip(never, start);
    fail(never, start, error_kind::rate_limit, 9s);
    BOOST_TEST((never.at(start) == gate::closed));
}

BOOST_AUTO_TEST_CASE(cooldowns_may_be_off)
{
    router_options options;
    options.disable_cooldowns = true;
    breaker b = with(options);
    trip(b, start);
    fail(b, start, error_kind::authentication);
    BOOST_TEST((b.at(start) == gate::closed));
    BOOST_TEST(b.error_rate(start) == 1);
}

BOOST_AUTO_TEST_SUITE_END()
