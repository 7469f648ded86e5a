#include "lib/policy/route_table.hpp"

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

BOOST_AUTO_TEST_SUITE_END()
