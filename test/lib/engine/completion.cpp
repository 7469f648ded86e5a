#include "test/lib/engine/script.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/test/unit_test.hpp>

namespace asio = boost::asio;
namespace wire = cogate::wire;
using namespace cogate::test;

namespace {

cogate::failure refused(scripted_gateway& g, cogate::call_options const& options = {})
{
    auto const answer = g.loop.run(g.gw.try_completion(ask(), options));
    BOOST_REQUIRE(answer.has_error());
    return answer.error();
}

} // namespace

BOOST_AUTO_TEST_SUITE(engine_completion)

BOOST_AUTO_TEST_CASE(an_answer_comes_back_whole)
{
    scripted_gateway g{[](std::string_view) { return json_reply(200, whole_answer("hello")); }};
    cogate::chat_response const answer = g.loop.run(g.gw.completion(ask()));
    BOOST_TEST(answer.text() == "hello");
    BOOST_TEST(answer.usage.total_tokens == 5);
    BOOST_TEST((answer.choices.at(0).finish_reason == cogate::finish_reason::stop));
}

BOOST_AUTO_TEST_CASE(the_request_carries_the_upstream_name_the_key_and_its_length)
{
    scripted_gateway g{[](std::string_view) { return json_reply(200, whole_answer("x")); }};
    g.loop.run(g.gw.completion(ask()));
    auto const sent = g.upstream->records();
    BOOST_REQUIRE(sent.size() == 1u);
    std::string const& request = sent[0].request;
    BOOST_TEST(request.starts_with("POST /v1/chat/completions HTTP/1.1\r\n"));
    BOOST_TEST(request.find("host: upstream.test\r\n") != std::string::npos);
    BOOST_TEST(request.find("authorization: Bearer sk-test\r\n") != std::string::npos);
    BOOST_TEST(request.find(R"("model":"up")") != std::string::npos);
    BOOST_TEST(sent[0].complete);
}

BOOST_AUTO_TEST_CASE(extra_headers_are_sent_and_cannot_break_the_head)
{
    scripted_gateway g{[](std::string_view) { return json_reply(200, whole_answer("x")); }};
    cogate::call_options options;
    options.headers = {{"x-trace", "abc"}};
    BOOST_TEST(g.loop.run(g.gw.try_completion(ask(), options)).has_value());
    BOOST_TEST(g.upstream->records()[0].request.find("x-trace: abc\r\n") != std::string::npos);
    options.headers = {{"x-trace", "abc\r\nx-evil: 1"}};
    BOOST_TEST((refused(g, options)->kind == cogate::error_kind::invalid_request));
    BOOST_TEST(g.upstream->records().size() == 1u);
}

BOOST_AUTO_TEST_CASE(an_unknown_model_is_not_found_and_nothing_is_sent)
{
    scripted_gateway g{[](std::string_view) { return json_reply(200, whole_answer("x")); }};
    cogate::chat_request request = ask();
    request.model = "other";
    auto const answer = g.loop.run(g.gw.try_completion(request));
    BOOST_REQUIRE(answer.has_error());
    BOOST_TEST((answer.error()->kind == cogate::error_kind::not_found));
    BOOST_TEST(answer.error()->code == "model_not_found");
    BOOST_TEST(g.upstream->records().empty());
}

BOOST_AUTO_TEST_CASE(the_throwing_form_throws_the_class_of_the_error)
{
    scripted_gateway g{[](std::string_view) {
        auto reply = json_reply(
            429,
            R"({"error":{"message":"slow down","type":"rate_limit_error","code":"rate_limit_exceeded"}})");
        reply.headers.push_back({"retry-after", "7"});
        return reply;
    }};
    try {
        g.loop.run(g.gw.completion(ask()));
        BOOST_FAIL("no exception");
    } catch (cogate::rate_limit_error const& e) {
        BOOST_TEST(e.status() == 429);
        BOOST_TEST(e.retryable());
        BOOST_TEST(e.provider() == "openai");
        BOOST_TEST((e.retry_after() == std::chrono::milliseconds(7000)));
        BOOST_TEST(e.why()->upstream_request_id == "req_1");
    }
}

BOOST_AUTO_TEST_CASE(every_broken_answer_is_an_error_of_its_own_kind)
{
    struct row {
        wire::scripted_reply::ending end;
        std::string body;
        cogate::error_kind kind;
    };
    using ending = wire::scripted_reply::ending;
    std::vector<row> const rows{
        {ending::refuse, "", cogate::error_kind::connection},
        {ending::no_answer, "", cogate::error_kind::connection},
        {ending::cut, whole_answer("x").substr(0, 40), cogate::error_kind::truncated},
        {ending::stall, whole_answer("x").substr(0, 40), cogate::error_kind::timeout},
        {ending::complete, whole_answer("x").substr(0, 40), cogate::error_kind::bad_gateway},
        {ending::complete, "<html>hello</html>", cogate::error_kind::bad_gateway},
        {ending::complete, "", cogate::error_kind::bad_gateway},
        {ending::complete, R"({"error":{"message":"no","type":"server_error"}})",
         cogate::error_kind::internal_server},
    };
    for (row const& r : rows) {
        scripted_gateway g{[&r](std::string_view) {
            auto reply = json_reply(200, r.body);
            reply.end = r.end;
            return reply;
        }};
        cogate::failure const why = refused(g);
        BOOST_TEST_CONTEXT(r.body << " ending " << static_cast<int>(r.end))
        {
            BOOST_TEST((why->kind == r.kind), to_string(why->kind));
            BOOST_TEST(why->status >= 500);
        }
    }
}

BOOST_AUTO_TEST_CASE(each_deadline_names_its_phase)
{
    scripted_gateway late{[](std::string_view) {
        auto reply = json_reply(200, whole_answer("x"));
        reply.head_delay = std::chrono::hours(1);
        return reply;
    }};
    cogate::call_options options;
    options.deadlines.emplace();
    options.deadlines->first_byte = std::chrono::seconds(5);
    auto begun = late.loop.clock().now();
    BOOST_TEST(refused(late, options)->code == "timeout_first_byte");
    BOOST_TEST(((late.loop.clock().now() - begun) >= std::chrono::seconds(5)));
    BOOST_TEST(((late.loop.clock().now() - begun) < std::chrono::seconds(6)));

    options = {};
    options.timeout = std::chrono::seconds(2);
    begun = late.loop.clock().now();
    BOOST_TEST(refused(late, options)->code == "timeout_total");
    BOOST_TEST(((late.loop.clock().now() - begun) < std::chrono::seconds(3)));
    BOOST_TEST(late.upstream->records().back().cancelled);
}

BOOST_AUTO_TEST_CASE(the_async_form_takes_any_token_and_is_cancelled_through_it)
{
    scripted_gateway g{[](std::string_view) { return json_reply(200, whole_answer("future")); }};
    auto future = g.gw.async_completion(g.loop.context().get_executor(), ask(), {}, asio::use_future);
    g.loop.settle();
    while (future.wait_for(std::chrono::seconds(0)) != std::future_status::ready &&
           g.loop.clock().advance_to_next()) {
        g.loop.settle();
    }
    BOOST_TEST(future.get().text() == "future");

    scripted_gateway slow{[](std::string_view) {
        auto reply = json_reply(200, whole_answer("x"));
        reply.head_delay = std::chrono::seconds(30);
        return reply;
    }};
    asio::cancellation_signal stop;
    std::exception_ptr thrown;
    bool done = false;
    slow.gw.async_completion(
        slow.loop.context().get_executor(), ask(), {},
        asio::bind_cancellation_slot(stop.slot(), [&](std::exception_ptr e, cogate::chat_response) {
            thrown = e;
            done = true;
        }));
    slow.loop.settle();
    BOOST_TEST(!done);
    stop.emit(asio::cancellation_type::terminal);
    slow.loop.settle();
    BOOST_REQUIRE(done);
    BOOST_CHECK_THROW(std::rethrow_exception(thrown), cogate::cancelled_error);
    BOOST_TEST(slow.upstream->records()[0].cancelled);
}

BOOST_AUTO_TEST_CASE(embeddings_come_back_in_order)
{
    scripted_gateway g{[](std::string_view) {
        return json_reply(
            200,
            R"({"object":"list","model":"e","data":[{"object":"embedding","index":0,"embedding":[0.5,-1]},)"
            R"({"object":"embedding","index":1,"embedding":[2,4]}],"usage":{"prompt_tokens":2,"total_tokens":2}})");
    }};
    cogate::embedding_request request{.model = "m", .input = std::vector<std::string>{"a", "b"}};
    cogate::embedding_response const answer = g.loop.run(g.gw.embedding(request));
    BOOST_REQUIRE(answer.data.size() == 2u);
    BOOST_TEST(answer.data[1].values == (std::vector<float>{2, 4}), boost::test_tools::per_element());
    BOOST_TEST(answer.usage.prompt_tokens == 2);
}

BOOST_AUTO_TEST_SUITE_END()
