#include "lib/policy/route_table.hpp"

#include "test/common/seeded.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(policy_route_table)

namespace {

cogate::policy::route_table table()
{
    cogate::policy::route_table t;
    t.add("gpt", 0);
    t.add("gpt", 1);
    t.add("openai/*", 2);
    t.add("openai/gpt-*", 3);
    t.add("*", 4);
    t.add("openai/*", 5);
    return t;
}

std::vector<cogate::policy::deployment_index> deployments(std::string_view model)
{
    static cogate::policy::route_table const t = table();
    auto const found = t.find(model);
    return found ? *found->deployments : std::vector<cogate::policy::deployment_index>{};
}

} // namespace

BOOST_AUTO_TEST_CASE(exact_names_win_over_patterns)
{
    BOOST_TEST(deployments("gpt") == (std::vector<std::uint32_t>{0, 1}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_longest_pattern_wins)
{
    BOOST_TEST(deployments("openai/gpt-5") == (std::vector<std::uint32_t>{3}),
               boost::test_tools::per_element());
    BOOST_TEST(deployments("openai/o1") == (std::vector<std::uint32_t>{2, 5}),
               boost::test_tools::per_element());
    BOOST_TEST(deployments("else") == (std::vector<std::uint32_t>{4}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_wildcard_part_is_what_the_star_stood_for)
{
    auto const t = table();
    BOOST_TEST(t.find("openai/gpt-5")->wildcard == "5");
    BOOST_TEST(t.find("openai/o1")->wildcard == "o1");
    BOOST_TEST(t.find("gpt")->wildcard == "");
}

BOOST_AUTO_TEST_CASE(a_star_stands_for_at_least_one_character)
{
    BOOST_TEST(deployments("openai/") == (std::vector<std::uint32_t>{4}), boost::test_tools::per_element());
    BOOST_TEST(deployments("").empty());
    BOOST_TEST(!cogate::policy::route_table{}.find("any").has_value());
}

BOOST_AUTO_TEST_CASE(stars_may_stand_anywhere)
{
    cogate::policy::route_table t;
    t.add("bedrock/anthropic.*", 0);
    t.add("bedrock/*", 1);
    t.add("*/gpt-4o", 2);
    t.add("eu/*-mini", 3);
    t.add("us/*/x-*", 4);
    auto const at = [&](std::string_view model) { return t.find(model)->deployments->front(); };
    BOOST_TEST(at("bedrock/anthropic.claude-3") == 0u);
    BOOST_TEST(at("bedrock/cohere.command") == 1u);
    BOOST_TEST(at("azure/gpt-4o") == 2u);
    BOOST_TEST(at("eu/gpt-mini") == 3u);
    BOOST_TEST(at("us/east/x-1") == 4u);
    BOOST_TEST(t.find("azure/gpt-4o")->wildcard == "azure");
    BOOST_TEST(t.find("eu/gpt-mini")->wildcard == "gpt");
    BOOST_TEST(t.find("us/east/x-1")->wildcard == "1");
    BOOST_TEST(t.find("us/east/x-1")->name == "us/*/x-*");
    BOOST_TEST(!t.find("eu/-mini").has_value());
    BOOST_TEST(!t.find("us//x-1").has_value());
    BOOST_TEST(!t.find("us/east/x-").has_value());
}

BOOST_AUTO_TEST_CASE(matching_agrees_with_trying_every_split)
{
    auto const matches = [](auto const& self, std::string_view pattern, std::string_view name) -> bool {
        if (pattern.empty() || name.empty()) {
            return pattern.empty() && name.empty();
        }
        if (pattern.front() != '*') {
            return pattern.front() == name.front() && self(self, pattern.substr(1), name.substr(1));
        }
        for (std::size_t taken = 1; taken <= name.size(); ++taken) {
            if (self(self, pattern.substr(1), name.substr(taken))) {
                return true;
            }
        }
        return false;
    };
    cogate::test::seeded random(2);
    int found = 0;
    for (int i = 0; i != 20'000; ++i) {
        std::string pattern;
        std::string name;
        for (std::size_t n = random.below(6); n != 0; --n) {
            pattern += "ab*"[random.below(3)];
        }
        for (std::size_t n = random.below(8); n != 0; --n) {
            name += "ab"[random.below(2)];
        }
        if (cogate::policy::is_pattern(pattern)) {
            bool const expected = matches(matches, pattern, name);
            BOOST_REQUIRE_EQUAL(cogate::policy::match_pattern(pattern, name).has_value(), expected);
            found += expected ? 1 : 0;
        }
    }
    BOOST_TEST(found > 1'000);
}

BOOST_AUTO_TEST_CASE(the_wildcard_fills_the_upstream_pattern)
{
    using cogate::policy::fill_pattern;
    BOOST_TEST(fill_pattern("gpt-*", "5") == "gpt-5");
    BOOST_TEST(fill_pattern("*-latest", "gpt") == "gpt-latest");
    BOOST_TEST(fill_pattern("gpt", "5") == "gpt");
}

BOOST_AUTO_TEST_CASE(an_alias_leads_where_its_target_leads)
{
    auto t = table();
    t.add_alias("smart", "gpt");
    t.add_alias("mine", "openai/gpt-5", true);
    t.add_alias("gpt-old", "smart");
    t.add_alias("lost", "nowhere");
    BOOST_TEST(t.find("smart")->name == "gpt");
    BOOST_TEST(t.find("mine")->wildcard == "5");
    BOOST_TEST(t.find("gpt-old")->name == "*");
    std::vector<std::string_view> const names{"gpt",   "openai/*", "openai/gpt-*", "*",
                                              "smart", "gpt-old",  "lost"};
    BOOST_TEST(t.public_names() == names, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_alias_wins_over_a_group_and_the_last_of_a_name_counts)
{
    cogate::policy::route_table t;
    t.add("gpt-4", 0);
    t.add("gpt-5", 1);
    t.add("gpt-6", 2);
    t.add_alias("gpt-4", "gpt-5");
    t.add_alias("gpt-4", "gpt-6");
    t.add_alias("lost", "nowhere");
    BOOST_TEST(t.find("gpt-4")->deployments->front() == 2u);
    BOOST_TEST(!t.find("lost").has_value());
    std::vector<std::string_view> const names{"gpt-4", "gpt-5", "gpt-6"};
    BOOST_TEST(t.public_names() == names, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_deployment_id_pins)
{
    cogate::policy::route_table t;
    t.add("gpt", 0);
    t.add("gpt", 1);
    t.add("*", 2);
    t.add_id("id-1", 1);
    t.add_id("gpt", 1);
    t.add_id("id-1", 0);
    auto const one = t.find("id-1");
    BOOST_TEST(one->pinned);
    BOOST_TEST(*one->deployments == (std::vector<std::uint32_t>{1}), boost::test_tools::per_element());
    BOOST_TEST(!t.find("gpt")->pinned);
    BOOST_TEST(t.find("gpt")->group == 0u);
    BOOST_TEST(t.group(one->group).name == "id-1");
    BOOST_TEST(t.public_names().size() == 2u);
}

BOOST_AUTO_TEST_CASE(rules_go_by_the_name_its_alias_and_its_group)
{
    cogate::policy::route_table t;
    t.add("gpt", 0);
    t.add("openai/*", 1);
    t.add_alias("short", "gpt");
    t.add_alias("smart", "openai/o9");
    t.add_alias("lost", "nowhere");
    auto const names = [&](std::string_view of) {
        std::string all;
        for (std::string_view const each : t.rule_names(of)) {
            all.append(all.empty() ? "" : " ").append(each);
        }
        return all;
    };
    BOOST_TEST(names("gpt") == "gpt");
    BOOST_TEST(names("short") == "short gpt");
    BOOST_TEST(names("openai/o9") == "openai/o9 openai/*");
    BOOST_TEST(names("smart") == "smart openai/o9 openai/*");
    BOOST_TEST(names("openai/*") == "openai/*");
    BOOST_TEST(names("lost").empty());
}

BOOST_AUTO_TEST_SUITE_END()
