#include "providers/cohere/dialect.hpp"
#include "test/providers/natives.hpp"

namespace cogate::test::natives {

namespace {

auto const& dialect = providers::cohere::client;

std::string sse(std::initializer_list<std::string_view> events)
{
    std::string out;
    for (std::string_view const event : events) {
        out += "event: whatever\ndata: ";
        out += event;
        out += "\n\n";
    }
    return out;
}

constexpr std::string_view start =
    R"({"id":"i","type":"message-start","delta":{"message":{"role":"assistant","content":[],"tool_plan":"","tool_calls":[],"citations":[]}}})";
constexpr std::string_view end =
    R"({"type":"message-end","delta":{"finish_reason":"COMPLETE","usage":{"tokens":{"input_tokens":5,"output_tokens":2}}}})";
constexpr std::string_view end_tools =
    R"({"type":"message-end","delta":{"finish_reason":"TOOL_CALL","usage":{}}})";

} // namespace

BOOST_AUTO_TEST_SUITE(providers_cohere_decode_stream)

BOOST_AUTO_TEST_CASE(text_with_thoughts_and_citations)
{
    std::string const bytes = sse(
        {start,
         R"({"type":"content-start","index":0,"delta":{"message":{"content":{"type":"thinking","thinking":""}}}})",
         R"({"type":"content-delta","index":0,"delta":{"message":{"content":{"thinking":"hm"}}}})",
         R"({"type":"content-end","index":0})",
         R"({"type":"content-start","index":1,"delta":{"message":{"content":{"type":"text","text":""}}}})",
         R"({"type":"content-delta","index":1,"delta":{"message":{"content":{"text":"gr"}}}})",
         R"({"type":"citation-start","index":0,"delta":{"message":{"citations":{"start":0,"end":2}}}})",
         R"({"type":"citation-end","index":0})",
         R"({"type":"content-delta","index":1,"delta":{"message":{"content":{"text":"een"}}}})",
         R"({"type":"citation-start","index":1,"delta":{"message":{"citations":{"start":2,"end":5}}}})",
         R"({"type":"novelty","x":1})", R"({"type":"content-end","index":1})", end, "[DONE]"});
    decoded const got = run(dialect(), bytes);
    BOOST_TEST(!got.error);
    chat_response const whole = fold(got.chunks);
    BOOST_TEST(whole.id == "i");
    BOOST_TEST(whole.text() == "green");
    BOOST_TEST(whole.choices[0].message.reasoning() == "hm");
    BOOST_TEST(oracle(whole.choices[0].message.extra.find("citations")->text) ==
               oracle(R"([{"start":0,"end":2},{"start":2,"end":5}])"));
    BOOST_TEST((whole.choices[0].finish_reason == finish_reason::stop));
    BOOST_TEST(whole.usage.prompt_tokens == 5);
    BOOST_TEST(got.chunks.front().choices[0].has_role);
    BOOST_TEST(got.chunks.back().choices.empty());
    check_splits(dialect(), bytes);
    check_truncation(dialect(), bytes, bytes.find("message-end"));
}

BOOST_AUTO_TEST_CASE(calls_count_from_zero_and_always_have_arguments)
{
    std::string const bytes = sse(
        {start, R"({"type":"tool-plan-delta","delta":{"message":{"tool_plan":"I look"}}})",
         R"({"type":"tool-call-start","index":3,"delta":{"message":{"tool_calls":{"id":"a","type":"function","function":{"name":"f","arguments":""}}}}})",
         R"({"type":"tool-call-delta","index":3,"delta":{"message":{"tool_calls":{"function":{"arguments":"{\"x\""}}}}})",
         R"({"type":"tool-call-delta","index":3,"delta":{"message":{"tool_calls":{"function":{"arguments":":1}"}}}}})",
         R"({"type":"tool-call-end","index":3})",
         R"({"type":"tool-call-start","index":4,"delta":{"message":{"tool_calls":{"id":"b","function":{"name":"g","arguments":null}}}}})",
         R"({"type":"tool-call-end","index":4})",
         R"({"type":"tool-call-start","index":5,"delta":{"message":{"tool_calls":{"id":"c","function":{"name":"h"}}}}})",
         end_tools, "[DONE]"});
    decoded const got = run(dialect(), bytes);
    BOOST_TEST(!got.error);
    chat_response const whole = fold(got.chunks);
    auto const& calls = whole.choices[0].message.tool_calls;
    BOOST_REQUIRE(calls.size() == 3U);
    BOOST_TEST(calls[0].arguments == R"({"x":1})");
    BOOST_TEST(calls[1].arguments == "{}");
    BOOST_TEST(calls[2].arguments == "{}");
    BOOST_TEST(calls[2].name == "h");
    BOOST_TEST((whole.choices[0].finish_reason == finish_reason::tool_calls));
    BOOST_TEST(whole.choices[0].message.reasoning() == "I look");
    BOOST_TEST(!whole.usage.reported);
    for (chat_chunk const& chunk : got.chunks) {
        for (chat_delta const& delta : chunk.choices) {
            for (tool_call_delta const& call : delta.tool_calls) {
                BOOST_TEST(call.index < 3);
            }
        }
    }
    check_splits(dialect(), bytes);
}

BOOST_AUTO_TEST_CASE(errors_end_the_stream)
{
    decoded const got = run(
        dialect(),
        sse({start,
             R"({"type":"message-end","delta":{"finish_reason":"ERROR","usage":{},"error":"invalid tool","error_type":"INVALID_TOOL_GENERATION"}})"}));
    BOOST_REQUIRE(got.error.has_value());
    BOOST_TEST((*got.error)->message == "invalid tool");
    decoded const bad = run(dialect(), "data: {nonsense\n\n");
    BOOST_REQUIRE(bad.error.has_value());
    BOOST_TEST(((*bad.error)->kind == error_kind::bad_gateway));
    decoded const empty = run(dialect(), "");
    BOOST_REQUIRE(empty.error.has_value());
    BOOST_TEST(((*empty.error)->kind == error_kind::truncated));
}

BOOST_AUTO_TEST_CASE(the_end_mark)
{
    auto const decoder = dialect().decode_chat_stream(provider_context("up", true));
    std::vector<chat_chunk> out;
    BOOST_TEST(decoder->feed(sse({start, end}), out).value() == 2U);
    BOOST_TEST(decoder->finish(out).has_value()); // some bodies lack [DONE]
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test::natives
