#include "test/providers/anthropic_messages/support.hpp"

namespace cogate::test::anthropic {

namespace {

const std::string start =
    R"({"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","content":[],)"
    R"("model":"claude-x","stop_reason":null,"usage":{"input_tokens":10,"cache_read_input_tokens":4,"output_tokens":1}}})";
const std::string stop = R"({"type":"message_stop"})";

std::string block(int index, std::string const& content)
{
    return R"({"type":"content_block_start","index":)" + std::to_string(index) + R"(,"content_block":)" +
           content + "}";
}

std::string piece(int index, std::string const& delta)
{
    return R"({"type":"content_block_delta","index":)" + std::to_string(index) + R"(,"delta":)" + delta + "}";
}

std::string over(int index)
{
    return R"({"type":"content_block_stop","index":)" + std::to_string(index) + "}";
}

std::string ending(std::string const& why)
{
    return R"({"type":"message_delta","delta":{"stop_reason":")" + why +
           R"(","stop_sequence":null},"usage":{"output_tokens":20}})";
}

decoded_stream good(std::vector<std::string> const& events)
{
    const std::string bytes = as_events(events);
    decoded_stream const whole = decode_stream(bytes);
    BOOST_REQUIRE_MESSAGE(!whole.error, (whole.error ? (*whole.error)->message : ""));
    for (std::size_t cut = 1; cut < bytes.size(); ++cut) {
        decoded_stream const split = decode_stream(bytes, {cut});
        BOOST_REQUIRE_MESSAGE(split.chunks == whole.chunks && !split.error, "differs when split at " << cut);
    }
    return whole;
}

} // namespace

BOOST_AUTO_TEST_SUITE(providers_anthropic_messages_decode_stream)

BOOST_AUTO_TEST_CASE(everything_in_one)
{
    decoded_stream const s = good({
        start,
        R"({"type":"ping"})",
        block(0, R"({"type":"thinking","thinking":"","signature":""})"),
        piece(0, R"({"type":"thinking_delta","thinking":"h"})"),
        piece(0, R"({"type":"thinking_delta","thinking":"m"})"),
        piece(0, R"({"type":"signature_delta","signature":"sig"})"),
        over(0),
        block(1, R"({"type":"redacted_thinking","data":"d"})"),
        over(1),
        block(2, R"({"type":"text","text":""})"),
        piece(2, R"({"type":"text_delta","text":"Hel"})"),
        piece(2, R"({"type":"text_delta","text":"lo"})"),
        over(2),
        block(3, R"({"type":"server_tool_use","id":"s","name":"web_search","input":{}})"),
        piece(3, R"({"type":"input_json_delta","partial_json":"{\"q\""})"),
        piece(3, R"({"type":"input_json_delta","partial_json":":1}"})"),
        over(3),
        block(4, R"({"type":"tool_use","id":"a","name":"f","input":{},"caller":{"type":"direct"}})"),
        piece(4, R"({"type":"input_json_delta","partial_json":""})"),
        piece(4, R"({"type":"input_json_delta","partial_json":"{\"x\":"})"),
        piece(4, R"({"type":"input_json_delta","partial_json":"1}"})"),
        over(4),
        block(5, R"({"type":"tool_use","id":"b","name":"g","input":{}})"),
        over(5),
        ending("tool_use"),
        stop,
    });
    const chat_response r = fold(s.chunks);
    BOOST_TEST(r.id == "msg_1");
    BOOST_TEST(r.model == "claude-x");
    BOOST_REQUIRE_EQUAL(r.choices.size(), 1U);
    message const& m = r.choices[0].message;
    BOOST_REQUIRE_EQUAL(m.content.size(), 4U);
    BOOST_TEST(std::get<reasoning_part>(m.content[0]).text == "hm");
    BOOST_TEST(std::get<reasoning_part>(m.content[0]).signature == "sig");
    BOOST_TEST(std::get<reasoning_part>(m.content[1]).redacted == "d");
    BOOST_TEST(std::get<text_part>(m.content[2]).text == "Hello");
    BOOST_TEST((oracle(std::get<unknown_part>(m.content[3]).value.text) ==
                oracle(R"({"type":"server_tool_use","id":"s","name":"web_search","input":{"q":1}})")));
    BOOST_REQUIRE_EQUAL(m.tool_calls.size(), 2U);
    BOOST_TEST(m.tool_calls[0].id == "a");
    BOOST_TEST(m.tool_calls[0].arguments == R"({"x":1})");
    BOOST_TEST(m.tool_calls[0].extra.find("caller") != nullptr);
    BOOST_TEST(m.tool_calls[1].arguments == "{}");
    BOOST_TEST((r.choices[0].finish_reason == finish_reason::tool_calls));
    BOOST_TEST(r.usage.prompt_tokens == 14);
    BOOST_TEST(r.usage.completion_tokens == 20);
    std::size_t with_usage = 0;
    std::size_t with_role = 0;
    for (chat_chunk const& chunk : s.chunks) {
        with_usage += chunk.usage ? 1 : 0;
        BOOST_TEST((!chunk.usage || chunk.choices.empty()));
        BOOST_TEST(chunk.id == "msg_1");
        with_role += !chunk.choices.empty() && chunk.choices[0].has_role ? 1 : 0;
        for (chat_delta const& delta : chunk.choices) {
            for (tool_call_delta const& call : delta.tool_calls) {
                BOOST_TEST((call.index == 0 || call.index == 1)); // not the block's index
            }
        }
    }
    BOOST_TEST(with_usage == 1U);
    BOOST_TEST(with_role == 1U);
}

BOOST_AUTO_TEST_CASE(citations)
{
    decoded_stream const s = good({
        start,
        block(0, R"({"type":"text","text":"So: "})"),
        over(0),
        block(1, R"({"citations":[],"type":"text","text":""})"),
        piece(
            1,
            R"({"type":"citations_delta","citation":{"type":"web_search_result_location","url":"u","title":"t"}})"),
        piece(1, R"({"type":"text_delta","text":"rain"})"),
        piece(1, R"({"type":"citations_delta","citation":{"type":"char_location","cited_text":"c"}})"),
        over(1),
        ending("end_turn"),
        stop,
    });
    message const m = fold(s.chunks).choices.at(0).message;
    BOOST_REQUIRE_EQUAL(m.content.size(), 2U);
    BOOST_TEST((oracle(m.extra.find("citations")->text) ==
                oracle(R"([{"type":"web_search_result_location","url":"u","title":"t"},)"
                       R"({"type":"char_location","cited_text":"c"}])")));
    BOOST_TEST(
        (oracle(m.annotations.text) == oracle(R"([{"type":"url_citation","url_citation":)"
                                              R"({"start_index":4,"end_index":8,"url":"u","title":"t"}}])")));
}

BOOST_AUTO_TEST_CASE(the_stand_in_for_a_schema_is_text)
{
    decoded_stream const s = good({
        start,
        block(0, R"({"type":"tool_use","id":"a","name":"json_tool_call","input":{}})"),
        piece(0, R"({"type":"input_json_delta","partial_json":"{\"a\":"})"),
        piece(0, R"({"type":"input_json_delta","partial_json":"1}"})"),
        over(0),
        ending("tool_use"),
        stop,
    });
    const chat_response r = fold(s.chunks);
    BOOST_TEST(r.text() == R"({"a":1})");
    BOOST_TEST(r.choices[0].message.tool_calls.empty());
    BOOST_TEST((r.choices[0].finish_reason == finish_reason::stop));
}

BOOST_AUTO_TEST_CASE(a_second_beginning)
{
    decoded_stream const s = good({
        start,
        block(0, R"({"type":"tool_use","id":"a","name":"f","input":{}})"),
        piece(0, R"({"type":"input_json_delta","partial_json":"{\"x"})"),
        R"({"type":"message_start","message":{"id":"msg_2","model":"claude-x","usage":{"input_tokens":3}}})",
        block(0, R"({"type":"tool_use","id":"b","name":"f","input":{}})"),
        piece(0, R"({"type":"input_json_delta","partial_json":"{}"})"),
        over(0),
        ending("tool_use"),
        stop,
    });
    const chat_response r = fold(s.chunks);
    BOOST_TEST(r.id == "msg_1");
    BOOST_REQUIRE_EQUAL(r.choices[0].message.tool_calls.size(), 2U);
    BOOST_TEST(r.choices[0].message.tool_calls[1].id == "b");
    BOOST_TEST(r.choices[0].message.tool_calls[1].arguments == "{}");
    BOOST_TEST(r.usage.prompt_tokens == 3);
}

BOOST_AUTO_TEST_CASE(counts_that_come_later_are_not_added)
{
    decoded_stream const s = good({
        start,
        R"({"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"input_tokens":12,)"
        R"("cache_read_input_tokens":4,"output_tokens":2}})",
        stop,
    });
    BOOST_TEST(fold(s.chunks).usage.prompt_tokens == 16);
}

BOOST_AUTO_TEST_CASE(broken_streams)
{
    const std::string text = block(0, R"({"type":"text","text":"x"})");
    decoded_stream s = decode_stream(as_events({start, text, over(0), ending("end_turn")}));
    BOOST_REQUIRE(s.error.has_value());
    BOOST_TEST(((*s.error)->kind == error_kind::truncated));
    s = decode_stream("");
    BOOST_TEST(((*s.error)->kind == error_kind::truncated));
    s = decode_stream(as_events({start}) + "data: {\"type\":\"content_bl");
    BOOST_TEST(((*s.error)->kind == error_kind::truncated));
    s = decode_stream(as_events(
        {start, text,
         R"({"type":"error","error":{"type":"overloaded_error","message":"Overloaded"},"request_id":"r"})"}));
    BOOST_TEST(((*s.error)->kind == error_kind::service_unavailable));
    BOOST_TEST((*s.error)->message == "Overloaded");
    BOOST_TEST((*s.error)->upstream_request_id == "r");
    s = decode_stream("event: error\ndata: gone\n\n");
    BOOST_TEST((*s.error)->message.find("gone") != std::string::npos);
    s = decode_stream("data: [1]\n\n");
    BOOST_TEST(((*s.error)->kind == error_kind::bad_gateway));
    s = decode_stream(as_events({start, piece(7, R"({"type":"text_delta","text":"x"})")}));
    BOOST_TEST(((*s.error)->kind == error_kind::bad_gateway));
    std::vector<std::string> many = {start};
    for (int i = 0; i != 100; ++i) {
        many.push_back(block(i, R"({"type":"text","text":""})"));
    }
    s = decode_stream(as_events(many));
    BOOST_TEST(((*s.error)->kind == error_kind::bad_gateway));
}

BOOST_AUTO_TEST_CASE(a_block_is_gathered_within_a_cap)
{
    auto const decoder = dialect::make_event_decoder(100);
    std::vector<chat_chunk> out;
    BOOST_TEST(decoder->feed({"", start}, out).has_value());
    BOOST_TEST(
        decoder->feed({"", block(0, R"({"type":"server_tool_use","id":"s","name":"n","input":{}})")}, out)
            .has_value());
    const std::string more =
        piece(0, R"({"type":"input_json_delta","partial_json":"0123456789012345678901234567890"})");
    auto const fed = decoder->feed({"", more}, out);
    BOOST_TEST(!fed);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test::anthropic
