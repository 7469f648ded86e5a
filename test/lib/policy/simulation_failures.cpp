#include "lib/policy/simulation/simulator.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <string>

namespace {

using namespace std::chrono_literals;
namespace simulation = cogate::policy::simulation;
using cogate::error_kind;
using cogate::policy::attempt_reason;
using cogate::policy::duration;
using simulation::episode;
using simulation::input;
using simulation::report;

constexpr simulation::sizes prompts{.median = 400, .sigma = 0.6};
constexpr simulation::sizes answers{.median = 60, .sigma = 0.5};

input lanes_of(std::size_t count, std::string const& group)
{
    input what;
    for (std::size_t i = 0; i != count; ++i) {
        simulation::scripted_lane lane;
        lane.id = group + std::to_string(i);
        lane.group = group;
        lane.limits.id = lane.id;
        lane.limits.provider = "provider-" + std::to_string(i);
        lane.limits.input_cost = 1'000'000'000;
        lane.limits.output_cost = 4'000'000'000;
        lane.spread = 0.2;
        what.lanes.push_back(lane);
    }
    return what;
}

report played(input const& what)
{
    cogate::result<report> done = simulation::run(what);
    BOOST_REQUIRE(done.has_value());
    BOOST_REQUIRE_EQUAL(done->calls, static_cast<std::int64_t>(what.calls.size()));
    return std::move(*done);
}

double failed_share_after(report const& of, duration from)
{
    std::int64_t calls = 0;
    std::int64_t failed = 0;
    for (simulation::call_result const& one : of.each_call) {
        if (one.at >= from) {
            ++calls;
            failed += !one.ok;
        }
    }
    return static_cast<double>(failed) / static_cast<double>(calls);
}

std::int64_t begun_between(report const& of, std::size_t lane, duration from, duration until)
{
    return std::count_if(of.each_attempt.begin(), of.each_attempt.end(), [&](auto const& one) {
        return one.lane == lane && from <= one.began && one.began < until;
    });
}

} // namespace

BOOST_AUTO_TEST_SUITE(policy_simulation_failures)

BOOST_AUTO_TEST_CASE(hedging_cuts_the_tail_to_a_third_for_five_percent_more_calls)
{
    input what = lanes_of(2, "m");
    for (auto& lane : what.lanes) {
        lane.slow_share = 0.02;
        lane.slow_factor = 10;
    }
    what.calls = simulation::open_loop("m", 50, 300s, prompts, answers, 11);
    report const plain = played(what);
    what.options.hedge.percentile = 95;
    report const hedged = played(what);

    double const gain = std::chrono::duration<double>(plain.first_token.p99) /
                        std::chrono::duration<double>(hedged.first_token.p99);
    BOOST_TEST_MESSAGE("p99 " << plain.first_token.p99 / 1ms << " ms, hedged " << hedged.first_token.p99 / 1ms
                              << " ms, " << gain << " x; attempts per call " << hedged.attempts_per_call()
                              << ", extra cost " << hedged.extra_nano_usd << " of " << hedged.nano_usd);
    BOOST_TEST(gain >= 3);
    BOOST_TEST(hedged.attempts_per_call() <= 1.05);
    BOOST_TEST(hedged.hedges > 0);
    BOOST_TEST(plain.hedges == 0);
    BOOST_TEST(hedged.failed == 0);
    BOOST_TEST(hedged.extra_nano_usd > 0);
}

BOOST_AUTO_TEST_CASE(a_total_outage_is_not_multiplied)
{
    for (std::uint64_t const seed : {1u, 2u, 3u}) {
        input what;
        for (std::string const name : {"a", "b", "c"}) {
            input const more = lanes_of(2, name);
            what.lanes.insert(what.lanes.end(), more.lanes.begin(), more.lanes.end());
        }
        for (auto& lane : what.lanes) {
            lane.episodes.push_back({.what = episode::kind::error, .from = 0s, .until = 1h});
        }
        what.options.num_retries = 3;
        what.options.fallbacks = {{"a", {"b", "c"}}};
        what.calls = simulation::open_loop("a", 1'000, 30s, prompts, answers, seed);
        what.seed = seed;
        report const with_breaker = played(what);
        what.options.disable_cooldowns = true;
        report const without = played(what);
        BOOST_TEST_MESSAGE("attempts per call: breaker " << with_breaker.attempts_per_call() << ", none "
                                                         << without.attempts_per_call());
        BOOST_TEST(with_breaker.failed == with_breaker.calls);
        BOOST_TEST(with_breaker.attempts_per_call() <= 1.25);
        BOOST_TEST(without.attempts_per_call() <= 1.25);
        BOOST_TEST(without.attempts_per_call() > 1.1);
    }
}

BOOST_AUTO_TEST_CASE(one_bad_deployment_of_three_is_not_noticed_by_callers)
{
    struct fault {
        char const* name;
        episode what;
    };
    constexpr duration ill_until = 120s;
    fault const faults[] = {
        {"500", {.what = episode::kind::error, .until = ill_until}},
        {"hang", {.what = episode::kind::hang, .until = ill_until}},
        {"429", {.what = episode::kind::refused, .until = ill_until}},
        {"429 with Retry-After", {.what = episode::kind::refused, .until = ill_until, .retry_after = 10s}},
    };
    for (fault const& one : faults) {
        BOOST_TEST_CONTEXT(one.name)
        {
            input what = lanes_of(3, "m");
            what.lanes[0].episodes.push_back(one.what);
            what.lanes[0].episodes.back().from = 20s;
            what.first_token_timeout = 5s;
            what.call_timeout = 60s;
            what.calls = simulation::open_loop("m", 100, 400s, prompts, answers, 5);
            report const seen = played(what);

            double const errors = failed_share_after(seen, 21s);
            BOOST_TEST_MESSAGE(one.name << ": errors " << errors << ", attempts there while ill "
                                        << begun_between(seen, 0, 26s, ill_until) << ", 429s "
                                        << seen.lanes[0].refused);
            BOOST_TEST(errors < 0.001);

            // once it is known to be ill: five seconds between two probes at least, whatever the number of calls
            duration last = 0s;
            for (auto const& attempt : seen.each_attempt) {
                if (attempt.lane != 0 || attempt.began < 26s || attempt.began >= ill_until) {
                    continue;
                }
                if (last != 0s) {
                    BOOST_TEST((attempt.began - last >= what.options.cooldown_time));
                }
                last = attempt.began;
            }
            // back within the one interval that ran when it recovered: the probe that hangs, and a rest
            auto const first =
                std::find_if(seen.each_attempt.begin(), seen.each_attempt.end(), [&](auto const& attempt) {
                    return attempt.lane == 0 && attempt.began >= ill_until;
                });
            BOOST_REQUIRE(first != seen.each_attempt.end());
            duration const rest =
                std::max<duration>(what.options.cooldown_time, one.what.retry_after.value_or(0s));
            duration const interval =
                rest +
                (one.what.what == episode::kind::hang ? duration(what.first_token_timeout) : duration(0));
            constexpr duration between_calls = 500ms;
            BOOST_TEST((first->began - ill_until <= interval + between_calls));
            BOOST_TEST(begun_between(seen, 0, first->began, first->began + 5s) > 10);
            BOOST_TEST_MESSAGE(one.name << ": back " << (first->began - ill_until) / 1ms
                                        << " ms after recovery");
        }
    }
}

BOOST_AUTO_TEST_CASE(a_long_illness_costs_ever_fewer_probes_and_its_end_is_seen_within_one_rest)
{
    constexpr duration ill_until = 1'820s;
    input what = lanes_of(3, "m");
    what.lanes[0].episodes.push_back({.what = episode::kind::error, .from = 20s, .until = ill_until});
    what.options.cooldown_max = 40s;
    what.calls = simulation::open_loop("m", 20, 2'000s, prompts, answers, 5);
    report const seen = played(what);

    std::vector<duration> probes;
    for (auto const& attempt : seen.each_attempt) {
        if (attempt.lane == 0 && attempt.began >= 26s) {
            probes.push_back(attempt.began);
        }
    }
    auto const first = std::lower_bound(probes.begin(), probes.end(), ill_until);
    BOOST_REQUIRE(first != probes.end());
    BOOST_TEST_MESSAGE("probes in half an hour " << first - probes.begin() << ", back "
                                                 << (*first - ill_until) / 1ms << " ms after recovery");
    for (auto one = probes.begin() + 1; one < first; ++one) {
        auto const failed = one - probes.begin();
        BOOST_TEST((*one - one[-1] >= (failed < 26 ? 5s : failed < 29 ? 7s : 30s)));
    }
    BOOST_TEST((first - probes.begin()) < 24 + 4 + 1'680 / 30);
    BOOST_TEST((*first - ill_until <= what.options.cooldown_max + 500ms));
    BOOST_TEST(begun_between(seen, 0, *first, *first + 5s) > 5);
    BOOST_TEST(failed_share_after(seen, 21s) < 0.001);
}

BOOST_AUTO_TEST_CASE(quota_headers_steer_before_a_429)
{
    for (std::uint64_t const seed : {1u, 2u, 3u, 4u, 5u}) {
        input what = lanes_of(3, "m");
        // six requests a second on average, and quota for twelve in unequal parts
        std::int64_t const requests[] = {120, 240, 360};
        for (std::size_t i = 0; i != 3; ++i) {
            what.lanes[i].quota =
                simulation::scripted_quota{.requests = requests[i], .tokens = requests[i] * 1'000};
        }
        what.seed = seed;
        what.calls = simulation::open_loop("m", 6, 600s, prompts, answers, seed);
        report const seen = played(what);
        std::int64_t refused = 0;
        for (auto const& lane : seen.lanes) {
            refused += lane.refused;
        }
        BOOST_TEST_MESSAGE("429s seen by clients " << seen.rate_limited << ", by us " << refused << " of "
                                                   << seen.attempts);
        BOOST_TEST(seen.rate_limited == 0);
        BOOST_TEST(seen.failed == 0);
    }
}

BOOST_AUTO_TEST_SUITE_END()
