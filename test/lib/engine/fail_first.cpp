#include "test/lib/engine/script.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace cogate;
using namespace cogate::test;

namespace {

/// Groups a (two deployments), b, c and d; every upstream answers well.
struct stage {
    stage()
        : upstream(transports::make_scripted_transport(
              [](std::string_view) { return json_reply(200, whole_answer("x")); }))
    {
        gateway_options options;
        options.providers_from_environment = false;
        options.environment = [](std::string const&) { return std::optional<std::string>{}; };
        for (std::string const host : {"a1", "a2", "b1", "c1", "d1"}) {
            options.deployments.push_back({.model_name = host.substr(0, 1),
                                           .model = "openai/up",
                                           .api_base = "http://" + host + ".test/v1",
                                           .api_key = secret("sk-test")});
        }
        options.router.fallbacks = {{"a", {"b"}}};
        options.router.context_window_fallbacks = {{"a", {"c"}}};
        options.router.content_policy_fallbacks = {{"a", {"d"}}};
        kernel = std::make_shared<engine::kernel>(std::move(options), upstream);
    }

    result<chat_response> ask_for(std::string model, routing_options routing)
    {
        gateway gw{kernel};
        chat_request request = ask();
        request.model = std::move(model);
        call_options options;
        options.routing = std::move(routing);
        return loop.run(gw.try_completion(request, options));
    }

    std::string host_of_the_only_request() const
    {
        auto const sent = upstream->records();
        BOOST_REQUIRE(sent.size() == 1U);
        std::string const& head = sent[0].request;
        std::size_t const at = head.find("host: ") + 6;
        return head.substr(at, head.find('.', at) - at);
    }

    virtual_loop loop;
    std::shared_ptr<transports::memory_transport> upstream;
    std::shared_ptr<engine::kernel> kernel;
};

} // namespace

BOOST_AUTO_TEST_SUITE(engine_fail_first)

BOOST_AUTO_TEST_CASE(the_fallback_for_the_failure_answers_and_nothing_else_is_sent)
{
    std::vector<std::pair<error_kind, std::string>> const ways{{error_kind::internal_server, "b1"},
                                                               {error_kind::rate_limit, "b1"},
                                                               {error_kind::context_window_exceeded, "c1"},
                                                               {error_kind::content_policy_violation, "d1"}};
    for (auto const& [kind, host] : ways) {
        stage s;
        auto const began = s.loop.clock().now();
        auto const answer = s.ask_for("a", {.num_retries = 0, .fail_first = kind});
        BOOST_REQUIRE(answer.has_value());
        BOOST_TEST(s.host_of_the_only_request() == host);
        BOOST_TEST((s.loop.clock().now() == began));
    }
}

BOOST_AUTO_TEST_CASE(the_client_s_own_fallback_answers)
{
    stage s;
    BOOST_TEST(
        s.ask_for("a", {.fallbacks = {"d"}, .num_retries = 0, .fail_first = error_kind::internal_server})
            .has_value());
    BOOST_TEST(s.host_of_the_only_request() == "d1");
}

BOOST_AUTO_TEST_CASE(attempts_side_by_side_fail_likewise)
{
    stage s;
    BOOST_TEST(
        s.ask_for("a", {.num_retries = 0, .race = 2, .fail_first = error_kind::internal_server}).has_value());
    BOOST_TEST(s.host_of_the_only_request() == "b1");
}

BOOST_AUTO_TEST_CASE(without_a_fallback_the_client_sees_the_failure)
{
    stage s;
    auto const none = s.ask_for("b", {.num_retries = 0, .fail_first = error_kind::internal_server});
    BOOST_REQUIRE(none.has_error());
    BOOST_TEST(none.error()->code == "mock_testing");
    auto const disabled = s.ask_for(
        "a",
        {.disable_fallbacks = true, .num_retries = 0, .fail_first = error_kind::content_policy_violation});
    BOOST_REQUIRE(disabled.has_error());
    BOOST_TEST((disabled.error()->kind == error_kind::content_policy_violation));
    BOOST_TEST(s.upstream->records().empty());
}

BOOST_AUTO_TEST_CASE(it_says_nothing_about_the_deployments)
{
    stage s;
    for (int i = 0; i != 50; ++i) {
        auto const answer = s.ask_for("b", {.num_retries = 0, .fail_first = error_kind::internal_server});
        BOOST_TEST(answer.has_error());
    }
    for (engine::served_deployment const& each : s.kernel->current_routes()->deployments()) {
        BOOST_TEST(each.lane->pending() == 0);
        BOOST_TEST(each.lane->error_rate(s.loop.clock().now()) == 0);
    }
    BOOST_TEST(s.ask_for("b", {}).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
