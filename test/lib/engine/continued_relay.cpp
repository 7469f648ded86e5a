#include "lib/engine/continued_relay.hpp"

#include "providers/registry.hpp"
#include "test/lib/engine/routed_gateway.hpp"

using namespace cogate;
using namespace cogate::test;

namespace {

constexpr char const* asks_for_a_stream =
    R"({"model":"m","stream":true,"messages":[{"role":"user","content":"count"}]})";
constexpr char const* prefill_is_known =
    R"({"up":{"litellm_provider":"openai","input_cost_per_token":1e-6,"supports_assistant_prefill":true}})";

/// Events, then silence.
answer falls_silent_after(std::vector<std::string> events)
{
    return [events](int) {
        wire::scripted_reply reply = event_stream(events);
        reply.end = wire::scripted_reply::ending::stall;
        return reply;
    };
}

struct heard {
    std::string bytes;
    std::optional<failure> error;
};

asio::awaitable<heard> listen(engine::kernel& kernel, std::string body, call_options options)
{
    asio::any_io_executor const executor = co_await asio::this_coro::executor;
    heard out;
    engine::inbound_chat const inbound{.dialect = *providers::find_server_dialect("openai_chat"),
                                       .body = body};
    auto const task = engine::read_chat(inbound);
    if (!task) {
        out.error = task.error();
        co_return out;
    }
    std::string const model((*task)->facts().model);
    engine::continued_relay call{kernel, executor, "chat", inbound, **task, model, options};
    result<void> const started = co_await call.start();
    if (!started) {
        out.error = started.error();
        co_return out;
    }
    for (;;) {
        result<std::string_view> const events = co_await call.next();
        if (!events) {
            out.error = events.error();
            co_return out;
        }
        if (events->empty()) {
            co_return out;
        }
        out.bytes += *events;
    }
}

router_options continuing()
{
    router_options out;
    out.stall_timeout = 2'000ms;
    out.continue_after_stall = true;
    out.strategy = "simple-shuffle";
    return out;
}

/// A stalls, b and c would go on; a is asked first for its `order`.
struct stage {
    explicit stage(router_options router = continuing(), std::string prices = prefill_is_known)
        : g({{"m", "a"}, {"m", "b"}}, std::move(router), std::move(prices))
    {
        g.hosts = {{"a", falls_silent_after({content_event("one "), content_event("two")})},
                   {"b", streams(" three")}};
    }

    heard ask(std::string const& body = asks_for_a_stream, call_options options = {})
    {
        for (;;) {
            g.seen.clear();
            heard out = g.loop.run(listen(*g.kernel, body, options));
            if (g.seen["a"] != 0) {
                return out; // the shuffle asked the one that stalls first
            }
        }
    }

    routed_gateway g;
};

std::size_t count(std::string const& text, std::string_view what)
{
    std::size_t n = 0;
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) {
        ++n;
    }
    return n;
}

} // namespace

BOOST_AUTO_TEST_SUITE(engine_continued_relay)

BOOST_AUTO_TEST_CASE(another_deployment_goes_on_with_what_was_said)
{
    stage on;
    heard const got = on.ask();
    BOOST_TEST(!got.error.has_value());
    BOOST_TEST(on.g.seen["b"] == 1);
    std::size_t const mark = got.bytes.find(": cogate-continued deployment=b\n\n");
    BOOST_TEST_REQUIRE(mark != std::string::npos);
    BOOST_TEST(got.bytes.find("\"one \"") < mark);
    BOOST_TEST(got.bytes.find("\" three\"") > mark);
    BOOST_TEST(count(got.bytes, "[DONE]") == 1U);
    std::string const sent = on.g.upstream->records().back().request;
    BOOST_TEST(sent.find(R"({"role":"user","content":"count"},{"role":"assistant","content":"one two"}])") !=
               std::string::npos);
    for (policy::deployment_index const each : {0U, 1U}) {
        BOOST_TEST(on.g.kernel->current_routes()->deployment(each).lane->pending() == 0);
    }
}

BOOST_AUTO_TEST_CASE(without_the_wish_the_silence_is_an_error)
{
    router_options router = continuing();
    router.continue_after_stall = false;
    stage on(router);
    heard const got = on.ask();
    BOOST_TEST_REQUIRE(got.error.has_value());
    BOOST_TEST((*got.error)->code == "timeout_idle");
    BOOST_TEST(on.g.seen["b"] == 0);
}

BOOST_AUTO_TEST_CASE(only_models_that_take_a_prefill_go_on)
{
    stage on(continuing(), R"({"up":{"litellm_provider":"openai","input_cost_per_token":1e-6}})");
    BOOST_TEST(on.ask().error.has_value());
    BOOST_TEST(on.g.seen["b"] == 0);
}

BOOST_AUTO_TEST_CASE(tools_and_ended_answers_are_not_continued)
{
    std::string const call =
        R"({"id":"c1","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"t","function":{"name":"f",)"
        R"("arguments":""}}]},"finish_reason":null}]})";
    for (std::vector<std::string> const& events :
         {std::vector{content_event("one"), call}, std::vector{content_event("one"), finish_event()}}) {
        stage on;
        on.g.hosts["a"] = falls_silent_after(events);
        BOOST_TEST(on.ask().error.has_value());
        BOOST_TEST(on.g.seen["b"] == 0);
    }
}

BOOST_AUTO_TEST_CASE(what_nobody_knows_is_passed_on_and_not_continued)
{
    stage on;
    on.g.hosts["a"] = falls_silent_after(
        {content_event("one"),
         R"({"id":"c1","choices":[{"index":0,"delta":{"of_tomorrow":"x"},"finish_reason":null}]})"});
    heard const got = on.ask();
    BOOST_TEST(got.error.has_value());
    BOOST_TEST(got.bytes.find(R"("of_tomorrow":"x")") != std::string::npos);
    BOOST_TEST(on.g.seen["b"] == 0);
}

BOOST_AUTO_TEST_CASE(the_second_gets_what_is_left_of_the_limit)
{
    stage on;
    heard const got = on.ask(
        R"({"model":"m","stream":true,"max_tokens":10,"messages":[{"role":"user","content":"count"}]})");
    BOOST_TEST(!got.error.has_value());
    std::string const sent = on.g.upstream->records().back().request;
    BOOST_TEST(sent.find(R"("max_tokens":8,)") != std::string::npos, sent);
}

BOOST_AUTO_TEST_CASE(where_nothing_is_left_the_answer_ends_for_its_length)
{
    for (int const limit : {1, 2}) {
        stage on;
        heard const got =
            on.ask(R"({"model":"m","stream":true,"max_completion_tokens":)" + std::to_string(limit) +
                   R"(,"messages":[{"role":"user","content":"count"}]})");
        BOOST_TEST(!got.error.has_value());
        BOOST_TEST(on.g.seen["b"] == 0);
        BOOST_TEST(count(got.bytes, R"("finish_reason":"length")") == 1U, got.bytes);
        BOOST_TEST(count(got.bytes, R"("id":"c1")") == 3U, got.bytes);
        BOOST_TEST(got.bytes.ends_with("data: [DONE]\n\n"), got.bytes);
        BOOST_TEST(got.bytes.find("cogate-continued") == std::string::npos);
    }
}

// Where an event has several tokens or a token several events, the larger number counts.
BOOST_AUTO_TEST_CASE(a_piece_is_a_token_at_least)
{
    stage on;
    on.g.hosts["a"] = falls_silent_after(
        {content_event("c"), content_event("o"), content_event("u"), content_event("n"), content_event("t")});
    on.ask(R"({"model":"m","stream":true,"max_tokens":10,"messages":[{"role":"user","content":"count"}]})");
    std::string const sent = on.g.upstream->records().back().request;
    BOOST_TEST(sent.find(R"("max_tokens":5,)") != std::string::npos, sent);
}

BOOST_AUTO_TEST_CASE(several_choices_are_not_continued)
{
    stage on;
    heard const got =
        on.ask(R"({"model":"m","stream":true,"n":2,"messages":[{"role":"user","content":"count"}]})");
    BOOST_TEST_REQUIRE(got.error.has_value());
    BOOST_TEST((*got.error)->code == "timeout_idle");
    BOOST_TEST(on.g.seen["b"] == 0);
}

BOOST_AUTO_TEST_CASE(silence_of_the_second_is_told)
{
    stage on;
    on.g.hosts["b"] = falls_silent_after({content_event(" three")});
    heard const got = on.ask();
    BOOST_TEST_REQUIRE(got.error.has_value());
    BOOST_TEST((*got.error)->code == "timeout_idle");
    BOOST_TEST(got.bytes.find("cogate-continued") != std::string::npos);
    BOOST_TEST(on.g.seen["a"] + on.g.seen["b"] == 2);
}

BOOST_AUTO_TEST_CASE(a_second_that_refuses_leaves_the_first_error)
{
    stage on;
    on.g.hosts["b"] = fails(400);
    heard const got = on.ask();
    BOOST_TEST_REQUIRE(got.error.has_value());
    BOOST_TEST((*got.error)->code == "timeout_idle");
}

BOOST_AUTO_TEST_SUITE_END()
