// Large tiers: what a group finds without a look at every lane is what the strategy would have chosen from all.
#include "lib/core/hash.hpp"
#include "lib/policy/group.hpp"

#include "test/lib/policy/lanes.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <string>

namespace {

using namespace cogate::policy;
using cogate::policy::test::lanes;
using namespace std::chrono_literals;

constexpr std::size_t many = 60;

/// Unequal lanes, about a fifth of them resting.
lanes a_crowd(std::uint64_t seed)
{
    lanes of;
    cogate::test::seeded random(seed);
    for (std::size_t i = 0; i != many; ++i) {
        of.add({.weight = 1 + static_cast<double>(random() % 4),
                .input_cost = static_cast<std::int64_t>(random() % 5),
                .output_cost = 7});
        of.answer(i, std::chrono::milliseconds(100 + 50 * (random() % 8)),
                  static_cast<std::uint32_t>(10 + random() % 4));
        for (std::size_t n = random() % 3; n != 0; --n) {
            of[i].begin(of.now, of.request);
        }
        if (random() % 5 == 0) {
            of.break_down(i);
        }
    }
    of.now += 1s; // within the rest of those that rest
    return of;
}

bool is_ready(lanes& of, std::size_t which)
{
    return of[which].standing_at(of.now, of.request) == standing::ready;
}

} // namespace

BOOST_AUTO_TEST_SUITE(policy_group_shortcut)

BOOST_AUTO_TEST_CASE(the_best_of_the_ready_lanes_is_found)
{
    for (std::string const name : {"least-busy", "latency-based-routing", "usage-based-routing-v2",
                                   "cost-based-routing", "consistent-hash"}) {
        for (std::uint64_t seed = 1; seed != 40; ++seed) {
            lanes of = a_crowd(seed);
            of.request.affinity = seed;
            of.request.stream = seed % 2 == 0;
            group const in = of.make_group(name);
            std::vector<lane const*> ready;
            std::vector<std::uint64_t> keys;
            for (std::size_t i = 0; i != many; ++i) {
                if (is_ready(of, i)) {
                    ready.push_back(&of[i]);
                    keys.push_back(cogate::core::hash64(of[i].limits().id));
                }
            }
            BOOST_REQUIRE(ready.size() > 10 && ready.size() < many);
            chosen const best =
                make_strategy(name, of.options)
                    ->choose(
                        {.lanes = ready, .request = of.request, .now = of.now, .random = seed, .keys = keys});
            pick const found = in.choose(of.request, {}, false, of.now, seed);
            BOOST_REQUIRE((found.what == pick::kind::found));
            BOOST_TEST(is_ready(of, found.deployment));
            BOOST_TEST(found.score == best.score, name << " with seed " << seed);
        }
    }
}

BOOST_AUTO_TEST_CASE(affinity_is_kept_in_a_tier_that_is_read_in_parts)
{
    lanes of;
    for (std::size_t i = 0; i != group::most_at_once + 50; ++i) {
        of.add();
    }
    group const in = of.make_group("consistent-hash");
    for (std::uint64_t const affinity : {7U, 8U, 9U}) {
        of.request.affinity = affinity;
        pick const first = in.choose(of.request, {}, false, of.now, 1);
        for (std::uint64_t seed = 2; seed != 50; ++seed) {
            BOOST_TEST(in.choose(of.request, {}, false, of.now, seed).deployment == first.deployment);
        }
    }
}

BOOST_AUTO_TEST_CASE(equal_lanes_and_those_within_the_buffer_are_drawn_evenly)
{
    lanes of({.lowest_latency_buffer = 0.5});
    for (std::size_t i = 0; i != 20; ++i) {
        of.add();
        of.answer(i, std::chrono::milliseconds(i < 10 ? 1'000 + 40 * i : 3'000));
    }
    of.break_down(3);
    of.now += 1s;
    std::vector<int> const count =
        cogate::policy::test::shares(of, of.make_group("latency-based-routing"), 9'000);
    for (std::size_t i = 0; i != 20; ++i) {
        bool const good = i < 10 && i != 3;
        BOOST_TEST(std::abs(count[i] - (good ? 1'000 : 0)) < 150, "lane " << i << ": " << count[i]);
    }
}

BOOST_AUTO_TEST_CASE(weights_keep_their_proportions_where_lanes_rest)
{
    lanes of;
    for (std::size_t i = 0; i != 20; ++i) {
        of.add({.weight =
                    i == 0 ? 0.0
                           : static_cast<double>(i % 2 == 0 ? 3 : 1)}); // the first: the mean of the others
    }
    of.break_down(4);
    of.now += 1s;
    std::vector<int> const count = cogate::policy::test::shares(of, of.make_group("simple-shuffle"), 36'000);
    double const mean = (9 * 3.0 + 10) / 19;
    double const all = 8 * 3 + 10 + mean;
    for (std::size_t i = 0; i != 20; ++i) {
        double const weight = i == 0 ? mean : i == 4 ? 0 : i % 2 == 0 ? 3 : 1;
        BOOST_TEST(std::abs(count[i] - 36'000 * weight / all) < 250, "lane " << i << ": " << count[i]);
    }
}

BOOST_AUTO_TEST_CASE(a_lane_that_is_due_for_a_probe_is_found_however_bad_its_score)
{
    for (std::string const name :
         {"simple-shuffle", "least-busy", "latency-based-routing", "usage-based-routing-v2",
          "cost-based-routing", "consistent-hash", "adaptive"}) {
        lanes of;
        for (std::size_t i = 0; i != many; ++i) {
            of.add({.input_cost = i == 5 ? 1'000'000 : 1, .output_cost = 1});
            of.answer(i, i == 5 ? 60'000ms : 100ms, i == 5 ? 10'000 : 10);
        }
        of.break_down(5);
        of.now += 6s;
        of.request.affinity = 1;
        group const in = of.make_group(name);
        cogate::test::seeded random(3);
        bool found = false;
        for (int i = 0; i != 2'000 && !found; ++i) {
            pick const one = in.choose(of.request, {}, false, of.now, random());
            found = one.probe && one.deployment == 5;
        }
        BOOST_TEST(found, name);
    }
}

BOOST_AUTO_TEST_CASE(where_hardly_any_lane_is_ready_that_one_is_found)
{
    for (std::string const name : {"simple-shuffle", "least-busy", "latency-based-routing",
                                   "usage-based-routing-v2", "cost-based-routing"}) {
        lanes of;
        for (std::size_t i = 0; i != many; ++i) {
            of.add();
            if (i != 41) {
                of.break_down(i);
            }
        }
        of.now += 1s;
        group const in = of.make_group(name);
        pick const found = in.choose(of.request, {}, false, of.now, 7);
        BOOST_TEST((found.what == pick::kind::found && found.deployment == 41U), name);
        std::vector<deployment_index> const excluded{41};
        BOOST_TEST((in.choose(of.request, excluded, false, of.now, 7).what == pick::kind::excluded), name);
    }
}

BOOST_AUTO_TEST_SUITE_END()
