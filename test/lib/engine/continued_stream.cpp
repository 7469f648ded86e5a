#include "test/lib/engine/routed_gateway.hpp"

using namespace cogate;
using namespace cogate::test;

namespace {

constexpr char const* prefill_is_known =
    R"({"up":{"litellm_provider":"openai","input_cost_per_token":1e-6,"supports_assistant_prefill":true}})";

answer falls_silent_after(std::vector<std::string> events)
{
    return [events](int) {
        wire::scripted_reply reply = event_stream(events);
        reply.end = wire::scripted_reply::ending::stall;
        return reply;
    };
}

std::string delta(std::string const& members)
{
    return R"({"id":"c1","choices":[{"index":0,"delta":{)" + members + R"(},"finish_reason":null}]})";
}

struct heard {
    std::string text; ///< with the mark where it stood
    chat_response folded;
    std::optional<failure> error;
};

asio::awaitable<heard> listen(gateway& gw, chat_request request, std::size_t cancel_after)
{
    heard out;
    chat_fold all;
    auto opened = co_await gw.try_stream(request);
    if (!opened) {
        out.error = opened.error();
        co_return out;
    }
    chat_stream stream = std::move(*opened);
    for (std::size_t n = 1;; ++n) {
        auto chunk = co_await stream.try_next();
        if (!chunk) {
            out.error = chunk.error();
            co_return out;
        }
        if (!*chunk) {
            out.folded = std::move(all).response();
            co_return out;
        }
        all.add(**chunk);
        if (raw_json const* const mark = (*chunk)->extra.find(chat_stream::continued_member)) {
            out.text += '[' + mark->text + ']';
        }
        out.text += (*chunk)->text();
        if (n == cancel_after) {
            stream.cancel();
        }
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

/// The first deployment falls silent, the other one would go on.
struct stage {
    explicit stage(router_options router = continuing(), std::string prices = prefill_is_known)
        : g({{"m", "a"}, {"m", "b"}}, std::move(router), std::move(prices))
    {
        g.hosts = {{"a", falls_silent_after({content_event("one "), content_event("two")})},
                   {"b", streams(" three")}};
    }

    heard ask(chat_request const& request = test::ask("count"), std::size_t cancel_after = 0)
    {
        for (;;) {
            g.seen.clear();
            heard out = g.loop.run(listen(g.gw, request, cancel_after));
            if (g.seen["a"] != 0) {
                return out; // the shuffle asked the one that stalls first
            }
        }
    }

    std::string sent() { return g.upstream->records().back().request; }
    bool idle()
    {
        g.loop.settle();
        auto const served = g.kernel->current_routes();
        return served->deployment(0).lane->pending() == 0 && served->deployment(1).lane->pending() == 0;
    }

    routed_gateway g;
};

} // namespace

BOOST_AUTO_TEST_SUITE(engine_continued_stream)

BOOST_AUTO_TEST_CASE(another_deployment_goes_on_with_what_was_said_and_a_chunk_says_so)
{
    stage on;
    heard const got = on.ask();
    BOOST_TEST(!got.error.has_value());
    BOOST_TEST(got.text == R"(one two[{"deployment":"b"}] three)");
    BOOST_TEST(on.g.seen["b"] == 1);
    BOOST_TEST(on.sent().find(R"({"role":"assistant","content":"one two"})") != std::string::npos);
    BOOST_TEST(got.folded.text() == "one two three");
    BOOST_TEST((got.folded.choices.at(0).finish_reason == finish_reason::stop));
    BOOST_TEST((got.folded.extra.find(chat_stream::continued_member) != nullptr));
    BOOST_TEST(on.idle());
}

BOOST_AUTO_TEST_CASE(the_second_gets_what_is_left_of_the_limit)
{
    stage on;
    chat_request asked = test::ask("count");
    asked.max_tokens = 10;
    asked.max_completion_tokens = 12;
    heard const got = on.ask(asked);
    BOOST_TEST(!got.error.has_value());
    BOOST_TEST(on.sent().find(R"("max_tokens":8)") != std::string::npos, on.sent());
    BOOST_TEST(on.sent().find(R"("max_completion_tokens":10)") != std::string::npos, on.sent());
}

BOOST_AUTO_TEST_CASE(where_nothing_is_left_the_answer_ends_for_its_length)
{
    stage on;
    chat_request asked = test::ask("count");
    asked.max_tokens = 2;
    heard const got = on.ask(asked);
    BOOST_TEST(!got.error.has_value());
    BOOST_TEST(got.text == "one two");
    BOOST_TEST((got.folded.choices.at(0).finish_reason == finish_reason::length));
    BOOST_TEST(got.folded.id == "c1");
    BOOST_TEST(on.g.seen["b"] == 0);
    BOOST_TEST(on.idle());
}

BOOST_AUTO_TEST_CASE(without_the_wish_or_the_ability_the_silence_is_an_error)
{
    router_options unwilling = continuing();
    unwilling.continue_after_stall = false;
    stage without(unwilling);
    stage unable(continuing(), R"({"up":{"litellm_provider":"openai","input_cost_per_token":1e-6}})");
    for (stage* const on : {&without, &unable}) {
        heard const got = on->ask();
        BOOST_TEST(got.text == "one two");
        BOOST_TEST_REQUIRE(got.error.has_value());
        BOOST_TEST((*got.error)->code == "timeout_idle");
        BOOST_TEST(on->g.seen["b"] == 0);
    }
}

BOOST_AUTO_TEST_CASE(what_is_not_one_plain_text_is_not_continued)
{
    for (std::string const& odd :
         {delta(R"("tool_calls":[{"index":0,"id":"t","function":{"name":"f","arguments":""}}])"),
          delta(R"("reasoning_content":"hm")"),
          delta(R"("thinking_blocks":[{"type":"thinking","thinking":"hm","signature":"s"}])"),
          delta(R"("of_tomorrow":{"a":1})"), finish_event()}) {
        stage on;
        on.g.hosts["a"] = falls_silent_after({content_event("one"), odd});
        BOOST_TEST(on.ask().error.has_value(), odd);
        BOOST_TEST(on.g.seen["b"] == 0, odd);
    }
    stage several;
    chat_request asked = test::ask("count");
    asked.n = 2;
    BOOST_TEST(several.ask(asked).error.has_value());
    stage stored;
    asked.n = 1;
    asked.store = true;
    BOOST_TEST(stored.ask(asked).error.has_value());
    stage begun;
    asked.store.reset();
    asked.messages.push_back(assistant("one"));
    BOOST_TEST(begun.ask(asked).error.has_value());
    BOOST_TEST(several.g.seen["b"] + stored.g.seen["b"] + begun.g.seen["b"] == 0);
}

BOOST_AUTO_TEST_CASE(a_second_that_fails_is_told_once)
{
    stage silent;
    silent.g.hosts["b"] = falls_silent_after({content_event(" three")});
    heard const got = silent.ask();
    BOOST_TEST(got.text == R"(one two[{"deployment":"b"}] three)");
    BOOST_TEST_REQUIRE(got.error.has_value());
    BOOST_TEST((*got.error)->code == "timeout_idle");
    BOOST_TEST(silent.idle());

    stage refusing;
    refusing.g.hosts["b"] = fails(400);
    heard const first = refusing.ask();
    BOOST_TEST_REQUIRE(first.error.has_value());
    BOOST_TEST((*first.error)->code == "timeout_idle");
    BOOST_TEST(refusing.idle());
}

BOOST_AUTO_TEST_CASE(cancelling_ends_the_second_too)
{
    stage on;
    on.g.hosts["b"] = falls_silent_after({content_event(" three")});
    heard const got = on.ask(test::ask("count"), 4); // one, two, the mark, three
    BOOST_TEST_REQUIRE(got.error.has_value());
    BOOST_TEST((((*got.error)->kind == error_kind::cancelled)));
    BOOST_TEST(on.g.upstream->records().back().cancelled);
    BOOST_TEST(on.idle());
}

BOOST_AUTO_TEST_SUITE_END()
