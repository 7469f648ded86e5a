#include "test/lib/engine/routed_gateway.hpp"

#include <string>
#include <vector>

using namespace cogate;
using namespace cogate::test;

namespace {

deployment entry(std::string name, std::string model, std::string id)
{
    deployment out{.model_name = std::move(name), .model = std::move(model), .api_key = secret("k")};
    out.id = std::move(id);
    return out;
}

gateway_options options()
{
    gateway_options out;
    out.providers_from_environment = false;
    out.environment = [](std::string const&) { return std::nullopt; };
    out.deployments = {entry("off", "openai/gpt-4o", "d-off"), entry("mini", "openai/gpt-4o-mini", "d-mini"),
                       entry("openai/*", "openai/*", "d-all"), entry("best", "openai/gpt-4o", "d-best"),
                       entry("claude", "anthropic/claude-sonnet-4-5", "d-claude")};
    out.deployments[0].blocked = true;
    out.deployments[1].prices = {{"input_cost_per_token", "1"}};
    return out;
}

engine::routes routes_of(gateway_options const& given)
{
    return engine::routes{
        given, transports::make_scripted_transport([](std::string_view) { return json_reply(200, "{}"); }),
        nullptr};
}

using names = std::vector<std::string>;

} // namespace

BOOST_AUTO_TEST_SUITE(engine_pass_through_targets)

BOOST_AUTO_TEST_CASE(a_request_goes_to_the_deployment_of_its_model)
{
    engine::routes const served = routes_of(options());
    BOOST_TEST(served.service("openai", "gpt-4o")->id == "d-best"); // what is blocked is never asked
    BOOST_TEST(served.service("openai", "gpt-4o-mini")->id == "d-mini");
    BOOST_TEST(served.service("openai", "o3")->id == "d-mini"); // the first of the service
    BOOST_TEST(served.service("openai")->id == "d-mini");
    BOOST_TEST(served.service("anthropic", "gpt-4o")->id == "d-claude");
    BOOST_TEST(served.service("cohere", "gpt-4o") == nullptr);
}

BOOST_AUTO_TEST_CASE(a_model_has_the_names_of_its_deployments)
{
    engine::routes const served = routes_of(options());
    BOOST_TEST((served.names_of("openai", "gpt-4o") == names{"openai/gpt-4o", "best", "gpt-4o"}));
    BOOST_TEST((served.names_of("anthropic", "claude-sonnet-4-5") ==
                names{"claude", "anthropic/claude-sonnet-4-5", "claude-sonnet-4-5"}));
    BOOST_TEST((served.names_of("cohere", "c") == names{"cohere/c", "c"}));
}

BOOST_AUTO_TEST_CASE(own_prices_hold_for_what_is_served_by_the_entry)
{
    engine::routes const served = routes_of(options());
    engine::served_deployment const& mini = *served.service("openai", "gpt-4o-mini");
    engine::served_deployment const& best = *served.service("openai", "gpt-4o");
    BOOST_TEST((mini.facts("gpt-4o-mini") == mini.own_facts.get()));
    BOOST_REQUIRE(mini.facts("gpt-4o") != nullptr);
    BOOST_TEST((mini.facts("gpt-4o") == best.prices->find_deployment("openai", "gpt-4o", {})));
    BOOST_TEST((mini.facts("openai/*") == nullptr));
    BOOST_TEST((mini.facts("a-model-of-tomorrow") == nullptr));
}

BOOST_AUTO_TEST_SUITE_END()
