#include "test/lib/policy/call_machine_stage.hpp"

namespace {

using cogate::error_kind;
using cogate::retry_policy;
using cogate::router_options;
using cogate::policy::group;
using cogate::policy::overridden;
using cogate::policy::retry_table;
using cogate::test::stage;

int retries(std::array<int, 32> const& table, error_kind after)
{
    return table[static_cast<std::size_t>(after)];
}

std::string names(std::vector<group*> const& groups)
{
    std::string all;
    for (group const* one : groups) {
        all += one->name();
    }
    return all;
}

} // namespace

BOOST_AUTO_TEST_SUITE(policy_call_machine_plan)

BOOST_AUTO_TEST_CASE(without_a_policy_only_errors_that_may_pass_are_tried_again)
{
    auto const table = retry_table({}, "a");
    for (error_kind const why :
         {error_kind::rate_limit, error_kind::internal_server, error_kind::bad_gateway, error_kind::timeout,
          error_kind::service_unavailable, error_kind::connection, error_kind::truncated,
          error_kind::authentication, error_kind::permission_denied, error_kind::quota_exceeded}) {
        BOOST_TEST(retries(table, why) == 2);
    }
    for (error_kind const why :
         {error_kind::invalid_request, error_kind::not_found, error_kind::unprocessable,
          error_kind::request_too_large, error_kind::context_window_exceeded,
          error_kind::content_policy_violation, error_kind::cancelled}) {
        BOOST_TEST(retries(table, why) == 0);
    }
}

BOOST_AUTO_TEST_CASE(the_groups_policy_goes_before_the_general_one)
{
    router_options options;
    options.num_retries = 1;
    options.retries = {.bad_request = 4, .timeout = 5, .otherwise = 3};
    options.group_retries = {{"b", {.timeout = 0, .not_found = 6}}};
    auto const a = retry_table(options, "a");
    auto const b = retry_table(options, "b");
    BOOST_TEST(retries(a, error_kind::timeout) == 5);
    BOOST_TEST(retries(b, error_kind::timeout) == 0);
    BOOST_TEST(retries(b, error_kind::invalid_request) == 4);
    BOOST_TEST(retries(b, error_kind::not_found) == 6);
    BOOST_TEST(retries(a, error_kind::not_found) == 0);
    BOOST_TEST(retries(a, error_kind::internal_server) == 3);
    BOOST_TEST(retries(retry_table(options, "a", 7), error_kind::internal_server) == 7);
    BOOST_TEST(retries(retry_table(options, "a", 7), error_kind::timeout) == 5);
    BOOST_TEST(retries(retry_table(options, "a", 1'000'000), error_kind::internal_server) == 16);
    BOOST_TEST(retries(retry_table(options, "a", -3), error_kind::internal_server) == 0);
}

BOOST_AUTO_TEST_CASE(a_fallback_has_its_own_policy_under_the_name_that_the_rule_calls_it_by)
{
    router_options options;
    options.num_retries = 1;
    options.fallbacks = {{"a", {"fast", "c"}}};
    options.context_window_fallbacks = {{"a", {"d"}}};
    options.group_retries = {{"a", {.timeout = 7}},
                             {"b", {.timeout = 3, .not_found = 3}},
                             {"fast", {.timeout = 4}},
                             {"d", {.otherwise = 5}}};
    stage on({1, 1, 1, 1}, options);
    cogate::policy::group_finder const find = [&](std::string_view name) {
        return on.finder()(name == "fast" ? "b" : name);
    };
    auto const plan = cogate::policy::make_plan(options, on.at(0), find, nullptr);
    BOOST_TEST(plan.retries_in(on.at(0), error_kind::timeout) == 7);
    BOOST_TEST(plan.retries_in(on.at(1), error_kind::timeout) == 4);
    BOOST_TEST(plan.retries_in(on.at(1), error_kind::not_found) == 0);
    BOOST_TEST(plan.retries_in(on.at(2), error_kind::timeout) == 1);
    BOOST_TEST(plan.retries_in(on.at(3), error_kind::timeout) == 5);
    BOOST_TEST(plan.retries_in(on.at(3), error_kind::internal_server) == 5);

    auto const own =
        overridden(plan, options, find, {.num_retries = 0, .fallbacks = std::vector<std::string>{"b"}});
    BOOST_TEST(own.retries_in(on.at(1), error_kind::timeout) == 4);
    BOOST_TEST(own.retries_in(on.at(2), error_kind::timeout) == 0);
    BOOST_TEST(own.retries_in(on.at(1), error_kind::internal_server) == 0);

    // a pattern's policy holds for what it serves, where that has none of its own
    cogate::policy::group served("openai/x", {}, cogate::policy::make_strategy("simple-shuffle", options),
                                 options, {"openai/*"});
    options.group_retries.push_back({"openai/*", {.timeout = 6}});
    options.fallbacks = {{"a", {"openai/x"}}};
    auto const by_pattern = cogate::policy::make_plan(
        options, on.at(0), [&](std::string_view) { return &served; }, nullptr);
    BOOST_TEST(by_pattern.retries_in(served, error_kind::timeout) == 6);
}

BOOST_AUTO_TEST_CASE(fallback_lists_take_the_groups_rule_then_the_star_then_the_default)
{
    router_options options;
    options.default_fallbacks = {"d"};
    BOOST_TEST(names(stage({1, 1, 1, 1}, options).plan().fallbacks) == "d");
    options.fallbacks = {{"*", {"c", "a", "c", "unknown"}}};
    BOOST_TEST(names(stage({1, 1, 1, 1}, options).plan().fallbacks) == "c");
    options.fallbacks.push_back({"a", {"b", "c"}});
    options.content_policy_fallbacks = {{"*", {"d"}}};
    stage on({1, 1, 1, 1}, options);
    BOOST_TEST(names(on.plan().fallbacks) == "bc");
    BOOST_TEST(names(on.plan().content_policy) == "d");
    BOOST_TEST(on.plan().context_window.empty());
}

BOOST_AUTO_TEST_CASE(a_call_may_ask_for_something_of_its_own)
{
    router_options options;
    options.fallbacks = {{"a", {"b"}}};
    options.context_window_fallbacks = {{"a", {"b"}}};
    options.hedge.percentile = 95;
    stage on({1, 1, 1}, options);
    BOOST_TEST(!cogate::policy::call_overrides{}.any());

    auto const own = overridden(on.plan(), options, on.finder(),
                                {.num_retries = 0, .fallbacks = std::vector<std::string>{"c"}, .race = 2});
    BOOST_TEST(names(own.fallbacks) == "c");
    BOOST_TEST(own.race == 2);
    BOOST_TEST(retries(own.retries, error_kind::timeout) == 0);
    BOOST_TEST(own.hedge.percentile.has_value());

    auto const none =
        overridden(on.plan(), options, on.finder(), {.disable_fallbacks = true, .disable_hedging = true});
    BOOST_TEST(none.fallbacks.empty());
    BOOST_TEST(none.context_window.empty());
    BOOST_TEST(!none.hedge.percentile.has_value());
}

BOOST_AUTO_TEST_CASE(of_several_names_the_first_with_a_rule_decides)
{
    router_options options;
    options.num_retries = 0;
    options.group_retries = {{"a", {.timeout = 1}}, {"alias", {.timeout = 2}}};
    options.fallbacks = {{"a", {"b"}}, {"served", {"c"}}, {"*", {"b", "c"}}};
    stage on({1, 1, 1}, options);
    auto const plan = [&](std::vector<std::string> of) {
        return cogate::policy::make_plan(options, *on.finder()("a"), std::move(of), on.finder(), nullptr);
    };
    BOOST_TEST(retries(plan({"alias", "a"}).retries, error_kind::timeout) == 2);
    BOOST_TEST(retries(plan({"served", "a"}).retries, error_kind::timeout) == 1);
    BOOST_TEST(names(plan({"alias", "a"}).fallbacks) == "b");
    BOOST_TEST(names(plan({"served", "a"}).fallbacks) == "c");
    BOOST_TEST(names(plan({"other"}).fallbacks) == "bc");
    auto const own = overridden(plan({"alias", "a"}), options, on.finder(), {.num_retries = 5});
    BOOST_TEST(retries(own.retries, error_kind::timeout) == 2);
    BOOST_TEST(retries(own.retries, error_kind::internal_server) == 5);
}

BOOST_AUTO_TEST_SUITE_END()
