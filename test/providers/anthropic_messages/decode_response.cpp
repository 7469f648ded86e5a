#include "test/providers/anthropic_messages/support.hpp"

namespace cogate::test::anthropic {

BOOST_AUTO_TEST_SUITE(providers_anthropic_messages_decode_response)

BOOST_AUTO_TEST_CASE(a_whole_message)
{
    const chat_response r = decoded(R"({"id":"msg_1","type":"message","role":"assistant","model":"claude-x",
        "content":[{"type":"thinking","thinking":"hm","signature":"s"},{"type":"redacted_thinking","data":"d"},
            {"type":"text","text":"\u00e9"},
            {"type":"text","text":"It rains.","citations":[{"type":"web_search_result_location","url":"https://e.org",
                "title":"E","cited_text":"rain","encrypted_index":"x"}]},
            {"type":"server_tool_use","id":"srv","name":"web_search","input":{"q":1}},
            {"type":"tool_use","id":"t","name":"f","input":{"a":[1]},"caller":{"type":"direct"}}],
        "stop_reason":"tool_use","stop_sequence":null,"stop_details":null,"container":{"id":"c"},
        "usage":{"input_tokens":10,"cache_creation_input_tokens":7,"cache_read_input_tokens":5,"output_tokens":20,
            "cache_creation":{"ephemeral_5m_input_tokens":3,"ephemeral_1h_input_tokens":4},
            "output_tokens_details":{"thinking_tokens":6},"server_tool_use":{"web_search_requests":1},
            "service_tier":"standard"}})");
    BOOST_TEST(r.id == "msg_1");
    BOOST_TEST(r.model == "claude-x");
    BOOST_TEST(r.service_tier == "default");
    BOOST_TEST(r.extra.find("container")->text == R"({"id":"c"})");
    BOOST_REQUIRE_EQUAL(r.choices.size(), 1U);
    chat_choice const& choice = r.choices[0];
    BOOST_TEST((choice.finish_reason == finish_reason::tool_calls));
    BOOST_TEST(choice.native_finish_reason == "tool_use");
    message const& m = choice.message;
    BOOST_REQUIRE_EQUAL(m.content.size(), 5U);
    BOOST_TEST(std::get<reasoning_part>(m.content[0]).signature == "s");
    BOOST_TEST(std::get<reasoning_part>(m.content[1]).redacted == "d");
    BOOST_TEST(std::get<text_part>(m.content[3]).citations.text.starts_with("[{"));
    BOOST_TEST(std::get<unknown_part>(m.content[4]).type == "server_tool_use");
    BOOST_REQUIRE_EQUAL(m.tool_calls.size(), 1U);
    BOOST_TEST(m.tool_calls[0].arguments == R"({"a":[1]})");
    BOOST_TEST(m.tool_calls[0].extra.find("caller") != nullptr);
    BOOST_TEST((oracle(m.annotations.text) ==
                oracle(R"([{"type":"url_citation","url_citation":{"start_index":1,"end_index":10,)"
                       R"("url":"https://e.org","title":"E"}}])")));
    BOOST_TEST(r.usage.reported);
    BOOST_TEST(r.usage.prompt_tokens == 22);
    BOOST_TEST(r.usage.completion_tokens == 20);
    BOOST_TEST(r.usage.total_tokens == 42);
    BOOST_TEST(r.usage.cached_tokens == 5);
    BOOST_TEST(r.usage.cache_write_tokens == 7);
    BOOST_TEST(r.usage.cache_write_1h_tokens == 4);
    BOOST_TEST(r.usage.reasoning_tokens == 6);
    BOOST_TEST(r.usage.extra.find("server_tool_use") != nullptr);
}

BOOST_AUTO_TEST_CASE(stop_reasons)
{
    struct row {
        char const* word;
        finish_reason why;
    };
    for (row const& r : {row{"end_turn", finish_reason::stop}, row{"stop_sequence", finish_reason::stop},
                         row{"pause_turn", finish_reason::stop}, row{"max_tokens", finish_reason::length},
                         row{"model_context_window_exceeded", finish_reason::length},
                         row{"tool_use", finish_reason::tool_calls},
                         row{"refusal", finish_reason::content_filter}, row{"novel", finish_reason::other}}) {
        const chat_response got =
            decoded(std::string(R"({"content":[],"stop_sequence":"X","stop_reason":")") + r.word + "\"}");
        BOOST_TEST((got.choices[0].finish_reason == r.why), r.word);
        BOOST_TEST(got.choices[0].native_finish_reason == r.word);
        BOOST_TEST(got.choices[0].stop_sequence == "X");
        BOOST_TEST(!got.id.empty());
        BOOST_TEST(!got.usage.reported);
    }
}

BOOST_AUTO_TEST_CASE(a_refusal_keeps_its_details)
{
    const chat_response r = decoded(
        R"({"content":[],"stop_reason":"refusal","stop_details":{"type":"refusal","category":"cyber"}})");
    BOOST_TEST((r.choices[0].finish_reason == finish_reason::content_filter));
    BOOST_TEST(r.choices[0].extra.find("stop_details")->text == R"({"type":"refusal","category":"cyber"})");
}

BOOST_AUTO_TEST_CASE(the_stand_in_for_a_schema_is_text)
{
    const chat_response r = decoded(R"({"content":[{"type":"tool_use","id":"t","name":"json_tool_call",)"
                                    R"("input":{"a":1}}],"stop_reason":"tool_use"})");
    BOOST_TEST(r.text() == R"({"a":1})");
    BOOST_TEST(r.choices[0].message.tool_calls.empty());
    BOOST_TEST((r.choices[0].finish_reason == finish_reason::stop));
}

BOOST_AUTO_TEST_CASE(nonsense_and_errors_at_status_200)
{
    for (char const* body :
         {"", "[]", "{}", "{\"content\":3}", "null", "{\"type\":\"completion\",\"completion\":\"x\"}"}) {
        auto const got = dialect::client().decode_chat({.body = body}, provider_context());
        BOOST_REQUIRE_MESSAGE(!got, body);
        BOOST_TEST((got.error()->kind == error_kind::bad_gateway));
        BOOST_TEST(got.error()->code == "upstream_invalid_response");
    }
    auto const got = dialect::client().decode_chat(
        {.body =
             R"({"type":"error","error":{"type":"overloaded_error","message":"Overloaded"},"request_id":"req_1"})"},
        provider_context());
    BOOST_REQUIRE(!got);
    BOOST_TEST((got.error()->kind == error_kind::service_unavailable));
    BOOST_TEST(got.error()->upstream_request_id == "req_1");
}

BOOST_AUTO_TEST_CASE(odd_counts_do_no_harm)
{
    const chat_response r =
        decoded(R"({"content":[],"usage":{"input_tokens":-5,"output_tokens":99999999999999999,
        "cache_read_input_tokens":"x","output_tokens_details":{"thinking_tokens":3e18}}})");
    BOOST_TEST(r.usage.prompt_tokens == 0);
    BOOST_TEST(r.usage.completion_tokens == std::int64_t{1} << 40);
    BOOST_TEST(r.usage.reasoning_tokens <= r.usage.completion_tokens);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test::anthropic
