#include "lib/policy/group.hpp"

#include "test/lib/policy/lanes.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <set>

BOOST_AUTO_TEST_SUITE(policy_group)

namespace {

using namespace cogate::policy;
using cogate::policy::test::lanes;
using cogate::policy::test::shares;
using namespace std::chrono_literals;
using kind = pick::kind;

pick choose(lanes const& of, group const& in, std::vector<deployment_index> const& excluded = {},
            bool apart = false, std::uint64_t random = 1)
{
    return in.choose(of.request, excluded, apart, of.now, random);
}

// Every lane that comes up in many decisions.
std::set<deployment_index> chosen_from(lanes const& of, group const& in,
                                       std::vector<deployment_index> const& excluded = {}, bool apart = false)
{
    std::set<deployment_index> out;
    cogate::test::seeded random(9);
    for (int i = 0; i != 300; ++i) {
        pick const found = choose(of, in, excluded, apart, random());
        if (found.what == kind::found) {
            out.insert(found.deployment);
        }
    }
    return out;
}

using some = std::set<deployment_index>;

std::set<deployment_index> tagged(std::vector<std::string> tags, bool match_any = true)
{
    lanes of({.enable_tag_filtering = true, .tag_filtering_match_any = match_any});
    of.add({.tags = {"free"}});
    of.add({.tags = {"paid", "eu"}});
    of.add({.tags = {"paid"}});
    of.add({.tags = {"default"}});
    of.add();
    of.request.tags = tags;
    return chosen_from(of, of.make_group("simple-shuffle"));
}

} // namespace

BOOST_AUTO_TEST_CASE(tags_choose_any_or_all)
{
    BOOST_TEST((tagged({"paid"}) == some{1, 2}));
    BOOST_TEST((tagged({"free", "eu"}) == some{0, 1}));
    BOOST_TEST((tagged({"paid", "eu"}, false) == some{1}));
    BOOST_TEST((tagged({"free", "eu"}, false) == some{3}));
}

BOOST_AUTO_TEST_CASE(untagged_and_unknown_tags_are_served_by_the_default_lanes)
{
    BOOST_TEST((tagged({}) == some{3}));
    BOOST_TEST((tagged({"else"}) == some{3}));
}

BOOST_AUTO_TEST_CASE(an_ampersand_requires_and_an_exclamation_mark_forbids)
{
    BOOST_TEST((tagged({"paid", "!eu"}) == some{2}));
    BOOST_TEST((tagged({"&paid"}) == some{1, 2}));
    BOOST_TEST((tagged({"&paid", "&eu"}) == some{1}));
    BOOST_TEST((tagged({"&paid", "!eu"}) == some{2}));
    BOOST_TEST((tagged({"free", "&paid"}).empty()));
    BOOST_TEST((tagged({"!default"}).empty()));
    BOOST_TEST((tagged({"!", "&"}) == some{3}));
}

BOOST_AUTO_TEST_CASE(a_request_without_tags_goes_anywhere_when_no_lane_is_the_default)
{
    lanes of({.enable_tag_filtering = true});
    of.add({.tags = {"paid"}});
    of.add();
    auto const in_group = of.make_group("simple-shuffle");
    BOOST_TEST((chosen_from(of, in_group) == some{0, 1}));
    std::vector<std::string> const tags{"free"};
    of.request.tags = tags;
    BOOST_TEST((choose(of, in_group).what == kind::no_tags));
}

BOOST_AUTO_TEST_CASE(default_lanes_step_in_for_tagged_ones_that_rest)
{
    lanes of({.enable_tag_filtering = true});
    of.add({.tags = {"paid"}});
    of.add({.tags = {"default"}});
    of.add();
    std::vector<std::string> const tags{"paid"};
    of.request.tags = tags;
    auto const in_group = of.make_group("simple-shuffle");
    BOOST_TEST((chosen_from(of, in_group) == some{0}));
    of.break_down(0);
    BOOST_TEST((chosen_from(of, in_group) == some{1}));
    of.break_down(1);
    BOOST_TEST((choose(of, in_group).what == kind::resting));
}

BOOST_AUTO_TEST_CASE(tags_are_ignored_unless_the_filter_is_on)
{
    lanes of;
    of.add({.tags = {"paid"}});
    of.add({.tags = {"default"}});
    BOOST_TEST((chosen_from(of, of.make_group("simple-shuffle")) == some{0, 1}));
}

BOOST_AUTO_TEST_CASE(the_lowest_order_that_may_serve_is_taken)
{
    lanes of;
    of.add({.order = 2});
    of.add({.order = 1});
    of.add({.order = 3});
    of.add({.order = 1});
    auto const in_group = of.make_group("simple-shuffle");
    BOOST_TEST((chosen_from(of, in_group) == some{1, 3}));
    of.break_down(1);
    BOOST_TEST((chosen_from(of, in_group) == some{3}));
    BOOST_TEST((chosen_from(of, in_group, {3}) == some{0}));
    of.break_down(3);
    of.break_down(0);
    BOOST_TEST((chosen_from(of, in_group) == some{2}));
}

BOOST_AUTO_TEST_CASE(excluded_lanes_are_never_chosen)
{
    lanes of;
    of.add();
    of.add();
    auto const in_group = of.make_group("adaptive");
    BOOST_TEST((chosen_from(of, in_group, {0}) == some{1}));
    BOOST_TEST((choose(of, in_group, {0, 1}).what == kind::excluded));
    of.break_down(1);
    BOOST_TEST((choose(of, in_group, {0}).what == kind::excluded));
}

BOOST_AUTO_TEST_CASE(apart_prefers_another_provider_but_stays_in_the_tier)
{
    lanes of;
    of.add({.provider = "a"});
    of.add({.provider = "a"});
    of.add({.provider = "b"});
    of.add({.provider = "c", .order = 1});
    auto const in_group = of.make_group("simple-shuffle");
    BOOST_TEST((chosen_from(of, in_group, {0}, true) == some{2}));
    BOOST_TEST((chosen_from(of, in_group, {0}, false) == some{1, 2}));
    BOOST_TEST((chosen_from(of, in_group, {0, 2}, true) == some{1}));
    BOOST_TEST((chosen_from(of, in_group, {}, true) == some{0, 1, 2}));
}

BOOST_AUTO_TEST_CASE(a_prompt_that_fits_no_lane_is_said_so_and_else_goes_where_it_fits)
{
    lanes of({.enable_pre_call_checks = true});
    of.add({.max_input_tokens = 1'000});
    of.add({.max_input_tokens = 8'000});
    auto const in_group = of.make_group("adaptive");
    of.request.prompt_tokens = 5'000;
    BOOST_TEST((chosen_from(of, in_group) == some{1}));
    of.request.prompt_tokens = 9'000;
    BOOST_TEST((choose(of, in_group).what == kind::too_small));
}

BOOST_AUTO_TEST_CASE(full_lanes_are_waited_for_and_resting_ones_say_until_when)
{
    lanes of({.cooldown_time = 5s, .admission = {.kind = cogate::admission_options::limit::fixed}});
    of.add({.max_parallel = 1});
    of.add({.max_parallel = 2});
    auto const in_group = of.make_group("least-busy");
    of.break_down(1);
    of[0].begin(of.now, of.request);
    BOOST_TEST((choose(of, in_group).what == kind::full));
    of[0].end(of.now, {.ok = true, .total = 1ms}, of.request);
    of.break_down(0);
    pick const none = choose(of, in_group);
    BOOST_TEST((none.what == kind::resting));
    BOOST_TEST((none.ready_at > of.now));
    BOOST_TEST(
        (none.ready_at == std::min(of[0].ready_at(of.now, of.request), of[1].ready_at(of.now, of.request))));
    BOOST_TEST((lanes().make_group("adaptive").choose({}, {}, false, {}, 1).what == kind::resting));
}

BOOST_AUTO_TEST_CASE(a_due_probe_gets_one_first_attempt)
{
    lanes of({.cooldown_time = 5s});
    of.add();
    of.add();
    auto const in_group = of.make_group("adaptive");
    of.break_down(0);
    BOOST_TEST((chosen_from(of, in_group) == some{1}));
    of.now = of[0].ready_at(of.now, of.request);
    pick const found = choose(of, in_group);
    BOOST_TEST(found.deployment == 0u);
    BOOST_TEST(found.probe);
    BOOST_TEST(of[0].begin(of.now, of.request));
    BOOST_TEST((chosen_from(of, in_group) == some{1}));
    BOOST_TEST(!choose(of, in_group).probe);
}

BOOST_AUTO_TEST_CASE(retries_and_unrepeatable_requests_probe_only_where_nothing_is_ready)
{
    lanes of({.cooldown_time = 5s});
    of.add();
    of.add({.order = 1});
    of.add({.order = 2});
    auto const in_group = of.make_group("adaptive");
    of.break_down(0);
    of.now = of[0].ready_at(of.now, of.request);
    BOOST_TEST((chosen_from(of, in_group, {1}) == some{2}));
    pick const last = choose(of, in_group, {1, 2});
    BOOST_TEST(last.deployment == 0u);
    BOOST_TEST(last.probe);
    of.request.repeatable = false;
    BOOST_TEST((chosen_from(of, in_group) == some{1}));
}

BOOST_AUTO_TEST_CASE(no_lane_is_chosen_that_may_not_serve_whatever_their_states)
{
    cogate::test::seeded random(11);
    for (int round = 0; round != 300; ++round) {
        lanes of({.admission = {.kind = cogate::admission_options::limit::fixed},
                  .enable_tag_filtering = random.one_in(3),
                  .enable_pre_call_checks = true});
        std::size_t const count = 1 + random.below(random.one_in(5) ? 300 : 40);
        for (std::size_t i = 0; i != count; ++i) {
            lane_limits limits;
            limits.provider = std::string(1, static_cast<char>('a' + random.below(3)));
            limits.order = static_cast<int>(random.below(3));
            limits.max_parallel = 1;
            limits.tags = random.one_in(2) ? std::vector<std::string>{"x"} : std::vector<std::string>{};
            limits.max_input_tokens = random.one_in(4) ? 50u : 5'000u;
            of.add(std::move(limits));
            if (random.one_in(3)) {
                of.break_down(i);
            }
            if (random.one_in(3)) {
                of[i].begin(of.now, of.request);
            }
        }
        of.now += random.one_in(2) ? 6s : 0s;
        auto const names = strategy_names();
        auto const in_group = of.make_group(names[random.below(names.size())]);
        std::vector<std::string> const tags{"x"};
        of.request.affinity = random();
        of.request.tags =
            random.one_in(2) ? std::span<std::string const>(tags) : std::span<std::string const>();
        std::vector<deployment_index> excluded;
        for (std::size_t i = random.below(4); i != 0; --i) {
            excluded.push_back(static_cast<deployment_index>(random.below(count)));
        }
        for (int i = 0; i != 10; ++i) {
            pick const found = choose(of, in_group, excluded, random.one_in(2), random());
            bool one_may = false;
            for (std::size_t at = 0; at != count; ++at) {
                standing const is = of[at].standing_at(of.now, of.request);
                bool const fits_tags = !of.options.enable_tag_filtering || of.request.tags.empty() ||
                                       !of[at].limits().tags.empty();
                bool const may = (is == standing::ready || is == standing::probe) && fits_tags &&
                                 std::find(excluded.begin(), excluded.end(), at) == excluded.end();
                one_may = one_may || may;
                if (found.what == kind::found && found.deployment == at) {
                    BOOST_REQUIRE(may);
                    BOOST_REQUIRE(found.probe == (is == standing::probe));
                }
            }
            BOOST_REQUIRE((found.what == kind::found) == one_may);
        }
    }
}

BOOST_AUTO_TEST_CASE(beyond_128_lanes_the_least_is_still_found_and_a_shuffle_still_even)
{
    lanes of;
    for (int i = 0; i != 300; ++i) {
        of.add({.input_cost = i == 271 ? 5 : 1'000 + i});
    }
    BOOST_TEST(shares(of, of.make_group("cost-based-routing"), 50)[271] == 50);
    auto const share = shares(of, of.make_group("simple-shuffle"), 30'000);
    auto const [low, high] = std::minmax_element(share.begin(), share.end());
    BOOST_TEST(*low > 50);
    BOOST_TEST(*high < 150);
}

BOOST_AUTO_TEST_CASE(two_drawn_of_many_are_as_good_as_two_of_all)
{
    lanes of;
    for (int i = 0; i != 100; ++i) {
        of.add();
        of.answer(static_cast<std::size_t>(i), 1'000ms);
    }
    of.break_down(17);
    of.now += 2s;
    auto const share = shares(of, of.make_group("adaptive"), 30'000);
    BOOST_TEST(share[17] == 0);
    for (std::size_t i = 0; i != share.size(); ++i) {
        BOOST_TEST_REQUIRE((i == 17 || (share[i] > 180 && share[i] < 440)));
    }
}

BOOST_AUTO_TEST_CASE(equal_random_bits_choose_alike)
{
    lanes of;
    for (int i = 0; i != 40; ++i) {
        of.add();
    }
    for (std::string_view const name : strategy_names()) {
        auto const in_group = of.make_group(name);
        for (std::uint64_t bits = 0; bits != 50; ++bits) {
            BOOST_TEST(choose(of, in_group, {}, false, bits).deployment ==
                       choose(of, in_group, {}, false, bits).deployment);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
