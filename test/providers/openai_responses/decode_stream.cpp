#include "test/providers/openai_responses/support.hpp"

namespace cogate::test::responses {

namespace {

std::string created()
{
    return event(
        "response.created",
        R"("response":{"id":"resp_1","created_at":5,"model":"m","status":"in_progress","output":[]})");
}

std::string completed(std::string_view more = "")
{
    return event(
        "response.completed",
        R"("response":{"id":"resp_1","created_at":5,"model":"m","status":"completed","output":[],"usage":)"
        R"({"input_tokens":3,"output_tokens":4,"total_tokens":7,"input_tokens_details":{"cached_tokens":9},)"
        R"("output_tokens_details":{"reasoning_tokens":2}})" +
            std::string(more) + "}");
}

std::string item(std::string_view type, int index, std::string_view json)
{
    return event(type, "\"output_index\":" + std::to_string(index) + ",\"item\":" + std::string(json));
}

std::string text(int index, int part, std::string_view delta)
{
    return event("response.output_text.delta",
                 "\"output_index\":" + std::to_string(index) + ",\"item_id\":\"any" + std::string(delta) +
                     "\",\"content_index\":" + std::to_string(part) + ",\"delta\":\"" + std::string(delta) +
                     "\",\"logprobs\":[]");
}

chat_response folded(std::string const& bytes)
{
    decoded_stream const s = responses::decode_stream(bytes);
    BOOST_REQUIRE_MESSAGE(!s.error, (s.error ? (*s.error)->message : ""));
    check_splits(bytes);
    return fold(s.chunks);
}

} // namespace

BOOST_AUTO_TEST_SUITE(providers_openai_responses_decode_stream)

BOOST_AUTO_TEST_CASE(parts_in_their_order)
{
    // Item ids differ from event to event; only output_index counts.
    chat_response const r =
        folded(created() +
               item("response.output_item.added", 0, R"({"type":"reasoning","id":"rs_1","summary":[]})") +
               event("response.reasoning_summary_text.delta",
                     R"("output_index":0,"summary_index":0,"delta":"one")") +
               event("response.reasoning_summary_text.delta",
                     R"("output_index":0,"summary_index":1,"delta":"two")") +
               event("response.reasoning_text.delta", R"("output_index":0,"content_index":0,"delta":"raw")") +
               item("response.output_item.done", 0,
                    R"({"type":"reasoning","id":"rs_2","summary":[],"encrypted_content":"sealed"})") +
               item("response.output_item.added", 1, R"({"type":"message","phase":"commentary"})") +
               text(1, 0, "a") + text(1, 0, "b") + text(1, 1, "c") +
               event("response.output_text.annotation.added",
                     R"("output_index":1,"annotation":{"type":"url_citation","url":"u","title":"t"})") +
               item("response.output_item.done", 2,
                    R"({"type":"web_search_call","id":"ws_1","status":"completed"})") +
               text(3, 0, "d") + completed(R"(,"tool_usage":{"n":1},"service_tier":"default")"));
    message const& m = r.choices.at(0).message;
    BOOST_REQUIRE_EQUAL(m.content.size(), 6U);
    BOOST_TEST(std::get<reasoning_part>(m.content[0]).text == "one\n\ntwo");
    BOOST_TEST(std::get<reasoning_part>(m.content[0]).id == "rs_1");
    BOOST_TEST(std::get<reasoning_part>(m.content[1]).redacted == "sealed");
    BOOST_TEST(std::get<text_part>(m.content[2]).text == "ab");
    BOOST_TEST(std::get<text_part>(m.content[3]).text == "c");
    BOOST_TEST(std::get<unknown_part>(m.content[4]).type == "web_search_call");
    BOOST_TEST(std::get<text_part>(m.content[5]).text == "d");
    BOOST_TEST(m.annotations.text == R"([{"type":"url_citation","url_citation":{"url":"u","title":"t"}}])");
    BOOST_TEST(m.extra.find("phase")->text == "\"commentary\"");
    BOOST_TEST(r.id == "resp_1");
    BOOST_TEST(r.created == 5);
    BOOST_TEST(r.usage.prompt_tokens == 3);
    BOOST_TEST(r.usage.cached_tokens == 3);
    BOOST_TEST(r.usage.reasoning_tokens == 2);
    BOOST_TEST(r.extra.find("tool_usage") != nullptr);
    BOOST_TEST(r.extra.size() == 1U);
    BOOST_TEST((r.choices[0].finish_reason == finish_reason::stop));
}

BOOST_AUTO_TEST_CASE(calls_and_their_fragments)
{
    chat_response const r = folded(
        created() +
        item("response.output_item.added", 0,
             R"({"type":"function_call","call_id":"c1","name":"f","arguments":""})") +
        item("response.output_item.added", 1,
             R"({"type":"function_call","call_id":"c2","name":"g","arguments":""})") +
        event("response.function_call_arguments.delta", R"("output_index":1,"delta":"{\"x\":")") +
        event("response.function_call_arguments.delta", R"("output_index":0,"delta":"{}")") +
        event("response.function_call_arguments.delta", R"("output_index":1,"delta":"1}")") +
        event("response.function_call_arguments.done", R"("output_index":1,"arguments":"{\"x\":1}")") +
        item("response.output_item.done", 1,
             R"({"type":"function_call","call_id":"c2","name":"g","arguments":"{\"x\":1}"})") +
        // No fragments: the item says it, or there is nothing to say.
        item("response.output_item.done", 2,
             R"({"type":"function_call","call_id":"c3","name":"h","arguments":"{\"y\":2}"})") +
        item("response.output_item.done", 3,
             R"({"type":"function_call","call_id":"c4","name":"i","arguments":""})") +
        item("response.output_item.added", 4,
             R"({"type":"custom_tool_call","call_id":"c5","name":"j","input":""})") +
        event("response.custom_tool_call_input.delta", R"("output_index":4,"delta":"in")") +
        item("response.output_item.added", 5, R"({"type":"function_call","name":"k","arguments":""})") +
        completed());
    auto const& calls = r.choices.at(0).message.tool_calls;
    BOOST_REQUIRE_EQUAL(calls.size(), 6U);
    BOOST_TEST(calls[0].arguments == "{}");
    BOOST_TEST(calls[1].arguments == "{\"x\":1}");
    BOOST_TEST(calls[2].arguments == "{\"y\":2}");
    BOOST_TEST(calls[3].arguments == "{}");
    BOOST_TEST(calls[4].arguments == "in");
    BOOST_TEST(calls[4].type == "custom");
    BOOST_TEST(calls[5].arguments == "{}");
    BOOST_TEST(calls[5].id.starts_with("call_"));
    BOOST_TEST(calls[5].id.size() == 29U);
    BOOST_TEST((r.choices[0].finish_reason == finish_reason::tool_calls));
}

BOOST_AUTO_TEST_CASE(services_that_say_it_late)
{
    chat_response const by_item = folded(
        created() +
        item(
            "response.output_item.done", 0,
            R"({"type":"message","content":[{"type":"output_text","text":"a","annotations":[{"type":"file_citation"}]},)"
            R"({"type":"refusal","refusal":"no"}]})") +
        completed());
    BOOST_TEST(by_item.text() == "a");
    BOOST_TEST(std::get<refusal_part>(by_item.choices[0].message.content[1]).text == "no");
    BOOST_TEST(by_item.choices[0].message.annotations.text == R"([{"type":"file_citation"}])");
    const std::string last =
        event("response.completed", R"("response":{"id":"r","status":"completed","output":[
        {"type":"reasoning","id":"x","summary":[{"type":"summary_text","text":"t"}]},
        {"type":"message","content":[{"type":"output_text","text":"b"}]},
        {"type":"function_call","call_id":"c","name":"f","arguments":"{}"}]})");
    std::string line = last;
    std::erase(line, '\n');
    const auto data = line.find("data:");
    chat_response const by_end = folded(line.substr(data) + "\n\n");
    BOOST_TEST(by_end.text() == "b");
    BOOST_TEST(by_end.choices[0].message.reasoning() == "t");
    BOOST_TEST(by_end.choices[0].message.tool_calls.size() == 1U);
}

BOOST_AUTO_TEST_CASE(why_it_ended)
{
    struct row {
        char const* reason;
        finish_reason why;
        char const* native;
    };
    for (row const& r : {row{"max_output_tokens", finish_reason::length, "max_output_tokens"},
                         {"content_filter", finish_reason::content_filter, ""},
                         {"new_reason", finish_reason::other, "new_reason"}}) {
        const std::string end =
            R"("response":{"id":"r","status":"incomplete","incomplete_details":{"reason":")" +
            std::string(r.reason) + R"("},"output":[]})";
        decoded_stream const s =
            responses::decode_stream(created() + text(0, 0, "a") + event("response.incomplete", end));
        BOOST_REQUIRE(!s.error);
        BOOST_TEST((s.chunks.back().choices.at(0).finish_reason == r.why));
        BOOST_TEST(s.chunks.back().choices.at(0).native_finish_reason == r.native);
    }
}

BOOST_AUTO_TEST_CASE(failures)
{
    struct row {
        std::string bytes;
        error_kind kind;
        char const* code;
    };
    for (row const& r :
         {row{event("error", R"("code":"rate_limit_exceeded","message":"slow down","param":null)"),
              error_kind::rate_limit, "rate_limit_exceeded"},
          {event("error", R"("error":{"type":"server_error","message":"m"})"), error_kind::internal_server,
           ""},
          {"event: error\ndata: {\"error\":{\"message\":\"m\",\"code\":\"context_length_exceeded\"}}\n\n",
           error_kind::context_window_exceeded, ""},
          {"event: error\ndata: oops\n\n", error_kind::internal_server, ""},
          {"data: {\"error\":{\"message\":\"m\",\"code\":429}}\n\n", error_kind::rate_limit, "429"},
          {event("response.failed",
                 R"("response":{"status":"failed","error":{"code":"server_error","message":"m"}})"),
           error_kind::internal_server, "server_error"},
          {event("response.failed",
                 R"("response":{"status":"failed","error":{"code":"invalid_image_format","message":"m"}})"),
           error_kind::invalid_request, "invalid_image_format"},
          {event("response.failed", R"("response":{"status":"failed"})"), error_kind::internal_server, ""},
          {event("response.completed", R"("response":{"status":"failed","error":null})"),
           error_kind::internal_server, ""},
          {"data: {nope}\n\n", error_kind::bad_gateway, "upstream_invalid_response"},
          {"data: 7\n\n", error_kind::bad_gateway, "upstream_invalid_response"}}) {
        decoded_stream const s =
            responses::decode_stream(created() + text(0, 0, "a") + r.bytes + completed());
        BOOST_REQUIRE_MESSAGE(s.error, r.bytes);
        BOOST_CHECK_MESSAGE((*s.error)->kind == r.kind, r.bytes << " is " << to_string((*s.error)->kind));
        BOOST_CHECK_MESSAGE(*r.code == 0 || (*s.error)->code == r.code, r.bytes << (*s.error)->code);
    }
    for (std::string const& cut :
         {std::string(), created(), created() + text(0, 0, "a"),
          created() + text(0, 0, "a") + "data: [DONE]\n\n", created() + "data: {\"type\":"}) {
        decoded_stream const s = responses::decode_stream(cut);
        BOOST_REQUIRE_MESSAGE(s.error, cut);
        BOOST_TEST(((*s.error)->kind == error_kind::truncated));
    }
    // The last event needs no blank line, and nothing behind it matters.
    const std::string whole = created() + text(0, 0, "a") + completed();
    BOOST_TEST(!responses::decode_stream(std::string_view(whole).substr(0, whole.size() - 1)).error);
    BOOST_TEST(!responses::decode_stream(whole + "data: [DONE]\n\ndata: nope\n\n").error);
}

BOOST_AUTO_TEST_CASE(any_bytes_give_chunks_or_a_failure)
{
    const std::string whole =
        created() + text(0, 0, "a") +
        item("response.output_item.added", 1,
             R"({"type":"function_call","call_id":"c","name":"f","arguments":""})") +
        event("response.function_call_arguments.delta", R"("output_index":1,"delta":"{}")") +
        item("response.output_item.done", 2,
             R"({"type":"reasoning","id":"r","encrypted_content":"e","summary":[]})") +
        completed();
    seeded random(5);
    for (int round = 0; round != 3000; ++round) {
        std::string bytes = whole;
        for (std::size_t n = 1 + random.below(4); n != 0; --n) {
            bytes[random.below(bytes.size())] = "{}[]\",:0\n x"[random.below(11)];
        }
        fold(responses::decode_stream(bytes).chunks);
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test::responses
