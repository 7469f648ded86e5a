#include "lib/config/load.hpp"

#include "test/lib/config/loading.hpp"

#include <boost/test/unit_test.hpp>

using namespace cogate;
using namespace cogate::config::testing;

namespace {

/// What is said of `router_settings` behind three groups a, b, c; the settings begin in line 6, column 3.
std::string faults(std::string const& settings, variables const& set = {})
{
    auto const got = read(groups(3) + "router_settings:\n  " + settings + '\n', set);
    BOOST_TEST(!got.value.has_value(), settings);
    return complaints(got);
}

bool accepted(std::string const& settings, variables const& set = {})
{
    auto const got = read(groups(3) + "router_settings:\n  " + settings + '\n', set);
    BOOST_TEST(complaints(got) == "");
    return got.value.has_value();
}

} // namespace

BOOST_AUTO_TEST_SUITE(config_routing_faults)

BOOST_AUTO_TEST_CASE(values)
{
    BOOST_TEST(faults("routing_strategy: least-bussy") ==
               "c.yaml:6:21: error: routing_strategy: 'least-bussy' is not one of adaptive, simple-shuffle, "
               "least-busy, latency-based-routing, usage-based-routing-v2, usage-based-routing, "
               "cost-based-routing, consistent-hash; did you mean 'least-busy'?\n");
    BOOST_TEST(faults("admission: {limit: some}") ==
               "c.yaml:6:22: error: limit: 'some' is not one of none, fixed, adaptive\n");
    BOOST_TEST(faults("hedge: {percentile: 101}") ==
               "c.yaml:6:23: error: percentile: '101' is not a number from 0 to 100\n");
    BOOST_TEST(
        faults("hedge: {percentile: 95, max_extra_ratio: -0.1, max_extra_usd_per_hour: -1}") ==
        "c.yaml:6:44: error: max_extra_ratio: '-0.1' is not a number from 0 to 1000000\n"
        "c.yaml:6:74: error: max_extra_usd_per_hour: '-1' is not an amount of US dollars, such as 0.5\n");
    BOOST_TEST(faults("retry_budget: {ratio: -1}") ==
               "c.yaml:6:25: error: ratio: '-1' is not a number from 0 to 1000000\n");
    BOOST_TEST(faults("race: 9") == "c.yaml:6:9: error: race: '9' is not a whole number from 1 to 8\n");
    BOOST_TEST(faults("retry_policy: 3") ==
               "c.yaml:6:17: error: retry_policy must be a mapping (key: value), not a single value\n");
    BOOST_TEST(
        faults("cooldown_time: -1") ==
        "c.yaml:6:18: error: cooldown_time: '-1' is not seconds or a time such as 250ms, 30s or 10m, zero "
        "to 30 days\n");
    BOOST_TEST(faults("admission: {adaptive_min: 9, adaptive_max: 3}") ==
               "c.yaml:6:3: error: admission: adaptive_min (9) is above adaptive_max (3)\n");
    auto const got =
        read("model_list:\n- model_name: a\n  litellm_params:\n    model: openai/m\n    api_key: k\n"
             "    weight: -1\n    input_cost_per_token: cheap\n    tags: x\n");
    BOOST_TEST(complaints(got) ==
               "c.yaml:6:13: error: weight: '-1' is not a number from 0 to 1000000000\n"
               "c.yaml:7:27: error: input_cost_per_token: 'cheap' is not a price in US dollars, such as "
               "1.5e-7\n"
               "c.yaml:8:11: error: tags must be a list of names\n");
}

BOOST_AUTO_TEST_CASE(unknown_groups)
{
    BOOST_TEST(faults("fallbacks: [{a: [bb]}]") ==
               "c.yaml:6:20: error: fallbacks: there is no model group 'bb'; did you mean 'b'?\n");
    BOOST_TEST(faults("fallbacks: [{gpt: [b, 'x*']}]") ==
               "c.yaml:6:25: error: fallbacks: 'x*' stands for many: name one model\n"
               "c.yaml:6:16: error: fallbacks: there is no model group 'gpt'\n");
    BOOST_TEST(faults("default_fallbacks: [zebra]") ==
               "c.yaml:6:23: error: default_fallbacks: there is no model group 'zebra'\n");
    BOOST_TEST(faults("content_policy_fallbacks: [{a: [{model: zebra}]}]") ==
               "c.yaml:6:35: error: content_policy_fallbacks: there is no model group 'zebra'\n");
    // No model_list entry is at fault twice: its group's name counts, though it is not served.
    auto const got = read("model_list:\n- {model_name: a, litellm_params: {model: nowhere/m}}\n"
                          "router_settings: {default_fallbacks: [a]}\n");
    BOOST_TEST(got.diagnostics.size() == 1U);
}

BOOST_AUTO_TEST_CASE(names_that_are_known)
{
    BOOST_TEST(accepted("fallbacks: [{a: [x]}, {'*': [c]}]\n  model_group_alias: {x: b}"));
    auto const ids =
        read("model_list:\n"
             "- {model_name: a, litellm_params: {model: openai/m, api_key: k}, model_info: {id: one}}\n"
             "- {model_name: 'q/*', litellm_params: {model: 'openai/*', api_key: k}}\n"
             "router_settings: {fallbacks: [{a: [q/x, one]}, {'q/*': [a]}]}\n");
    BOOST_TEST(complaints(ids) == "");
}

BOOST_AUTO_TEST_CASE(services_of_the_environment)
{
    const char* const yaml = "router_settings: {default_fallbacks: [openai/gpt-4o, demo/echo]}\n";
    BOOST_TEST(complaints(read(yaml, {{"OPENAI_API_KEY", "k"}})) == "");
    BOOST_TEST(
        complaints(read(yaml)) ==
        "c.yaml:1:39: error: default_fallbacks: there is no model group 'openai/gpt-4o'; to have it served, "
        "set the environment variable OPENAI_API_KEY\n");
    // A model_list alone serves nothing else.
    BOOST_TEST(faults("default_fallbacks: [openai/gpt-4o]", {{"OPENAI_API_KEY", "k"}}) ==
               "c.yaml:6:23: error: default_fallbacks: there is no model group 'openai/gpt-4o'\n");
}

BOOST_AUTO_TEST_CASE(circles)
{
    BOOST_TEST(faults("fallbacks: [{a: [b]}, {b: [c, a]}]") ==
               "c.yaml:6:33: error: fallbacks go in a circle: a -> b -> a\n");
    BOOST_TEST(faults("context_window_fallbacks: [{a: [c, a]}]") ==
               "c.yaml:6:38: error: context_window_fallbacks go in a circle: a -> a\n");
    BOOST_TEST(faults("fallbacks: [{a: [b]}, {b: [c]}, {c: [x]}]\n  model_group_alias: {x: a}") ==
               "c.yaml:6:40: error: fallbacks go in a circle: a -> b -> c -> a\n");
    // Two lists are two roads; one diamond is no circle; "*" and the default stand for all groups.
    BOOST_TEST(accepted("fallbacks: [{a: [b]}]\n  content_policy_fallbacks: [{b: [a]}]"));
    BOOST_TEST(accepted("fallbacks: [{a: [b, c]}, {b: [c]}, {'*': [c]}]\n  default_fallbacks: [a]"));
}

BOOST_AUTO_TEST_CASE(long_chains_end)
{
    std::string list = "model_list:\n";
    std::string rules = "router_settings:\n  fallbacks:\n";
    for (int i = 0; i != 2'000; ++i) {
        std::string const name = "g" + std::to_string(i);
        list += "- {model_name: " + name + ", litellm_params: {model: openai/m, api_key: k}}\n";
        rules += "  - {" + name + ": [g" + std::to_string((i + 1) % 2'000) + "]}\n";
    }
    auto const got = read(list + rules);
    BOOST_TEST_REQUIRE(got.diagnostics.size() == 1U);
    BOOST_TEST(got.diagnostics[0].line == 4'003U);
    BOOST_TEST(got.diagnostics[0].message ==
               "fallbacks go in a circle: g0 -> g1 -> g2 -> g3 -> g4 -> g5 -> g6 -> g7 -> ... -> g0");
}

BOOST_AUTO_TEST_CASE(aliases)
{
    BOOST_TEST(
        faults("model_group_alias: {x: aa}") ==
        "c.yaml:6:26: error: alias 'x' leads to nothing: there is no model group 'aa'; did you mean 'a'?\n");
    BOOST_TEST(faults("model_group_alias: {x: }") ==
               "c.yaml:6:23: error: alias 'x' leads to nothing: name a model group\n");
    BOOST_TEST(faults("model_group_alias: {x: {hidden: true}}") ==
               "c.yaml:6:23: error: alias 'x' leads to nothing: name a model group\n");
    BOOST_TEST(faults("model_group_alias: {a: a}") == "c.yaml:6:26: error: alias 'a' leads to itself\n");
    BOOST_TEST(faults("model_group_alias: {x: y, y: a}") ==
               "c.yaml:6:26: error: alias 'x' leads to another alias: name the model group\n");
}

BOOST_AUTO_TEST_CASE(shapes)
{
    BOOST_TEST(faults("fallbacks: {a: [b]}") ==
               "c.yaml:6:14: error: fallbacks must be a list: [{group: [other, ...]}]\n");
    BOOST_TEST(
        faults("fallbacks: [{a: [b], b: [c]}]") ==
        "c.yaml:6:15: error: an entry of fallbacks has exactly one key, the model group; this has 2\n");
    BOOST_TEST(
        faults("fallbacks: [a]") ==
        "c.yaml:6:15: error: an entry of fallbacks must be a mapping (key: value), not a single value\n");
    BOOST_TEST(faults("fallbacks: [{a: b}]") ==
               "c.yaml:6:19: error: the fallbacks of 'a' must be a list of model names\n");
    BOOST_TEST(
        faults("fallbacks: [{a: [{messages: []}]}]") ==
        "c.yaml:6:21: warning: key 'messages' in a fallback is known to LiteLLM, not used by cogate yet\n"
        "c.yaml:6:20: error: the fallbacks of 'a': a fallback that is a mapping needs 'model'\n");
    std::string many = "fallbacks: [";
    for (int i = 0; i != 200; ++i) {
        many += i == 0 ? "{a: &all [" : "{g" + std::to_string(i) + ": *all}, ";
        for (int j = 0; i == 0 && j != 100; ++j) {
            many += "b, ";
        }
        many += i == 0 ? "]}, " : "";
    }
    BOOST_TEST(faults(many + "]").find("error: fallbacks: too many fallbacks\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(all_in_one_run)
{
    std::string const all = faults("routing_strategy: x\n  race: 0\n  fallbacks: [{a: [q]}, {b: [b]}]\n"
                                   "  model_group_alias: {z: zz}");
    for (const char* const part :
         {"6:21: error: routing_strategy", "7:9: error: race", "8:20: error: fallbacks: there is no",
          "8:30: error: fallbacks go in a circle", "9:26: error: alias 'z'"}) {
        BOOST_TEST(all.find(part) != std::string::npos, part);
    }
}

BOOST_AUTO_TEST_SUITE_END()
