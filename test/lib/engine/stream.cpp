#include "test/lib/engine/script.hpp"

#include <boost/test/unit_test.hpp>

namespace asio = boost::asio;
namespace wire = cogate::wire;
using namespace cogate::test;

namespace {

struct read_stream {
    std::string text;
    std::size_t chunks = 0;
    std::optional<cogate::usage> usage;
    std::optional<cogate::failure> error;
};

asio::awaitable<read_stream> drain(cogate::gateway& gw, cogate::chat_request request,
                                   cogate::call_options options)
{
    read_stream out;
    auto opened = co_await gw.try_stream(request, options);
    if (!opened) {
        out.error = opened.error();
        co_return out;
    }
    cogate::chat_stream stream = std::move(*opened);
    for (;;) {
        auto chunk = co_await stream.try_next();
        if (!chunk) {
            out.error = chunk.error();
            co_return out;
        }
        if (!*chunk) {
            co_return out;
        }
        ++out.chunks;
        out.text += (*chunk)->text();
        if ((*chunk)->usage) {
            out.usage = (*chunk)->usage;
        }
    }
}

read_stream drain(scripted_gateway& g, cogate::call_options const& options = {})
{
    return g.loop.run(drain(g.gw, ask(), options));
}

struct outcomes : cogate::observer {
    std::vector<std::string> heard;
    asio::awaitable<void> on_start(cogate::call_facts_ptr c) override
    {
        heard.push_back(c->stream ? "start stream" : "start");
        co_return;
    }
    asio::awaitable<void> on_first_token(cogate::call_facts_ptr, std::chrono::nanoseconds after) override
    {
        heard.push_back("first after " + std::to_string(after / std::chrono::milliseconds(1)) + " ms");
        co_return;
    }
    asio::awaitable<void> on_success(cogate::call_facts_ptr, cogate::call_outcome_ptr o) override
    {
        heard.push_back("success " + std::to_string(o->usage.total_tokens));
        co_return;
    }
    asio::awaitable<void> on_failure(cogate::call_facts_ptr, cogate::call_outcome_ptr o) override
    {
        heard.push_back("failure " + std::string(to_string((*o->error)->kind)) + " " + (*o->error)->code);
        co_return;
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(engine_stream)

BOOST_AUTO_TEST_CASE(chunks_come_one_by_one_and_usage_with_them)
{
    auto ears = std::make_shared<outcomes>();
    scripted_gateway g{[](std::string_view) {
                           return event_stream({content_event("Hel"), content_event("lo"), finish_event(),
                                                usage_event(), "[DONE]"});
                       },
                       {ears}};
    read_stream const got = drain(g);
    BOOST_TEST(!got.error);
    BOOST_TEST(got.text == "Hello");
    BOOST_TEST(got.usage->total_tokens == 5);
    g.loop.settle();
    std::vector<std::string> const expected{"start stream", "first after 10 ms", "success 5"};
    BOOST_TEST(ears->heard == expected, boost::test_tools::per_element());
    BOOST_TEST(g.upstream->records()[0].complete);
}

BOOST_AUTO_TEST_CASE(a_stream_that_ends_early_is_never_a_success)
{
    using ending = wire::scripted_reply::ending;
    std::vector<std::string> const events{content_event("a"), content_event("b"), finish_event(),
                                          usage_event(), "[DONE]"};
    for (ending end : {ending::complete, ending::cut, ending::stall}) {
        for (std::size_t kept = 0; kept != 2; ++kept) {
            auto ears = std::make_shared<outcomes>();
            scripted_gateway g{[&](std::string_view) {
                                   auto reply = event_stream(
                                       {events.begin(), events.begin() + static_cast<std::ptrdiff_t>(kept)});
                                   reply.end = end;
                                   return reply;
                               },
                               {ears}};
            read_stream const got = drain(g);
            BOOST_TEST_CONTEXT("ending " << static_cast<int>(end) << " after " << kept << " events")
            {
                BOOST_REQUIRE(got.error.has_value());
                bool const right = end == ending::stall ? (*got.error)->kind == cogate::error_kind::timeout
                                                        : (*got.error)->kind == cogate::error_kind::truncated;
                BOOST_TEST(right, to_string((*got.error)->kind));
                g.loop.settle();
                BOOST_TEST(ears->heard.back().starts_with("failure"));
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(an_error_event_ends_the_stream_with_its_class)
{
    scripted_gateway g{[](std::string_view) {
        return event_stream(
            {content_event("a"), R"({"error":{"message":"boom","type":"server_error","code":null}})"});
    }};
    read_stream const got = drain(g);
    BOOST_TEST(got.text == "a");
    BOOST_REQUIRE(got.error.has_value());
    BOOST_TEST(((*got.error)->kind == cogate::error_kind::internal_server));
}

BOOST_AUTO_TEST_CASE(a_plain_answer_to_a_stream_request_is_an_error)
{
    scripted_gateway g{[](std::string_view) { return json_reply(200, whole_answer("x")); }};
    read_stream const got = drain(g);
    BOOST_REQUIRE(got.error.has_value());
    BOOST_TEST((*got.error)->code == "upstream_bad_content");
}

BOOST_AUTO_TEST_CASE(slow_bytes_inside_one_event_do_not_hold_off_the_idle_deadline)
{
    scripted_gateway g{[](std::string_view) {
        auto reply = event_stream({content_event("a")});
        for (int i = 0; i != 1000; ++i) {
            reply.body.push_back({std::chrono::milliseconds(100), ":"});
        }
        return reply;
    }};
    cogate::call_options options;
    options.deadlines.emplace();
    options.deadlines->idle = std::chrono::seconds(2);
    auto const begun = g.loop.clock().now();
    read_stream const got = drain(g, options);
    BOOST_REQUIRE(got.error.has_value());
    BOOST_TEST((*got.error)->code == "timeout_idle");
    BOOST_TEST(((g.loop.clock().now() - begun) < std::chrono::seconds(3)));
}

BOOST_AUTO_TEST_CASE(an_event_beyond_the_limit_is_an_error)
{
    scripted_gateway g{
        [](std::string_view) { return event_stream({content_event(std::string(33 << 20, 'x'))}); }};
    read_stream const got = drain(g);
    BOOST_REQUIRE(got.error.has_value());
    BOOST_TEST((*got.error)->code == "upstream_event_too_large");
}

BOOST_AUTO_TEST_CASE(a_stream_that_is_dropped_or_cancelled_closes_its_upstream)
{
    auto const endless = [](std::string_view) {
        auto reply = event_stream({content_event("a"), content_event("b"), content_event("c")});
        reply.end = wire::scripted_reply::ending::stall;
        return reply;
    };
    auto ears = std::make_shared<outcomes>();
    scripted_gateway g{endless, {ears}};
    {
        cogate::chat_stream stream = g.loop.run(g.gw.stream(ask()));
        BOOST_TEST(g.loop.run(stream.next())->text() == "a");
    }
    BOOST_TEST(g.upstream->records()[0].cancelled);
    g.loop.settle();
    BOOST_TEST(ears->heard.back() == "failure cancelled_error cancelled", ears->heard.back());

    cogate::chat_stream stream = g.loop.run(g.gw.stream(ask()));
    stream.cancel();
    auto const next = g.loop.run(stream.try_next());
    BOOST_REQUIRE(next.has_error());
    BOOST_TEST((next.error()->kind == cogate::error_kind::cancelled));
    BOOST_TEST(g.upstream->records()[1].cancelled);
}

BOOST_AUTO_TEST_CASE(fold_of_the_stream_is_the_whole_answer)
{
    scripted_gateway g{[](std::string_view request) {
        bool const stream = request.find(R"("stream":true)") != std::string_view::npos;
        return stream ? event_stream({content_event("Hel"), content_event("lo"), finish_event(),
                                      usage_event(), "[DONE]"})
                      : json_reply(200, whole_answer("Hello"));
    }};
    cogate::chat_response const whole = g.loop.run(g.gw.completion(ask()));
    cogate::chat_stream stream = g.loop.run(g.gw.stream(ask()));
    cogate::chat_fold fold;
    while (auto chunk = g.loop.run(stream.next())) {
        fold.add(*chunk);
    }
    cogate::chat_response const folded = std::move(fold).response();
    BOOST_TEST(folded.text() == whole.text());
    BOOST_TEST((folded.usage == whole.usage));
    BOOST_TEST((folded.choices.at(0).finish_reason == whole.choices.at(0).finish_reason));
}

BOOST_AUTO_TEST_SUITE_END()
