#include "test/lib/engine/routed_gateway.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <functional>
#include <map>

namespace asio = boost::asio;
namespace wire = cogate::wire;
using namespace cogate;
using namespace cogate::test;
using namespace std::chrono_literals;

namespace {

router_options in_order()
{
    router_options out;
    out.strategy = "simple-shuffle";
    return out;
}

std::size_t cancelled_exchanges(routed_gateway const& g)
{
    auto const all = g.upstream->records();
    return static_cast<std::size_t>(
        std::count_if(all.begin(), all.end(), [](auto const& one) { return one.cancelled; }));
}

} // namespace

BOOST_AUTO_TEST_SUITE(engine_routing)

BOOST_AUTO_TEST_CASE(a_failed_deployment_is_replaced_by_another)
{
    router_options router = in_order();
    router.disable_cooldowns = true; // both fail half of their calls
    routed_gateway g({{"m", "a"}, {"m", "b"}}, router);
    for (int call = 0; call != 8; ++call) {
        g.loop.clock().advance_by(1'000ms);
        g.hosts["a"] = call % 2 == 0 ? fails(500) : says("from a");
        g.hosts["b"] = call % 2 == 0 ? says("from b") : fails(500);
        auto const got = g.ask_for("m", {.explain = true});
        BOOST_TEST_REQUIRE(got.has_value(), got.error()->message);
        BOOST_TEST(got->text() == (call % 2 == 0 ? "from b" : "from a"));
    }
    BOOST_TEST(g.seen["a"] + g.seen["b"] > 8);
}

BOOST_AUTO_TEST_CASE(the_trace_says_where_a_call_went_and_why)
{
    routed_gateway g({{"m", "a"}, {"spare", "b"}}, [] {
        router_options out = in_order();
        out.num_retries = 0;
        out.fallbacks = {{"m", {"spare"}}};
        return out;
    }());
    g.hosts = {{"a", fails(500)}, {"b", says("spare")}};
    auto const got = g.ask_for("m");
    BOOST_TEST_REQUIRE(got.has_value());
    BOOST_TEST(got->text() == "spare");
    BOOST_TEST(g.reasons() == "first:a fallback:b");
    BOOST_TEST(g.ears->last->fallbacks == 1);
    BOOST_TEST(g.ears->last->deployment_id == "b");
    BOOST_TEST(g.ears->last->route.front().status == 500);
    BOOST_TEST(!g.ears->last->route.back().error.has_value());
}

BOOST_AUTO_TEST_CASE(errors_that_no_second_try_cures_are_told_at_once)
{
    routed_gateway g({{"m", "a"}, {"m", "b"}});
    g.hosts = {{"a", fails(400)}, {"b", fails(400)}};
    auto const got = g.ask_for("m");
    BOOST_TEST_REQUIRE(!got.has_value());
    BOOST_TEST(got.error()->status == 400);
    BOOST_TEST(g.seen["a"] + g.seen["b"] == 1);
}

BOOST_AUTO_TEST_CASE(a_client_may_name_its_own_fallbacks)
{
    routed_gateway g({{"m", "a"}, {"any/*", "b"}});
    g.hosts = {{"a", fails(503)}, {"b", says("wild")}};
    call_options options;
    options.routing = routing_options{.fallbacks = {"any/model-7"}, .num_retries = 0};
    auto const got = g.ask_for("m", options);
    BOOST_TEST_REQUIRE(got.has_value(), got.error()->message);
    BOOST_TEST(got->text() == "wild");
    BOOST_TEST(g.upstream->records().back().request.find(R"("model":"model-7")") != std::string::npos);

    options.routing->fallbacks = {"nobody"};
    auto const refused = g.ask_for("m", options);
    BOOST_TEST_REQUIRE(!refused.has_value());
    BOOST_TEST(refused.error()->param == "fallbacks");
    BOOST_TEST(http_status(refused.error()->kind) == 400);
}

BOOST_AUTO_TEST_CASE(a_deployment_may_be_asked_by_its_id)
{
    routed_gateway g({{"m", "a"}, {"m", "b"}});
    g.hosts = {{"a", says("from a")}, {"b", says("from b")}};
    for (int call = 0; call != 4; ++call) {
        BOOST_TEST(g.ask_for("b").value().text() == "from b");
    }
    BOOST_TEST(g.seen["a"] == 0);
}

BOOST_AUTO_TEST_CASE(a_stream_that_fails_before_content_goes_on_elsewhere)
{
    for (answer const& broken :
         {fails(500), answer([](int) {
              wire::scripted_reply reply =
                  event_stream({R"({"id":"c","object":"chat.completion.chunk","choices":[{"index":0,"delta":)"
                                R"({"role":"assistant","content":""},"finish_reason":null}]})"});
              reply.end = wire::scripted_reply::ending::cut;
              return reply;
          })}) {
        routed_gateway g({{"m", "a"}, {"spare", "b"}}, [] {
            router_options out;
            out.num_retries = 0;
            out.default_fallbacks = {"spare"};
            return out;
        }());
        g.hosts = {{"a", broken}, {"b", streams("whole")}};
        auto const got = g.stream_of("m");
        BOOST_TEST(!got.error.has_value());
        BOOST_TEST(got.text == "whole");
    }
}

BOOST_AUTO_TEST_CASE(a_stream_that_fails_behind_content_is_not_begun_again)
{
    routed_gateway g({{"m", "a"}, {"m", "b"}});
    answer const cut = [](int) {
        wire::scripted_reply reply = event_stream({content_event("begun")});
        reply.end = wire::scripted_reply::ending::cut;
        return reply;
    };
    g.hosts = {{"a", cut}, {"b", cut}};
    auto const got = g.stream_of("m");
    BOOST_TEST(got.text == "begun");
    BOOST_TEST_REQUIRE(got.error.has_value());
    BOOST_TEST(((*got.error)->kind == error_kind::truncated));
    BOOST_TEST(g.seen["a"] + g.seen["b"] == 1);
}

BOOST_AUTO_TEST_CASE(of_a_race_the_first_answer_wins_and_the_others_are_cancelled)
{
    for (bool const stream : {false, true}) {
        routed_gateway g({{"m", "slow"}, {"m", "fast"}}, [] {
            router_options out;
            out.race = 2;
            return out;
        }());
        g.hosts = {{"slow", stream ? streams("slow", 900ms) : says("slow", 900ms)},
                   {"fast", stream ? streams("fast", 100ms) : says("fast", 100ms)}};
        for (int call = 0; call != 5; ++call) {
            auto const began = g.loop.clock().now();
            std::string const text = stream ? g.stream_of("m").text : g.ask_for("m").value().text();
            BOOST_TEST(text == "fast");
            BOOST_TEST(((g.loop.clock().now() - began) < 400ms));
            BOOST_TEST(g.reasons().starts_with("first:"));
            BOOST_TEST(g.ears->last->deployment_id == "fast");
        }
        BOOST_TEST(cancelled_exchanges(g) == 5U);
        BOOST_TEST(g.kernel->current_routes()->deployment(0).lane->pending() == 0);
        BOOST_TEST(g.kernel->current_routes()->deployment(1).lane->pending() == 0);
    }
}

BOOST_AUTO_TEST_CASE(a_late_first_token_is_hedged_elsewhere)
{
    routed_gateway g({{"m", "a"}, {"m", "b"}}, [] {
        router_options out;
        out.strategy = "simple-shuffle";
        out.hedge.percentile = 95;
        out.hedge.max_extra_ratio = 0.5;
        return out;
    }());
    g.hosts = {{"a", streams("quick", 100ms)}, {"b", streams("quick", 100ms)}};
    for (int call = 0; call != 80; ++call) {
        g.loop.clock().advance_by(50ms);
        BOOST_TEST(g.stream_of("m").text == "quick");
    }
    // the next first attempt is slow wherever it goes
    int slow_ones = 1;
    answer const once = [&slow_ones](int) {
        return slow_ones-- > 0 ? streams("late", 20'000ms)(0) : streams("hedged", 100ms)(0);
    };
    g.hosts = {{"a", once}, {"b", once}};
    auto const began = g.loop.clock().now();
    BOOST_TEST(g.stream_of("m").text == "hedged");
    BOOST_TEST(((g.loop.clock().now() - began) < 1'000ms));
    std::string const reasons = g.reasons();
    BOOST_TEST(reasons.find("hedge:") != std::string::npos, reasons);
}

BOOST_AUTO_TEST_CASE(a_request_that_is_stored_is_never_doubled)
{
    routed_gateway g({{"m", "a"}, {"m", "b"}}, [] {
        router_options out;
        out.race = 2;
        return out;
    }());
    g.hosts = {{"a", says("one", 50ms)}, {"b", says("one", 50ms)}};
    chat_request request{.model = "m", .messages = {user("hi")}};
    request.store = true;
    BOOST_TEST(g.loop.run(g.gw.try_completion(request)).has_value());
    BOOST_TEST(g.seen["a"] + g.seen["b"] == 1);
}

BOOST_AUTO_TEST_CASE(a_caller_that_leaves_stops_all_attempts)
{
    routed_gateway g({{"m", "a"}, {"m", "b"}}, [] {
        router_options out;
        out.race = 2;
        return out;
    }());
    g.hosts = {{"a", hangs()}, {"b", hangs()}};
    asio::cancellation_signal stop;
    std::optional<failure> told;
    chat_request const request{.model = "m", .messages = {user("hi")}};
    asio::co_spawn(
        g.loop.context(), g.gw.try_completion(request),
        asio::bind_cancellation_slot(
            stop.slot(), [&](std::exception_ptr, result<chat_response> how) { told = how.error(); }));
    g.loop.settle();
    stop.emit(asio::cancellation_type::terminal);
    g.loop.settle();
    BOOST_TEST_REQUIRE(told.has_value());
    BOOST_TEST(((*told)->kind == error_kind::cancelled));
    BOOST_TEST(cancelled_exchanges(g) == 2U);
    for (policy::deployment_index const each : {0U, 1U}) {
        BOOST_TEST(g.kernel->current_routes()->deployment(each).lane->pending() == 0);
    }
}

BOOST_AUTO_TEST_CASE(nothing_is_tried_beyond_the_callers_time)
{
    routed_gateway g({{"m", "a"}, {"m", "b"}});
    g.hosts = {{"a", hangs()}, {"b", hangs()}};
    auto const began = g.loop.clock().now();
    auto const got = g.ask_for("m", {.timeout = 2'000ms});
    BOOST_TEST_REQUIRE(!got.has_value());
    BOOST_TEST(((got.error()->kind == error_kind::timeout)));
    BOOST_TEST(((g.loop.clock().now() - began) <= 2'100ms));
}

BOOST_AUTO_TEST_CASE(new_routes_serve_the_next_call_and_lanes_live_on)
{
    routed_gateway g({{"m", "a"}, {"m", "b"}});
    g.hosts = {{"a", says("from a")}, {"b", says("from b")}, {"c", says("from c")}};
    BOOST_TEST(g.ask_for("m").has_value());
    auto const lane = g.kernel->current_routes()->deployment(0).lane;
    g.kernel->reload(routed_gateway::options_for({{"m", "a"}, {"m", "b"}, {"n", "c"}}, {}));
    BOOST_TEST(g.ask_for("n").value().text() == "from c");
    BOOST_TEST((g.kernel->current_routes()->deployment(0).lane == lane));
    g.kernel->reload(routed_gateway::options_for({{"n", "c"}}, {}));
    BOOST_TEST(!g.ask_for("m").has_value());
    BOOST_CHECK_THROW(g.kernel->reload(routed_gateway::options_for({{"", "c"}}, {})), std::invalid_argument);
    BOOST_TEST(g.ask_for("n").has_value());
}

// Health checks and continued answers hold a deployment while the routes are replaced.
BOOST_AUTO_TEST_CASE(a_call_to_one_deployment_finds_it_by_its_id_after_a_reload)
{
    routed_gateway g({{"m", "a"}, {"m", "b"}});
    auto const before = g.kernel->current_routes();
    engine::served_deployment const& b = before->deployment(1);
    g.kernel->reload(routed_gateway::options_for({{"n", "b"}}, {}));
    auto const now = g.kernel->current_routes();
    auto const found = now->only(b, "n");
    BOOST_TEST_REQUIRE(found.has_value());
    BOOST_TEST(now->deployment(found->plan->first->members().front().deployment).id == "b");
    BOOST_TEST(found->pinned);

    auto const gone = now->only(before->deployment(0), "m");
    BOOST_TEST_REQUIRE(!gone.has_value());
    BOOST_TEST((gone.error()->kind == error_kind::not_found));
}

BOOST_AUTO_TEST_CASE(a_fallback_that_a_pattern_serves_is_tried_again_by_the_patterns_policy)
{
    router_options router = in_order();
    router.num_retries = 0;
    router.disable_cooldowns = true;
    router.fallbacks = {{"m", {"openai/x"}}};
    router.group_retries = {{"openai/*", {.internal_server = 2}}};
    routed_gateway g({{"m", "a"}, {"openai/*", "b"}}, router);
    g.hosts = {{"a", fails(500)}, {"b", fails(500)}};
    BOOST_TEST(!g.ask_for("m").has_value());
    BOOST_TEST(g.reasons() == "first:a fallback:b retry:b retry:b");
}

BOOST_AUTO_TEST_SUITE_END()
