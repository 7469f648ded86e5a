#include "lib/cli/serve_changes.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <functional>
#include <string>
#include <utility>
#include <vector>

using namespace cogate;
using namespace cogate::cli;

namespace {

config::settings one()
{
    config::settings out;
    out.gateway.deployments.push_back(
        {.model_name = "m", .model = "openai/x", .api_base = "http://a/v1", .api_key = secret("sk-old-key")});
    return out;
}

using edit = std::function<void(deployment&)>;

} // namespace

BOOST_AUTO_TEST_SUITE(cli_serve_changes)

BOOST_AUTO_TEST_CASE(equal_settings_have_no_changes)
{
    config_changes const none = compare(one(), one());
    BOOST_TEST((none.added.empty() && none.removed.empty() && none.changed.empty()));
    BOOST_TEST((none.others.empty() && none.fixed.empty()));
}

BOOST_AUTO_TEST_CASE(another_way_to_ask_is_a_change)
{
    std::vector<edit> const edits{
        [](deployment& d) { d.api_key = secret("sk-new-key"); },
        [](deployment& d) { d.weight = 2; },
        [](deployment& d) { d.rpm = 5; },
        [](deployment& d) { d.tpm = 5; },
        [](deployment& d) { d.order = 1; },
        [](deployment& d) { d.tags = {"t"}; },
        [](deployment& d) { d.blocked = true; },
        [](deployment& d) { d.prices.emplace_back("input_cost_per_image", "0.01"); },
        [](deployment& d) { d.access_groups = {"beta"}; },
        [](deployment& d) { d.headers.emplace_back("x-a", "b"); },
        [](deployment& d) { d.settings.emplace_back("api_version", secret("1")); },
        [](deployment& d) { d.parameters.drop_params = true; },
        [](deployment& d) { d.deadlines = deadlines{}; },
        [](deployment& d) { d.cooldown_time = std::chrono::milliseconds(1); },
    };
    for (edit const& each : edits) {
        config::settings after = one();
        each(after.gateway.deployments[0]);
        config_changes const got = compare(one(), after);
        BOOST_TEST(got.changed == std::vector<std::string>{"m (openai/x at http://a/v1)"});
        BOOST_TEST((got.added.empty() && got.removed.empty()));
        BOOST_TEST(to_text(got, "c.yaml").find("sk-") == std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(another_place_is_another_deployment_unless_the_id_is_the_same)
{
    config::settings after = one();
    after.gateway.deployments[0].api_base = "http://b/v1";
    config_changes const moved = compare(one(), after);
    BOOST_TEST(moved.added == std::vector<std::string>{"m (openai/x at http://b/v1)"});
    BOOST_TEST(moved.removed == std::vector<std::string>{"m (openai/x at http://a/v1)"});

    config::settings before = one();
    before.gateway.deployments[0].id = "d1";
    after.gateway.deployments[0].id = "d1";
    config_changes const kept = compare(before, after);
    BOOST_TEST(kept.changed == std::vector<std::string>{"m (openai/x at http://b/v1, id d1)"});
    BOOST_TEST((kept.added.empty() && kept.removed.empty()));
}

BOOST_AUTO_TEST_CASE(other_settings_take_effect_or_need_a_restart)
{
    config::settings after = one();
    after.gateway.router.num_retries = 7;
    after.gateway.deadlines.total = std::chrono::seconds(1);
    after.host = "::";
    after.workers = 9;
    after.drain_grace = std::chrono::seconds(1);
    after.data = "elsewhere";
    after.ledger.allow_unpriced = true;
    after.ledger.budgets.emplace_back().terms.limit = 1;
    after.keys.bounds.rpm_limit = 1;
    after.keys.limits.keys = 1;
    after.keys.pepper = secret("a pepper of this test");
    config_changes const got = compare(one(), after);
    BOOST_TEST(got.others == (std::vector<std::string>{"routing", "timeouts", "budgets", "terms of new keys",
                                                       "how many keys and others there may be"}));
    BOOST_TEST(got.fixed == (std::vector<std::string>{"host", "workers", "drain_grace", "data", "the ledger",
                                                      "key_pepper"}));
    BOOST_TEST(
        to_text(got, "c.yaml") ==
        "cogate serve: c.yaml was read anew: 0 deployments added, 0 removed, 0 changed\n"
        "  also changed: routing, timeouts, budgets, terms of new keys, how many keys and others there may "
        "be\n"
        "  only a restart changes: host, workers, drain_grace, data, the ledger, key_pepper\n");
}

BOOST_AUTO_TEST_SUITE_END()
