#include "lib/policy/strategy.hpp"

#include "test/lib/policy/lanes.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>

BOOST_AUTO_TEST_SUITE(policy_strategy)

namespace {

using namespace cogate::policy;
using cogate::policy::test::lanes;
using cogate::policy::test::shares;
using namespace std::chrono_literals;

bool about(int got, int wanted)
{
    return std::abs(got - wanted) <= wanted / 10 + 30;
}

} // namespace

BOOST_AUTO_TEST_CASE(every_name_makes_a_strategy)
{
    for (std::string_view const name : strategy_names()) {
        auto const made = make_strategy(name, {});
        BOOST_TEST_REQUIRE(made != nullptr, std::string(name));
        BOOST_TEST((made->name() == name || name == "usage-based-routing"));
    }
    BOOST_TEST((make_strategy("no-such", {}) == nullptr));
}

BOOST_AUTO_TEST_CASE(simple_shuffle_is_even_where_nothing_is_given)
{
    lanes of;
    for (int i = 0; i != 4; ++i) {
        of.add();
    }
    for (int const share : shares(of, of.make_group("simple-shuffle"), 8'000)) {
        BOOST_TEST(about(share, 2'000));
    }
}

BOOST_AUTO_TEST_CASE(simple_shuffle_prefers_weight_to_rpm_and_rpm_to_tpm)
{
    lanes weighted;
    weighted.add({.weight = 3, .rpm = 1'000'000});
    weighted.add({.weight = 1, .rpm = 9'000'000});
    auto share = shares(weighted, weighted.make_group("simple-shuffle"), 8'000);
    BOOST_TEST(about(share[0], 6'000));

    lanes by_rpm;
    by_rpm.add({.rpm = 1'000'000, .tpm = 9'000'000'000});
    by_rpm.add({.rpm = 3'000'000, .tpm = 1'000'000'000});
    share = shares(by_rpm, by_rpm.make_group("simple-shuffle"), 8'000);
    BOOST_TEST(about(share[1], 6'000));

    lanes by_tpm;
    by_tpm.add({.tpm = 1'000'000});
    by_tpm.add({.tpm = 7'000'000});
    share = shares(by_tpm, by_tpm.make_group("simple-shuffle"), 8'000);
    BOOST_TEST(about(share[1], 7'000));
}

BOOST_AUTO_TEST_CASE(simple_shuffle_counts_a_missing_weight_as_the_mean_whichever_lane_comes_first)
{
    lanes of;
    of.add();
    of.add({.weight = 1});
    of.add({.weight = 3});
    auto const share = shares(of, of.make_group("simple-shuffle"), 9'000);
    BOOST_TEST(about(share[0], 3'000));
    BOOST_TEST(about(share[1], 1'500));
    BOOST_TEST(about(share[2], 4'500));
}

BOOST_AUTO_TEST_CASE(least_busy_takes_the_fewest_attempts_under_way_and_ties_are_even)
{
    lanes of;
    for (int i = 0; i != 3; ++i) {
        of.add();
    }
    of[0].begin(of.now, of.request);
    auto const share = shares(of, of.make_group("least-busy"), 4'000);
    BOOST_TEST(share[0] == 0);
    BOOST_TEST(about(share[1], 2'000));
}

BOOST_AUTO_TEST_CASE(latency_based_takes_the_lowest_mean_and_the_buffer_lets_near_ones_in)
{
    for (double const buffer : {0.0, 0.5}) {
        lanes of({.lowest_latency_buffer = buffer});
        for (auto const total : {1'000ms, 1'300ms, 3'000ms}) {
            of.add();
            of.answer(of.all.size() - 1, total);
        }
        of.now += 10s;
        auto const share = shares(of, of.make_group("latency-based-routing"), 4'000);
        BOOST_TEST(about(share[0], buffer > 0 ? 2'000 : 4'000));
        BOOST_TEST(share[0] + share[1] == 4'000);
        BOOST_TEST(share[2] == 0);
    }
}

BOOST_AUTO_TEST_CASE(latency_based_forgets_what_is_older_than_its_window)
{
    lanes of({.latency_window = 60s});
    of.add();
    of.add();
    for (int i = 0; i != 20; ++i) {
        of.answer(0, 5'000ms);
        of.answer(1, 1'000ms);
    }
    of.now += 30s;
    auto const in_group = of.make_group("latency-based-routing");
    BOOST_TEST(shares(of, in_group, 100)[1] == 100);
    of.now += 40s;
    of.answer(0, 500ms);
    of.answer(1, 1'000ms);
    of.now += 1s;
    BOOST_TEST(shares(of, in_group, 100)[0] == 100);
}

BOOST_AUTO_TEST_CASE(latency_based_tries_an_unseen_lane_once_not_with_all_requests)
{
    lanes of;
    of.add();
    of.add();
    of.answer(0, 1'000ms);
    of.now += 2s;
    auto const in_group = of.make_group("latency-based-routing");
    BOOST_TEST(shares(of, in_group, 100)[1] == 100);
    of[1].begin(of.now, of.request);
    BOOST_TEST(shares(of, in_group, 100)[0] == 100);
}

BOOST_AUTO_TEST_CASE(usage_based_takes_the_fewest_tokens_this_minute_below_the_limits)
{
    lanes of;
    of.add({.tpm = 100'000});
    of.add({.tpm = 100'000});
    of.add({.rpm = 1});
    of.answer(0, 100ms, 5'000);
    of.answer(1, 100ms, 500);
    of.answer(2, 100ms, 1);
    of.now += 1s;
    for (auto const* name : {"usage-based-routing-v2", "usage-based-routing"}) {
        BOOST_TEST(shares(of, of.make_group(name), 100)[1] == 100);
    }
}

BOOST_AUTO_TEST_CASE(cost_based_takes_the_cheapest_sum_and_the_unpriced_last)
{
    lanes of;
    of.add();
    of.add({.input_cost = 1'000, .output_cost = 9'000});
    of.add({.input_cost = 3'000, .output_cost = 4'000});
    of.add({.input_cost = 20'000});
    auto const in_group = of.make_group("cost-based-routing");
    BOOST_TEST(shares(of, in_group, 100)[2] == 100);
    deployment_index const tried[] = {2, 1, 3};
    BOOST_TEST(in_group.choose(of.request, tried, false, of.now, 1).deployment == 0u);
    deployment_index const cheap[] = {2, 1};
    BOOST_TEST(in_group.choose(of.request, cheap, false, of.now, 1).deployment == 3u);
}

BOOST_AUTO_TEST_CASE(consistent_hash_keeps_an_affinity_and_moves_only_what_a_lost_lane_had)
{
    lanes of;
    for (int i = 0; i != 5; ++i) {
        of.add();
    }
    auto const in_group = of.make_group("consistent-hash");
    cogate::test::seeded random(3);
    std::vector<deployment_index> before;
    std::vector<int> count(5);
    for (std::uint64_t session = 1; session != 5'001; ++session) {
        of.request.affinity = session;
        deployment_index const owner = in_group.choose(of.request, {}, false, of.now, random()).deployment;
        BOOST_TEST_REQUIRE(in_group.choose(of.request, {}, false, of.now, random()).deployment == owner);
        before.push_back(owner);
        ++count[owner];
    }
    for (int const share : count) {
        BOOST_TEST(about(share, 1'000));
    }
    of.break_down(2);
    std::vector<int> heirs(5);
    for (std::uint64_t session = 1; session != 5'001; ++session) {
        of.request.affinity = session;
        deployment_index const owner = in_group.choose(of.request, {}, false, of.now, random()).deployment;
        if (before[session - 1] != 2) {
            BOOST_TEST_REQUIRE(owner == before[session - 1]);
        } else {
            ++heirs[owner];
        }
    }
    BOOST_TEST(heirs[2] == 0);
    for (std::size_t const heir : {0u, 1u, 3u, 4u}) {
        BOOST_TEST(about(heirs[heir], count[2] / 4));
    }
}

BOOST_AUTO_TEST_CASE(consistent_hash_goes_by_the_id_and_shuffles_without_an_affinity)
{
    lanes of;
    lanes turned;
    for (auto const* id : {"a", "b", "c"}) {
        of.add({.id = id});
    }
    for (auto const* id : {"c", "b", "a"}) {
        turned.add({.id = id});
    }
    auto const one = of.make_group("consistent-hash");
    auto const other = turned.make_group("consistent-hash");
    for (int const share : shares(of, one, 3'000)) {
        BOOST_TEST(about(share, 1'000));
    }
    for (std::uint64_t session = 1; session != 100; ++session) {
        of.request.affinity = session;
        deployment_index const at = one.choose(of.request, {}, false, of.now, session).deployment;
        BOOST_TEST(other.choose(of.request, {}, false, of.now, 7).deployment == 2 - at);
    }
}

BOOST_AUTO_TEST_SUITE_END()
