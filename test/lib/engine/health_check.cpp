#include "lib/engine/health_check.hpp"

#include "test/lib/engine/script.hpp"
#include "transports/memory/memory_transport.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace cogate;
using namespace cogate::test;
using engine::deployment_health;
using engine::health_report;
using state = engine::deployment_health::state;

namespace {

deployment entry(std::string id, std::string model, std::string host)
{
    return {.model_name = "group-" + id,
            .model = std::move(model),
            .api_base = "http://" + host + "/v1",
            .api_key = secret("sk-test-0123456789"),
            .id = std::move(id)};
}

/// Deployments over a scripted upstream, on virtual time.
struct stage {
    stage(std::vector<deployment> list, transports::memory_transport::responder answer)
        : upstream(transports::make_scripted_transport(std::move(answer)))
    {
        gateway_options options;
        options.providers_from_environment = false;
        options.environment = [](std::string const&) { return std::optional<std::string>{}; };
        options.deployments = std::move(list);
        kernel = std::make_shared<engine::kernel>(std::move(options), upstream);
    }

    health_report check(std::string only = {})
    {
        return loop.run(engine::check_health(*kernel, std::move(only)));
    }

    virtual_loop loop;
    std::shared_ptr<transports::memory_transport> upstream;
    std::shared_ptr<engine::kernel> kernel;
};

wire::scripted_reply good(std::string_view)
{
    return json_reply(200, whole_answer("h"));
}

} // namespace

BOOST_AUTO_TEST_SUITE(engine_health_check)

BOOST_AUTO_TEST_CASE(each_deployment_is_asked_once_and_cheaply)
{
    stage s{{entry("a", "openai/x", "a.test"), entry("b", "openai/y", "b.test")}, good};
    health_report const report = s.check();
    BOOST_REQUIRE(report.deployments.size() == 2U);
    deployment_health const& first = report.deployments[0];
    BOOST_TEST((first.found == state::healthy));
    BOOST_TEST(first.deployment_id == "a");
    BOOST_TEST(first.model_name == "group-a");
    BOOST_TEST(first.model == "openai/x");
    BOOST_TEST(first.api_base == "http://a.test/v1");
    BOOST_TEST(first.why.empty());
    auto const sent = s.upstream->records();
    BOOST_REQUIRE(sent.size() == 2U);
    BOOST_TEST(sent[0].request.find(R"("content":"hi")") != std::string::npos);
    BOOST_TEST(sent[0].request.find(R"(max_tokens":1)") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_failure_is_told_without_a_second_try_and_without_the_key)
{
    stage s{{entry("a", "openai/x", "a.test")}, [](std::string_view) {
                return json_reply(
                    500, R"({"error":{"message":"no luck with sk-test-0123456789","type":"server_error"}})");
            }};
    health_report const report = s.check();
    BOOST_REQUIRE(report.deployments.size() == 1U);
    BOOST_TEST((report.deployments[0].found == state::unhealthy));
    BOOST_TEST(report.deployments[0].why.find("(500") != std::string::npos);
    BOOST_TEST(report.deployments[0].why.find("no luck with ***") != std::string::npos);
    BOOST_TEST(s.upstream->records().size() == 1U);
}

BOOST_AUTO_TEST_CASE(one_that_never_answers_is_given_up_while_the_others_are_asked)
{
    std::vector<deployment> list;
    for (int i = 0; i != 20; ++i) {
        list.push_back(entry("d" + std::to_string(i), "openai/x", "h" + std::to_string(i) + ".test"));
    }
    stage s{std::move(list), [](std::string_view request) {
                wire::scripted_reply reply = json_reply(200, whole_answer("h"));
                if (request.find("host: h3.test") != std::string_view::npos) {
                    reply.head_delay = std::chrono::hours(1);
                }
                return reply;
            }};
    auto const began = s.loop.clock().now();
    health_report const report = s.check();
    BOOST_REQUIRE(report.deployments.size() == 20U);
    for (deployment_health const& each : report.deployments) {
        bool const slow = each.deployment_id == "d3";
        BOOST_TEST((each.found == (slow ? state::unhealthy : state::healthy)),
                   each.deployment_id << each.why);
    }
    BOOST_TEST((s.loop.clock().now() - began < std::chrono::seconds(40)));
}

BOOST_AUTO_TEST_CASE(patterns_are_not_asked_and_blocked_ones_are_not_shown)
{
    std::vector<deployment> list{entry("a", "openai/*", "a.test"), entry("b", "openai/y", "b.test")};
    list[0].model_name = "openai/*";
    list[1].blocked = true;
    stage s{std::move(list), good};
    health_report const report = s.check();
    BOOST_REQUIRE(report.deployments.size() == 1U);
    BOOST_TEST((report.deployments[0].found == state::unchecked));
    BOOST_TEST(!report.deployments[0].why.empty());
    BOOST_TEST(s.upstream->records().empty());
}

BOOST_AUTO_TEST_CASE(models_for_embeddings_are_asked_for_one)
{
    stage s{{entry("e", "openai/text-embedding-3-small", "e.test")}, [](std::string_view) {
                return json_reply(200,
                                  R"({"object":"list","model":"e","data":[{"object":"embedding","index":0,)"
                                  R"("embedding":[0.5,1]}],"usage":{"prompt_tokens":1,"total_tokens":1}})");
            }};
    health_report const report = s.check();
    BOOST_REQUIRE(report.deployments.size() == 1U);
    BOOST_TEST((report.deployments[0].found == state::healthy), report.deployments[0].why);
    BOOST_TEST(s.upstream->records()[0].request.starts_with("POST /v1/embeddings "));
}

BOOST_AUTO_TEST_CASE(models_that_are_dear_to_ask_are_left_alone)
{
    stage s{{entry("i", "openai/gpt-image-1", "i.test")}, good};
    health_report const report = s.check();
    BOOST_REQUIRE(report.deployments.size() == 1U);
    BOOST_TEST((report.deployments[0].found == state::unchecked));
    BOOST_TEST(report.deployments[0].why.find("image") != std::string::npos);
    BOOST_TEST(s.upstream->records().empty());
}

BOOST_AUTO_TEST_CASE(one_group_can_be_asked_alone)
{
    stage s{{entry("a", "openai/x", "a.test"), entry("b", "openai/y", "b.test")}, good};
    health_report const report = s.check("group-b");
    BOOST_REQUIRE(report.deployments.size() == 1U);
    BOOST_TEST(report.deployments[0].deployment_id == "b");
    BOOST_TEST(s.check("nobody").deployments.empty());
    BOOST_TEST(s.upstream->records().size() == 1U);
}

BOOST_AUTO_TEST_CASE(without_background_checks_there_is_no_report)
{
    stage s{{entry("a", "openai/x", "a.test")}, good};
    engine::health_monitor const monitor{*s.kernel};
    BOOST_TEST(monitor.latest() == nullptr);
}

BOOST_AUTO_TEST_SUITE_END()
