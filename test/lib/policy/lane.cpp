#include "lib/policy/lane.hpp"
#include "test/common/seeded.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <thread>
#include <utility>
#include <vector>

namespace {

using namespace std::chrono_literals;
using boost::test_tools::tolerance;
using cogate::error_kind;
using cogate::router_options;
using cogate::policy::attempt_outcome;
using cogate::policy::duration;
using cogate::policy::lane;
using cogate::policy::lane_limits;
using cogate::policy::quota_report;
using cogate::policy::request_traits;
using cogate::policy::standing;
using cogate::policy::time_point;

constexpr time_point start{1'000s};
request_traits const small{.prompt_tokens = 100, .stream = true};

attempt_outcome good(std::uint32_t completion = 50, duration total = 1s)
{
    return {.ok = true,
            .prompt_tokens = 100,
            .completion_tokens = completion,
            .first_token = total / 2,
            .total = total};
}

attempt_outcome bad(error_kind error, duration total = 10ms)
{
    return {.error = error, .prompt_tokens = 100, .total = total};
}

void run(lane& l, time_point now, attempt_outcome const& outcome, request_traits const& request = small)
{
    BOOST_TEST_REQUIRE(l.begin(now - outcome.total, request));
    l.end(now, outcome, request);
}

lane_limits with(std::optional<std::int64_t> rpm, std::optional<std::int64_t> tpm)
{
    lane_limits out;
    out.rpm = rpm;
    out.tpm = tpm;
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(policy_lane)

BOOST_AUTO_TEST_CASE(a_new_lane_is_ready_and_unknown)
{
    lane l({}, {});
    BOOST_TEST((l.standing_at(start, small) == standing::ready));
    BOOST_TEST((l.ready_at(start, small) == start));
    BOOST_TEST(l.unknown());
    BOOST_TEST((l.predicted_total(small, start) == 0ns));
    BOOST_TEST(l.quota_left(start) == 1);
    BOOST_TEST(l.mean_latency(start, true) == 0);
    BOOST_TEST(!l.concurrency_limit());
    BOOST_TEST(!l.first_token_percentile(95, small, start));
    BOOST_TEST((to_string(standing::no_quota) == "no_quota"));
}

BOOST_AUTO_TEST_CASE(failures_rest_it_and_one_probe_brings_it_back)
{
    lane l({}, {});
    for (int i = 0; i != 3; ++i) {
        run(l, start, bad(error_kind::internal_server));
    }
    BOOST_TEST((l.standing_at(start, small) == standing::resting));
    BOOST_TEST((l.ready_at(start, small) == start + 5s));
    BOOST_TEST(l.error_rate(start) == 1);
    time_point const later = start + 5s;
    BOOST_TEST((l.standing_at(later, small) == standing::probe));
    BOOST_TEST(l.begin(later, small));
    BOOST_TEST((l.standing_at(later, small) == standing::resting));
    BOOST_TEST(!l.begin(later, small));
    BOOST_TEST(l.pending() == 1);
    l.end(later + 1s, good(), small);
    BOOST_TEST((l.standing_at(later + 1s, small) == standing::ready));
}

BOOST_AUTO_TEST_CASE(a_pinned_call_may_begin_at_a_resting_lane)
{
    lane l({}, {});
    run(l, start, bad(error_kind::authentication));
    BOOST_TEST(l.begin(start, small));
    l.end(start + 1s, good(), small);
    BOOST_TEST((l.ready_at(start + 1s, small) == start + 1'800s));
}

BOOST_AUTO_TEST_CASE(a_probe_never_gets_lost)
{
    lane l({}, {});
    BOOST_TEST(l.begin(start, small));
    run(l, start, {.error = error_kind::rate_limit, .retry_after = 1s});
    BOOST_TEST(l.begin(start + 1s, small));
    // The probe's clock is wrong, then the other one ends: nothing runs, so the lane can be tried again.
    l.end(start + 2s, {.cancelled = true, .total = 1h}, small);
    BOOST_TEST((l.standing_at(start + 2s, small) == standing::resting));
    l.end(start + 3s, {.cancelled = true, .total = 1h}, small);
    BOOST_TEST((l.standing_at(start + 3s, small) == standing::probe));
}

BOOST_AUTO_TEST_CASE(a_full_lane_says_so)
{
    lane_limits limits;
    limits.max_parallel = 2;
    lane l(limits, {});
    BOOST_TEST(l.begin(start, small));
    BOOST_TEST(l.begin(start, small));
    BOOST_TEST((l.standing_at(start, small) == standing::full));
    BOOST_TEST(!l.begin(start, small));
    BOOST_TEST((l.concurrency_limit() == 2));
    l.end(start, {.cancelled = true}, small);
    BOOST_TEST((l.standing_at(start, small) == standing::ready));
}

BOOST_AUTO_TEST_CASE(context_windows_are_checked_when_asked_for)
{
    lane_limits limits;
    limits.max_input_tokens = 99;
    router_options options;
    BOOST_TEST((lane(limits, options).standing_at(start, small) == standing::ready));
    options.enable_pre_call_checks = true;
    BOOST_TEST((lane(limits, options).standing_at(start, small) == standing::too_small));
    BOOST_TEST((lane(limits, options).ready_at(start, small) == time_point::max()));
    limits.max_input_tokens = 100;
    BOOST_TEST((lane(limits, options).standing_at(start, small) == standing::ready));
}

BOOST_AUTO_TEST_CASE(headers_steer_before_a_429)
{
    lane l({}, {});
    BOOST_TEST(l.begin(start, small));
    l.quota(start, {.requests_left = 90, .tokens_left = 1'000, .token_limit = 10'000, .tokens_reset = 30s});
    l.end(start + 1s, good(50), small);
    // Each is estimated at its prompt and twice the usual completion: 200.
    int sent = 0;
    while (l.standing_at(start + 1s, small) == standing::ready && l.begin(start + 1s, small)) {
        ++sent;
    }
    BOOST_TEST(sent == 5);
    BOOST_TEST((l.standing_at(start + 1s, small) == standing::no_quota));
    BOOST_TEST((l.ready_at(start + 1s, small) == start + 30s));
    BOOST_TEST(l.quota_left(start + 1s) == 0);
    BOOST_TEST((l.standing_at(start + 30s, small) == standing::ready));
}

BOOST_AUTO_TEST_CASE(own_requests_per_minute)
{
    lane l(with(2, {}), {});
    run(l, start, good());
    BOOST_TEST(l.quota_left(start) == 0.5);
    run(l, start + 10s, good());
    BOOST_TEST(l.requests_this_minute(start + 10s) == 2);
    BOOST_TEST((l.standing_at(start + 10s, small) == standing::no_quota));
    time_point const ready = l.ready_at(start + 10s, small);
    BOOST_TEST((ready == start + 60s));
    BOOST_TEST((l.standing_at(ready, small) == standing::ready));
    BOOST_TEST((l.standing_at(ready - 1s, small) == standing::no_quota));
}

BOOST_AUTO_TEST_CASE(own_tokens_per_minute_count_what_runs)
{
    lane l(with({}, 500), {});
    run(l, start, good(50));
    BOOST_TEST(l.tokens_this_minute(start) == 150);
    BOOST_TEST(l.begin(start, small));
    BOOST_TEST((l.standing_at(start, small) == standing::no_quota));
    BOOST_TEST((l.ready_at(start, small) > start));
    l.end(start, {.cancelled = true}, small);
    BOOST_TEST((l.standing_at(start, small) == standing::ready));
    // More than the limit goes alone.
    request_traits const large{.prompt_tokens = 9'000};
    BOOST_TEST((l.standing_at(start, large) == standing::no_quota));
    BOOST_TEST((l.ready_at(start, large) == start + 61s));
    BOOST_TEST((l.standing_at(start + 61s, large) == standing::ready));
}

BOOST_AUTO_TEST_CASE(speed_is_learnt_by_size)
{
    lane l({}, {});
    time_point now = start;
    for (std::uint32_t i = 0; i != 40; ++i) {
        request_traits const request{.prompt_tokens = 100 * (1 + i % 10), .stream = true};
        duration const first = 100ms + request.prompt_tokens * 1ms;
        BOOST_TEST(l.begin(now, request));
        l.first_token(now + first, first, request);
        l.end(now + first + 1s,
              {.ok = true, .completion_tokens = 101, .first_token = first, .total = first + 1s}, request);
        now += 1s;
    }
    now += 60s;
    auto const ms = [](duration d) { return static_cast<double>(d.count()) / 1e6; };
    BOOST_TEST(!l.unknown());
    BOOST_TEST(ms(l.predicted_first_token(small, now)) == 200, tolerance(0.05));
    BOOST_TEST(ms(l.predicted_first_token({.prompt_tokens = 1'000, .stream = true}, now)) == 1'100,
               tolerance(0.05));
    BOOST_TEST(ms(l.predicted_total(small, now)) == 1'210, tolerance(0.05));
    BOOST_TEST(ms(*l.first_token_percentile(95, small, now)) == 200, tolerance(0.05));
    BOOST_TEST(ms(*l.first_token_percentile(95, {.prompt_tokens = 2'000, .stream = true}, now)) == 2'100,
               tolerance(0.05));
    BOOST_TEST(!l.first_token_percentile(95, {.prompt_tokens = 2'000}, now));
    // LiteLLM's measure knows no sizes: the last ten.
    BOOST_TEST(l.mean_latency(now, true) == 0.65, tolerance(1e-6));
    BOOST_TEST(l.mean_latency(now, false) > 0);
}

BOOST_AUTO_TEST_CASE(a_timeout_before_content_counts_as_litellm_counts_it)
{
    lane l({}, {});
    run(l, start, bad(error_kind::timeout, 30s));
    BOOST_TEST(l.mean_latency(start, true) == 1'000);
    BOOST_TEST((l.predicted_first_token(small, start) == 30s));
    BOOST_TEST(l.mean_latency(start + 3'601s, true) == 0);
}

BOOST_AUTO_TEST_CASE(many_threads_leave_nothing_behind)
{
    lane_limits limits = with(1'000'000, 1'000'000'000);
    limits.max_parallel = 6;
    router_options options;
    options.cooldown_time = 1ms;
    lane l(limits, options);
    std::atomic<bool> over{false};
    std::atomic<int> most{0};
    auto const work = [&](std::uint64_t seed) {
        cogate::test::seeded random(seed);
        time_point now = start;
        for (int i = 0; i != 3'000; ++i) {
            now += std::chrono::microseconds(random.below(2'000));
            if (l.standing_at(now, small) == standing::resting || !l.begin(now, small)) {
                continue;
            }
            if (l.pending() > most) {
                most = l.pending();
            }
            l.first_token(now, 1ms, small);
            l.quota(now, {.requests_left = 100, .tokens_left = 100'000, .tokens_reset = 1s});
            l.end(now + 1ms, random.one_in(4) ? bad(error_kind::connection, 1ms) : good(10, 1ms), small);
        }
    };
    std::vector<std::thread> threads;
    for (std::uint64_t seed = 1; seed != 5; ++seed) {
        threads.emplace_back(work, seed);
    }
    std::thread reader([&] {
        while (!over) {
            static_cast<void>(l.ready_at(start, small) + l.predicted_total(small, start));
            static_cast<void>(l.mean_latency(start, true) + l.quota_left(start) + l.error_rate(start));
            static_cast<void>(l.first_token_percentile(95, small, start));
            static_cast<void>(l.requests_this_minute(start) + l.tokens_this_minute(start));
        }
    });
    for (std::thread& t : threads) {
        t.join();
    }
    over = true;
    reader.join();
    BOOST_TEST(l.pending() == 0);
    BOOST_TEST(most <= 6);
    time_point const later = start + 1h;
    BOOST_TEST((l.standing_at(later, small) != standing::no_quota));
    BOOST_TEST(l.begin(later, small));
    l.end(later + 1ms, good(10, 1ms), small);
    BOOST_TEST((l.standing_at(later + 1ms, small) == standing::ready));
}

BOOST_AUTO_TEST_SUITE_END()
