#include "test/providers/gemini/support.hpp"

namespace cogate::test::google {

namespace {

std::string event(std::string const& parts, std::string const& more = {})
{
    return R"({"candidates":[{"content":{"parts":)" + parts + R"(,"role":"model"},"index":0)" + more +
           R"(}],"usageMetadata":{"promptTokenCount":2,"candidatesTokenCount":3},"modelVersion":"m","responseId":"r"})";
}

const std::string stop = R"(,"finishReason":"STOP")";

chat_response folded(std::string const& bytes)
{
    decoded_stream const ours = decode_stream(bytes);
    BOOST_REQUIRE_MESSAGE(!ours.error, (ours.error ? (*ours.error)->message : ""));
    return fold(ours.chunks);
}

} // namespace

BOOST_AUTO_TEST_SUITE(providers_gemini_decode_stream)

BOOST_AUTO_TEST_CASE(text_thoughts_and_one_usage_at_the_end)
{
    const std::string bytes =
        sse({event(R"([{"text":"hm","thought":true}])"), event(R"([{"text":"a"}])"),
             event(R"([{"text":"b"}])", stop), event(R"([{"text":"","thoughtSignature":"sig"}])", stop)});
    check_splits(bytes);
    decoded_stream const ours = decode_stream(bytes);
    BOOST_REQUIRE(!ours.error);
    BOOST_TEST(ours.chunks.front().choices.at(0).has_role);
    BOOST_TEST(ours.chunks.back().choices.empty());
    BOOST_REQUIRE(ours.chunks.back().usage.has_value());
    BOOST_TEST(ours.chunks.back().usage->prompt_tokens == 2);
    BOOST_TEST(std::count_if(ours.chunks.begin(), ours.chunks.end(),
                             [](auto const& c) { return c.usage.has_value(); }) == 1);
    const chat_response whole = fold(ours.chunks);
    BOOST_TEST(whole.id == "r");
    BOOST_TEST(whole.text() == "ab");
    BOOST_TEST(whole.choices[0].message.reasoning() == "hm");
    BOOST_TEST((whole.choices[0].finish_reason == finish_reason::stop));
    BOOST_TEST(std::get<reasoning_part>(whole.choices[0].message.content.back()).signature == googles("sig"));
}

BOOST_AUTO_TEST_CASE(the_same_as_a_json_array)
{
    const std::vector<std::string> events = {
        event(R"([{"text":"a"}])"), event(R"([{"functionCall":{"name":"f","args":{"x":"]},["}}}])", stop)};
    const std::string list = "[" + events[0] + "\n,\r\n" + events[1] + "\n]\n";
    check_splits(list);
    BOOST_TEST((folded(list) == folded(sse(events))));
    BOOST_TEST((decode_stream("[" + events[1]).error.value()->kind == error_kind::truncated));
    BOOST_TEST((folded(events[1]) == folded(sse({events[1]})))); // an answer that was not streamed
}

BOOST_AUTO_TEST_CASE(calls_get_their_own_numbers_and_the_ids_of_the_whole_answer)
{
    const std::string parts =
        R"([{"functionCall":{"name":"f","args":{"a":1}},"thoughtSignature":"s"},{"functionCall":{"name":"g"}}])";
    const chat_response whole = folded(sse({event(parts), event("[]", stop)}));
    std::vector<tool_call> const& ours = whole.choices.at(0).message.tool_calls;
    BOOST_REQUIRE_EQUAL(ours.size(), 2U);
    BOOST_TEST(ours[0].signature == "s");
    BOOST_TEST(ours[1].arguments == "{}");
    BOOST_TEST((whole.choices[0].finish_reason == finish_reason::tool_calls));
    auto const unstreamed = decode(event(parts, stop));
    BOOST_REQUIRE(unstreamed.has_value());
    BOOST_TEST((unstreamed->choices[0].message.tool_calls == ours));
}

BOOST_AUTO_TEST_CASE(arguments_in_pieces)
{
    const auto call = [](std::string inner) { return event(R"([{"functionCall":)" + inner + "}]"); };
    const std::string bytes = sse({
        call(R"({"name":"f","willContinue":true})"),
        call(
            R"({"partialArgs":[{"jsonPath":"$.where.city","stringValue":"Bos","willContinue":true}],"willContinue":true})"),
        call(
            R"({"partialArgs":[{"jsonPath":"$.where.city","stringValue":"ton"},{"jsonPath":"$['odd key'][0]","numberValue":1.5},
                {"jsonPath":"$['odd key'][1]","boolValue":true},{"jsonPath":"$.none","nullValue":"NULL_VALUE"}],"willContinue":true})"),
        call("{}"),
        call(R"({"name":"g","willContinue":true})"),
        event("[]", stop),
    });
    check_splits(bytes);
    const chat_response whole = folded(bytes);
    std::vector<tool_call> const& ours = whole.choices.at(0).message.tool_calls;
    BOOST_REQUIRE_EQUAL(ours.size(), 2U);
    BOOST_TEST((oracle(ours[0].arguments) ==
                oracle(R"({"where":{"city":"Boston"},"odd key":[1.5,true],"none":null})")));
    BOOST_TEST(ours[1].arguments == "{}");
}

BOOST_AUTO_TEST_CASE(a_close_without_a_reason_is_no_end)
{
    BOOST_TEST((decode_stream("").error.value()->kind == error_kind::truncated));
    BOOST_TEST(
        (decode_stream(sse({event(R"([{"text":"a"}])")})).error.value()->kind == error_kind::truncated));
    BOOST_TEST((decode_stream("data: {\"candidates\":[{").error.value()->kind == error_kind::truncated));
}

BOOST_AUTO_TEST_CASE(errors_in_a_stream)
{
    const std::string error =
        R"({"error":{"code":429,"message":"slow down","status":"RESOURCE_EXHAUSTED","details":[{"retryDelay":"2s"}]}})";
    for (std::string const& bytes : {sse({event(R"([{"text":"a"}])"), error}), "[" + error + "]", error}) {
        check_splits(bytes);
        decoded_stream const ours = decode_stream(bytes);
        BOOST_REQUIRE(ours.error.has_value());
        BOOST_TEST(((*ours.error)->kind == error_kind::rate_limit));
        BOOST_TEST(((*ours.error)->retry_after == std::chrono::milliseconds(2000)));
    }
    BOOST_TEST((decode_stream("data: nonsense\n\n").error.value()->kind == error_kind::bad_gateway));
    BOOST_TEST((decode_stream("<html>").error.has_value()));
    BOOST_TEST((decode_stream("[1,2]").error.value()->kind == error_kind::bad_gateway));
    BOOST_TEST((decode_stream("[]]").error.value()->kind == error_kind::bad_gateway));
}

BOOST_AUTO_TEST_CASE(a_refused_prompt)
{
    const chat_response whole =
        folded(sse({R"({"promptFeedback":{"blockReason":"OTHER"},"usageMetadata":{"promptTokenCount":1}})"}));
    BOOST_TEST((whole.choices.at(0).finish_reason == finish_reason::content_filter));
}

BOOST_AUTO_TEST_CASE(candidates_apart)
{
    const chat_response whole = folded(sse(
        {R"({"candidates":[{"content":{"parts":[{"text":"a"}]},"index":0},{"content":{"parts":[{"text":"b"}]},"index":1}]})",
         R"({"candidates":[{"finishReason":"MAX_TOKENS","index":1},{"finishReason":"STOP","index":0}]})"}));
    BOOST_REQUIRE_EQUAL(whole.choices.size(), 2U);
    BOOST_TEST(whole.choices[1].message.text() == "b");
    BOOST_TEST((whole.choices[1].finish_reason == finish_reason::length));
}

BOOST_AUTO_TEST_CASE(an_event_beyond_the_cap)
{
    provider_context const holder("m", true);
    providers::call_context small = holder;
    small.max_event_bytes = 100;
    for (std::string const& start : {std::string("data: {\"a\":\""), std::string("[{\"a\":\"")}) {
        auto const decoder = providers::gemini::client().decode_chat_stream(small);
        std::vector<chat_chunk> out;
        auto const fed = decoder->feed(start + std::string(5000, 'x'), out);
        BOOST_REQUIRE(!fed.has_value());
        BOOST_TEST(fed.error()->code == "upstream_event_too_large");
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test::google
