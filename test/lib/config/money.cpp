#include "test/lib/config/loading.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace cogate;
using namespace cogate::config::testing;

namespace {

constexpr ledger::nanos dollar = 1'000'000'000;

} // namespace

BOOST_AUTO_TEST_SUITE(config_money)

BOOST_AUTO_TEST_CASE(the_ledger)
{
    config::settings const s =
        good(R"(
general_settings: {database_url: os.environ/DB}
cogate:
  data: /var/lib/cogate
  key_pepper: os.environ/PEPPER
  ledger: {acknowledge: queued, durability: power, recovery: nothing, allow_unpriced: true}
)",
             {{"DB", "sqlite:////srv/money.sqlite"}, {"PEPPER", "sixteen bytes or more"}});
    BOOST_TEST((s.ledger.acknowledge == config::acknowledgement::queued));
    BOOST_TEST((s.ledger.durability == config::durability::power));
    BOOST_TEST((s.ledger.recovery == config::recovery::nothing));
    BOOST_TEST(s.ledger.allow_unpriced);
    BOOST_TEST(s.ledger.database_url == "sqlite:////srv/money.sqlite");
    BOOST_TEST(s.data == "/var/lib/cogate");
    BOOST_TEST(s.keys.pepper.reveal() == "sixteen bytes or more");
}

BOOST_AUTO_TEST_CASE(budgets_of_the_gateway_and_of_providers)
{
    config::settings const s = good(R"(
litellm_settings: {max_budget: 100.000000001, budget_duration: 30d, max_end_user_budget: 0.5, max_end_user_budget_id: free}
router_settings:
  provider_budget_config:
    openai: {budget_limit: 3, time_period: 1d}
    anthropic: {max_budget: 1e-7, budget_duration: 12h}
    groq: {budget_limit: 7}
)");
    BOOST_TEST_REQUIRE(s.ledger.budgets.size() == 4U);
    auto const check = [&](std::size_t at, ledger::scope const& owner, ledger::nanos limit,
                           std::string_view period) {
        ledger::owned_budget const& one = s.ledger.budgets[at];
        BOOST_TEST((one.owner == owner));
        BOOST_TEST(one.terms.limit.value() == limit);
        BOOST_TEST(ledger::to_string(one.terms.period) == period);
        BOOST_TEST((one.terms.period.anchor == ledger::moment{}));
    };
    check(0, {ledger::scope_kind::provider, "openai"}, 3 * dollar, "1d");
    check(1, {ledger::scope_kind::provider, "anthropic"}, 100, "12h");
    check(2, {ledger::scope_kind::provider, "groq"}, 7 * dollar, "");
    check(3, {ledger::scope_kind::global, ""}, 100 * dollar + 1, "30d");
    BOOST_TEST((s.ledger.end_user_budget == money::from_nanos(dollar / 2)));
    BOOST_TEST(s.ledger.end_user_budget_id == "free");
}

BOOST_AUTO_TEST_CASE(budgets_of_deployments_go_by_place)
{
    config::settings const s = good(R"(
model_list:
- {model_name: a, litellm_params: {model: openai/m, api_key: k}}
- {model_name: '*', litellm_params: {model: '*'}}
- {model_name: b, litellm_params: {model: openai/m, api_key: k, max_budget: 2, budget_duration: 1w}}
)");
    BOOST_TEST_REQUIRE(s.ledger.deployment_budgets.size() == 1U);
    config::deployment_budget const& one = s.ledger.deployment_budgets[0];
    BOOST_TEST(s.gateway.deployments.at(one.index).model_name == "b");
    BOOST_TEST(one.terms.limit.value() == 2 * dollar);
    BOOST_TEST(ledger::to_string(one.terms.period) == "7d");
}

BOOST_AUTO_TEST_CASE(what_new_keys_and_users_get)
{
    config::settings const s = good(R"(
litellm_settings:
  default_key_generate_params: {max_budget: 1.5, budget_duration: 1mo, duration: 90d, models: [a, b], tpm_limit: 1000}
  upperbound_key_generate_params: {max_budget: 10, rpm_limit: 60, max_parallel_requests: 4, duration: 1mo}
  default_internal_user_params: {user_role: internal_user_viewer, max_budget: 2}
  max_internal_user_budget: 7
  internal_user_budget_duration: 1d
)");
    config::key_terms const defaults{.max_budget = money::from_nanos(dollar * 3 / 2),
                                     .budget_duration = "1mo",
                                     .tpm_limit = 1000,
                                     .duration = "90d",
                                     .models = {"a", "b"}};
    BOOST_TEST((s.keys.defaults == defaults));
    config::key_terms const bounds{.max_budget = money::from_nanos(10 * dollar),
                                   .rpm_limit = 60,
                                   .max_parallel_requests = 4,
                                   .duration = "1mo"};
    BOOST_TEST((s.keys.bounds == bounds));
    config::key_terms const users{.max_budget = money::from_nanos(2 * dollar), // the mapping goes before
                                  .budget_duration = "1d",
                                  .user_role = "internal_user_viewer"};
    BOOST_TEST((s.keys.user_defaults == users));
}

BOOST_AUTO_TEST_CASE(faults_have_lines_and_no_secrets)
{
    for (auto const& [yaml, says] : std::vector<std::pair<std::string, std::string>>{
             {"general_settings:\n  database_url: postgresql://me:hidden@db/x\n",
              "c.yaml:2:17: error: database_url: PostgreSQL is not served yet; give sqlite:///PATH or remove "
              "the "
              "line\n"},
             {"general_settings:\n  database_url: mysql://me:hidden@db/x\n",
              "c.yaml:2:17: error: database_url must be sqlite:///PATH (sqlite:////PATH for a path from the "
              "root)\n"},
             {"general_settings:\n  database_url: 'sqlite:///'\n",
              "c.yaml:2:17: error: database_url must be sqlite:///PATH (sqlite:////PATH for a path from the "
              "root)\n"},
             {"general_settings: {database_url: ''}\n",
              "c.yaml:1:34: error: database_url must be sqlite:///PATH (sqlite:////PATH for a path from the "
              "root)\n"},
             {"cogate:\n  key_pepper: hidden\n",
              "c.yaml:2:15: error: key_pepper must have at least 16 bytes\n"},
             {"cogate: {data: ''}\n",
              "c.yaml:1:16: error: data is empty: name a folder or remove the line\n"},
             {"cogate:\n  ledger: {durability: powr}\n",
              "c.yaml:2:24: error: durability: 'powr' is not one of process, power; did you mean 'power'?\n"},
             {"cogate:\n  ledger: {acknowlege: queued}\n", "c.yaml:2:12: warning: unknown key 'acknowlege' "
                                                           "in cogate.ledger; did you mean 'acknowledge'?\n"},
             {"litellm_settings: {max_budget: -1}\n",
              "c.yaml:1:32: error: max_budget: '-1' is not an amount of US dollars, such as 0.5\n"},
             {"litellm_settings: {max_budget: 1, budget_duration: monthly}\n",
              "c.yaml:1:52: error: budget_duration: 'monthly' is not a period such as 30s, 30m, 12h, 7d or "
              "1mo\n"},
             {"litellm_settings: {budget_duration: 1d}\n",
              "c.yaml:1:19: warning: budget_duration: a period without an amount limits nothing\n"},
             {"router_settings:\n  provider_budget_config: {opnai: {budget_limit: 1}}\n",
              "c.yaml:2:28: error: provider_budget_config: 'opnai' is no provider; did you mean 'openai'?\n"},
             {"router_settings:\n  provider_budget_config: {openai: {time_period: 1d}}\n",
              "c.yaml:2:28: error: provider_budget_config: 'openai' has no budget_limit\n"},
             {"litellm_settings: {default_internal_user_params: {user_role: boss}}\n",
              "c.yaml:1:62: error: user_role: 'boss' is not one of internal_user, internal_user_viewer, "
              "proxy_admin, "
              "proxy_admin_viewer\n"},
             {"litellm_settings: {upperbound_key_generate_params: {models: [a]}}\n",
              "c.yaml:1:53: warning: unknown key 'models' in upperbound_key_generate_params; it belongs to "
              "default_key_generate_params\n"}}) {
        config::loaded const got = read(yaml);
        BOOST_TEST(complaints(got) == says);
        BOOST_TEST(got.value.has_value() == (says.find("error") == std::string::npos));
    }
    BOOST_TEST(good("general_settings: {database_url: null}\n").ledger.database_url.empty());
}

BOOST_AUTO_TEST_SUITE_END()
