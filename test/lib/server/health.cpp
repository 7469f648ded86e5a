#include "lib/server/health.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>

namespace engine = cogate::engine;
namespace server = cogate::server;
using state = engine::deployment_health::state;

namespace {

engine::health_report report()
{
    engine::health_report out;
    out.deployments = {{.deployment_id = "1",
                        .model_name = "a",
                        .model = "openai/x",
                        .api_base = "http://a/v1",
                        .found = state::healthy,
                        .took = std::chrono::milliseconds(12)},
                       {.deployment_id = "2",
                        .model_name = "b",
                        .model = "openai/y",
                        .api_base = "http://b/v1",
                        .found = state::unhealthy,
                        .why = "it said \"no\""},
                       {.deployment_id = "3",
                        .model_name = "openai/*",
                        .model = "openai/*",
                        .api_base = "http://c/v1",
                        .found = state::unchecked,
                        .why = "not asked"}};
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(server_health)

BOOST_AUTO_TEST_CASE(a_report_has_litellm_s_shape)
{
    BOOST_TEST(
        server::to_json(report(), {}) ==
        R"({"healthy_endpoints":[{"model":"openai/x","api_base":"http://a/v1","model_name":"a",)"
        R"("model_id":"1","response_ms":12}],)"
        R"("unhealthy_endpoints":[{"model":"openai/y","api_base":"http://b/v1","model_name":"b",)"
        R"("model_id":"2","error":"it said \"no\""}],"healthy_count":1,"unhealthy_count":1,)"
        R"("unchecked_endpoints":[{"model":"openai/*","api_base":"http://c/v1","model_name":"openai/*",)"
        R"("model_id":"3","error":"not asked"}]})");
}

BOOST_AUTO_TEST_CASE(one_model_can_be_shown_alone)
{
    BOOST_TEST(server::to_json(report(), "nobody") ==
               R"({"healthy_endpoints":[],"unhealthy_endpoints":[],"healthy_count":0,"unhealthy_count":0,)"
               R"("unchecked_endpoints":[]})");
    BOOST_TEST(server::to_json(report(), "b").find(R"("healthy_count":0,"unhealthy_count":1)") !=
               std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
