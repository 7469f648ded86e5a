#include "lib/config/routing.hpp"

#include "lib/config/load.hpp"
#include "test/lib/config/loading.hpp"

#include <boost/test/unit_test.hpp>

#include <limits>

using namespace cogate;
using namespace cogate::config::testing;
using namespace std::chrono_literals;

namespace {

using limit = admission_options::limit;
using names = std::vector<std::string>;

router_options router(std::string const& yaml)
{
    return good(yaml).gateway.router;
}

} // namespace

BOOST_AUTO_TEST_SUITE(config_routing)

BOOST_AUTO_TEST_CASE(everything)
{
    router_options const got = router(groups(4) + R"(
router_settings:
  routing_strategy: latency-based-routing
  routing_strategy_args: {lowest_latency_buffer: 0.5, ttl: 60}
  num_retries: 3
  retry_after: 0.5
  retry_policy: {TimeoutErrorRetries: 1, DefaultRetries: 4}
  model_group_retry_policy: {a: {RateLimitErrorRetries: 7}}
  fallbacks: [{a: [b, {model: c}]}, {'*': [d]}]
  default_fallbacks: [d]
  context_window_fallbacks: [{a: [c]}]
  content_policy_fallbacks: [{b: [d]}]
  max_fallbacks: 2
  allowed_fails: 9
  allowed_fails_policy: {BadGatewayErrorAllowedFails: 5}
  cooldown_time: 0
  cooldown_max: 5m
  disable_cooldowns: true
  enable_tag_filtering: true
  tag_filtering_match_any: false
  enable_pre_call_checks: true
  model_group_alias: {x: a, y: {model: b, hidden: true}}
  hedge: {percentile: 95, max_extra_ratio: 0.1, min_delay_ms: 20, max_extra_usd_per_hour: 0.25}
  race: 2
  retry_budget: {ratio: 0.3, min_per_second: 1.5}
  stall_timeout: 5
  continue_after_stall: true
  admission: {limit: adaptive, adaptive_min: 2, adaptive_max: 50, queue: 10, queue_timeout: 250ms}
  health_check_interval: 1m
)");
    router_options want;
    want.strategy = "latency-based-routing";
    want.lowest_latency_buffer = 0.5;
    want.latency_window = 60s;
    want.num_retries = 3;
    want.retry_after = 500ms;
    want.retries.timeout = 1;
    want.retries.otherwise = 4;
    want.group_retries = {{"a", {}}};
    want.group_retries[0].second.rate_limit = 7;
    want.fallbacks = {{"a", {"b", "c"}}, {"*", {"d"}}};
    want.default_fallbacks = {"d"};
    want.context_window_fallbacks = {{"a", {"c"}}};
    want.content_policy_fallbacks = {{"b", {"d"}}};
    want.max_fallbacks = 2;
    want.allowed_fails = 9;
    want.allowed_fails_by_class.bad_gateway = 5;
    want.cooldown_time = 0ms;
    want.cooldown_max = 5min;
    want.disable_cooldowns = true;
    want.enable_tag_filtering = true;
    want.tag_filtering_match_any = false;
    want.enable_pre_call_checks = true;
    want.aliases = {{"x", "a", false}, {"y", "b", true}};
    want.hedge = {95, 0.1, 20ms, 250'000'000};
    want.race = 2;
    want.retry_budget = {0.3, 1.5};
    want.stall_timeout = 5s;
    want.continue_after_stall = true;
    want.admission = {limit::adaptive, 0, 2, 50, 10, 250ms};
    want.health_check_interval = 60s;
    BOOST_TEST((got == want));
}

BOOST_AUTO_TEST_CASE(every_class_of_error_has_its_own_place)
{
    router_options const got = router(R"(
router_settings:
  retry_policy: {BadRequestErrorRetries: 1, AuthenticationErrorRetries: 2, TimeoutErrorRetries: 3,
    RateLimitErrorRetries: 4, ContentPolicyViolationErrorRetries: 5, InternalServerErrorRetries: 6,
    ServiceUnavailableErrorRetries: 7, NotFoundErrorRetries: 8, DefaultRetries: 9}
  allowed_fails_policy: {BadRequestErrorAllowedFails: 1, AuthenticationErrorAllowedFails: 2,
    TimeoutErrorAllowedFails: 3, RateLimitErrorAllowedFails: 4, ContentPolicyViolationErrorAllowedFails: 5,
    InternalServerErrorAllowedFails: 6, ServiceUnavailableErrorAllowedFails: 7,
    BadGatewayErrorAllowedFails: 8,
    NotFoundErrorAllowedFails: 9}
)");
    BOOST_TEST((got.retries == retry_policy{1, 2, 3, 4, 5, 6, 7, 8, 9}));
    BOOST_TEST((got.allowed_fails_by_class == allowed_fails_policy{1, 2, 3, 4, 5, 6, 7, 8, 9}));
}

BOOST_AUTO_TEST_CASE(router_settings_go_before_litellm_settings)
{
    router_options const got = router(groups(3) + R"(
router_settings: {num_retries: 4, fallbacks: [{a: [c]}]}
litellm_settings:
  num_retries: 1
  fallbacks: [{a: [b]}, {b: [c]}]
  default_fallbacks: [b]
  context_window_fallbacks: [{a: [b]}]
  content_policy_fallbacks: [{a: [c]}]
  allowed_fails: 2
  cooldown_time: 30
)");
    BOOST_TEST(got.num_retries == 4);
    BOOST_TEST((got.fallbacks == std::vector<fallback_rule>{{"a", {"c"}}}));
    BOOST_TEST((got.default_fallbacks == names{"b"}));
    BOOST_TEST((got.context_window_fallbacks == std::vector<fallback_rule>{{"a", {"b"}}}));
    BOOST_TEST((got.content_policy_fallbacks == std::vector<fallback_rule>{{"a", {"c"}}}));
    BOOST_TEST(got.allowed_fails.value() == 2);
    BOOST_TEST((got.cooldown_time == 30s));
}

BOOST_AUTO_TEST_CASE(admission_follows_what_is_said)
{
    auto const admission = [](std::string const& yaml) {
        return router("router_settings: " + yaml).admission;
    };
    BOOST_TEST((admission("{}").kind == limit::none));
    admission_options const litellm = admission("{default_max_parallel_requests: 7}");
    BOOST_TEST((litellm.kind == limit::fixed && litellm.fixed == 7));
    admission_options const ours =
        admission("{admission: {max_parallel: 3}, default_max_parallel_requests: 7}");
    BOOST_TEST((ours.kind == limit::fixed && ours.fixed == 3));
    for (const char* const order : {"{admission: {limit: adaptive}, default_max_parallel_requests: 7}",
                                    "{default_max_parallel_requests: 7, admission: {limit: adaptive}}"}) {
        admission_options const both = admission(order);
        BOOST_TEST((both.kind == limit::adaptive && both.fixed == 7), order);
    }
}

BOOST_AUTO_TEST_CASE(health_checks_are_off_until_asked_for)
{
    BOOST_TEST((router("general_settings: {health_check_interval: 60}").health_check_interval == 0s));
    BOOST_TEST((router("general_settings: {background_health_checks: true}").health_check_interval == 300s));
    BOOST_TEST((router("general_settings: {health_check_interval: 60, background_health_checks: true}")
                    .health_check_interval == 60s));
    BOOST_TEST((router("general_settings: {background_health_checks: true}\n"
                       "router_settings: {health_check_interval: 0}")
                    .health_check_interval == 0s));
}

BOOST_AUTO_TEST_CASE(deployments)
{
    auto const list = good(R"(
model_list:
- model_name: a
  litellm_params: {model: openai/m, api_key: k, weight: 2.5, rpm: 60, tpm: "1000", order: 1, tags: [x, y],
    max_parallel_requests: 4, cooldown_time: 0, input_cost_per_token: 1.5e-7,
    output_cost_per_token: 0.0000006}
  model_info: {max_input_tokens: 8192, blocked: true, input_cost_per_token: 9, output_cost_per_token: 9}
- model_name: a
  litellm_params: {model: openai/m, api_key: l}
  model_info: {input_cost_per_token: 0.000000000001}
- {model_name: b, litellm_params: {model: openai/m, api_key: m}}
)")
                          .gateway.deployments;
    BOOST_TEST_REQUIRE(list.size() == 3U);
    deployment const& full = list[0];
    BOOST_TEST(full.weight == 2.5);
    BOOST_TEST(full.rpm.value() == 60);
    BOOST_TEST(full.tpm.value() == 1000);
    BOOST_TEST(full.order == 1);
    BOOST_TEST((full.tags == names{"x", "y"}));
    BOOST_TEST(full.max_parallel_requests.value() == 4);
    BOOST_TEST((full.cooldown_time == 0ms));
    BOOST_TEST(full.max_input_tokens.value() == 8192U);
    BOOST_TEST(full.blocked);
    BOOST_TEST(full.input_cost.value() == 150'000'000); // $0.15 per million tokens
    BOOST_TEST(full.output_cost.value() == 600'000'000);
    BOOST_TEST(list[1].input_cost.value() == 1'000);
    BOOST_TEST(!list[1].output_cost.has_value());
    BOOST_TEST(list[1].order == std::numeric_limits<int>::max());
    BOOST_TEST(list[2].order == 0);
    BOOST_TEST((list[2].weight == 0 && !list[2].rpm && !list[2].blocked));
}

BOOST_AUTO_TEST_CASE(warnings)
{
    auto const says = [](std::string const& yaml) {
        auto const got = read(yaml);
        BOOST_TEST(got.value.has_value(), yaml);
        return complaints(got);
    };
    BOOST_TEST(says("router_settings: {hedge: {min_delay_ms: 5}}\n") ==
               "c.yaml:1:19: warning: hedge has no percentile: no second attempt will be made\n");
    BOOST_TEST(says("router_settings: {rutting_strategy: adaptive, percentile: 9}\n") ==
               "c.yaml:1:19: warning: unknown key 'rutting_strategy' in router_settings; did you mean "
               "'routing_strategy'?\n"
               "c.yaml:1:47: warning: unknown key 'percentile' in router_settings; it belongs to hedge\n");
    std::string const two = groups(2);
    BOOST_TEST(
        says(two + "router_settings:\n  fallbacks: [{a: [{model: b, temperature: 0}]}]\n") ==
        "c.yaml:5:31: warning: key 'temperature' in a fallback is known to LiteLLM, not used by cogate "
        "yet\n");
    BOOST_TEST(says(two + "router_settings:\n  fallbacks: [{a: [b]}, {a: []}]\n") ==
               "c.yaml:5:26: warning: fallbacks: 'a' has a rule in line 5, this is not used\n");
    // rules of an alias are good rules
    BOOST_TEST(
        says(two + "router_settings:\n  fallbacks: [{x: [a]}]\n  model_group_alias: {x: b}\n").empty());
    BOOST_TEST(says(two + "router_settings:\n  model_group_retry_policy: {aa: {DefaultRetries: 1}}\n") ==
               "c.yaml:5:30: warning: model_group_retry_policy: there is no model group 'aa'; did you mean "
               "'a'?\n");
    BOOST_TEST(
        says("model_list:\n- {model_name: a, litellm_params: {model: openai/m, api_key: k, weight: 0}}\n") ==
        "c.yaml:2:73: warning: weight: zero counts as not given; model_info.blocked keeps a deployment "
        "from being asked\n");
}

BOOST_AUTO_TEST_SUITE_END()
