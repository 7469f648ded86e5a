#include "providers/cohere/dialect.hpp"
#include "test/providers/natives.hpp"

namespace cogate::test::natives {

namespace {

auto decode(std::string_view body)
{
    return providers::cohere::client().decode_chat({.body = body}, provider_context("command"));
}

} // namespace

BOOST_AUTO_TEST_SUITE(providers_cohere_decode_response)

BOOST_AUTO_TEST_CASE(text_thoughts_and_usage)
{
    auto const answer = decode(R"({"id":"i","message":{"role":"assistant","content":[
        {"type":"thinking","thinking":"hm"},{"type":"text","text":"8"},{"type":"graph","x":1}],
        "citations":[{"start":0,"end":1,"text":"8"}]},"finish_reason":"COMPLETE","novel":1,
        "usage":{"billed_units":{"input_tokens":3},"tokens":{"input_tokens":100,"output_tokens":9,"reasoning_tokens":4},
        "cached_tokens":400}})");
    BOOST_REQUIRE(answer.has_value());
    chat_choice const& choice = answer->choices.front();
    BOOST_TEST(answer->id == "i");
    BOOST_TEST(answer->model == "command");
    BOOST_TEST(choice.message.text() == "8");
    BOOST_TEST(choice.message.reasoning() == "hm");
    BOOST_TEST(std::get<unknown_part>(choice.message.content[2]).type == "graph");
    BOOST_TEST((choice.finish_reason == finish_reason::stop));
    BOOST_TEST(choice.native_finish_reason == "COMPLETE");
    BOOST_REQUIRE(choice.message.extra.find("citations") != nullptr);
    BOOST_TEST(answer->usage.reported);
    BOOST_TEST(answer->usage.prompt_tokens == 100);
    BOOST_TEST(answer->usage.completion_tokens == 9);
    BOOST_TEST(answer->usage.cached_tokens == 100); // never more than the prompt
    BOOST_TEST(answer->usage.reasoning_tokens == 4);
    BOOST_REQUIRE(answer->usage.extra.find("billed_units") != nullptr);
    BOOST_REQUIRE(answer->extra.find("novel") != nullptr);
}

BOOST_AUTO_TEST_CASE(tool_calls)
{
    auto const answer = decode(R"({"id":"i","message":{"tool_plan":"I look","tool_calls":[
        {"id":"a","type":"function","function":{"name":"f","arguments":"{\"x\":1}"}},
        {"id":"b","type":"function","function":{"name":"g","arguments":""}},
        {"id":"c","type":"function","function":{"name":"h","arguments":null}}]},"finish_reason":"TOOL_CALL"})");
    BOOST_REQUIRE(answer.has_value());
    message const& m = answer->choices.front().message;
    BOOST_TEST(m.reasoning() == "I look");
    BOOST_TEST(m.text().empty());
    BOOST_REQUIRE(m.tool_calls.size() == 3U);
    BOOST_TEST(m.tool_calls[0].arguments == R"({"x":1})");
    BOOST_TEST(m.tool_calls[1].arguments == "{}");
    BOOST_TEST(m.tool_calls[2].arguments == "{}");
    BOOST_TEST((answer->choices.front().finish_reason == finish_reason::tool_calls));
    BOOST_TEST(!answer->usage.reported);
}

BOOST_AUTO_TEST_CASE(logprobs_in_openais_shape)
{
    auto const answer =
        decode(R"({"message":{"content":[{"type":"text","text":"ab"}]},"finish_reason":"MAX_TOKENS",
        "logprobs":[{"text":"a","token_ids":[1],"logprobs":[-0.5]},{"text":"b","token_ids":[2],"logprobs":[-1]}]})");
    BOOST_REQUIRE(answer.has_value());
    auto const logprobs = oracle(answer->choices.front().logprobs.text);
    BOOST_TEST(text_at(logprobs.at("content").as_array()[1], "token") == "b");
    BOOST_TEST(logprobs.at("content").as_array()[0].at("logprob").to_number<double>() == -0.5);
    BOOST_TEST((answer->choices.front().finish_reason == finish_reason::length));
}

BOOST_AUTO_TEST_CASE(errors_within_a_good_status)
{
    auto const tool = decode(
        R"({"id":"i","message":{},"finish_reason":"ERROR","error":"bad tool","error_type":"INVALID_TOOL_GENERATION"})");
    BOOST_REQUIRE(!tool.has_value());
    BOOST_TEST((tool.error()->kind == error_kind::invalid_request));
    BOOST_TEST(tool.error()->message == "bad tool");
    BOOST_TEST((decode(R"({"message":{},"finish_reason":"TIMEOUT"})").error()->kind == error_kind::timeout));
    BOOST_TEST(
        (decode(R"({"message":{},"finish_reason":"ERROR"})").error()->kind == error_kind::internal_server));
    BOOST_TEST(
        (decode(R"({"message":{"content":[]},"finish_reason":"ERROR_TOXIC"})")->choices[0].finish_reason ==
         finish_reason::content_filter));
}

BOOST_AUTO_TEST_CASE(nonsense_is_a_bad_gateway)
{
    for (char const* body : {"", "[]", "null", "{}", "{\"message\":3}", "<html>"}) {
        auto const answer = decode(body);
        BOOST_REQUIRE(!answer.has_value());
        BOOST_TEST((answer.error()->kind == error_kind::bad_gateway));
    }
}

BOOST_AUTO_TEST_CASE(error_answers)
{
    auto const kind = [](int status, std::string_view body) {
        return providers::cohere::client().decode_error(status, {}, body, {})->kind;
    };
    BOOST_TEST((kind(400, R"({"id":"x","message":"no","error_type":"TOO_MANY_TOKENS"})") ==
                error_kind::context_window_exceeded));
    BOOST_TEST((kind(400, R"({"message":"bad"})") == error_kind::invalid_request));
    BOOST_TEST((kind(401, R"({"id":"x","message":"no api key supplied"})") == error_kind::authentication));
    BOOST_TEST((kind(498, R"({"message":"invalid token"})") == error_kind::authentication));
    BOOST_TEST((kind(404, R"({"message":"model 'x' was removed"})") == error_kind::not_found));
    BOOST_TEST((kind(422, R"({"message":"x"})") == error_kind::unprocessable));
    BOOST_TEST((kind(429, R"({"message":"slow down"})") == error_kind::rate_limit));
    BOOST_TEST((kind(500, "oops") == error_kind::internal_server));
    BOOST_TEST((kind(503, "") == error_kind::service_unavailable));
    failure const named =
        providers::cohere::client().decode_error(400, {}, R"({"id":"abc","message":"m"})", {});
    BOOST_TEST(named->upstream_request_id == "abc");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test::natives
