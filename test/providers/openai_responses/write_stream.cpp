#include "test/providers/openai_responses/support.hpp"

namespace cogate::test::responses {

namespace bj = boost::json;

namespace {

chat_chunk chunk(chat_delta delta)
{
    chat_chunk c{.id = "chatcmpl-1", .created = 5, .model = "up", .choices = {}};
    c.choices.push_back(std::move(delta));
    return c;
}

chat_chunk text(std::string content, bool begins = false)
{
    chat_delta d;
    d.content = std::move(content);
    d.has_content = true;
    d.begins_part = begins;
    return chunk(std::move(d));
}

chat_chunk finish(finish_reason why)
{
    chat_delta d;
    d.finish_reason = why;
    return chunk(std::move(d));
}

chat_chunk call(tool_call_delta piece)
{
    chat_delta d;
    d.tool_calls.push_back(std::move(piece));
    return chunk(std::move(d));
}

chat_chunk tokens()
{
    chat_chunk c{.id = "chatcmpl-1", .created = 5, .model = "up", .choices = {}};
    c.usage = usage{.prompt_tokens = 1, .completion_tokens = 2, .total_tokens = 3, .reported = true};
    return c;
}

std::vector<std::string> types_of(std::vector<written_event> const& events)
{
    std::vector<std::string> out;
    for (written_event const& e : events) {
        out.push_back(e.type);
    }
    return out;
}

void check_types(std::vector<written_event> const& events, std::vector<std::string> const& wanted)
{
    std::vector<std::string> const types = types_of(events);
    BOOST_CHECK_EQUAL_COLLECTIONS(types.begin(), types.end(), wanted.begin(), wanted.end());
    for (std::size_t i = 0; i != events.size(); ++i) {
        BOOST_TEST(text_of(events[i].data, "type") == events[i].type);
        BOOST_TEST(events[i].data.at("sequence_number") == i);
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(providers_openai_responses_write_stream)

BOOST_AUTO_TEST_CASE(a_text)
{
    auto const events =
        events_of(write_stream({text("a"), text("b"), finish(finish_reason::stop), tokens()}));
    check_types(events, {"response.created", "response.in_progress", "response.output_item.added",
                         "response.content_part.added", "response.output_text.delta",
                         "response.output_text.delta", "response.output_text.done",
                         "response.content_part.done", "response.output_item.done", "response.completed"});
    BOOST_TEST(events[0].data.at("response").at("status") == "in_progress");
    BOOST_TEST(events[0].data.at("response").at("id") == "chatcmpl-1");
    BOOST_TEST(events[0].data.at("response").at("output").as_array().empty());
    bj::value const id = events[2].data.at("item").at("id");
    for (std::size_t i : {3U, 4U, 5U, 6U, 7U}) {
        BOOST_TEST(events[i].data.at("item_id") == id);
        BOOST_TEST(events[i].data.at("output_index") == 0);
        BOOST_TEST(events[i].data.at("content_index") == 0);
    }
    BOOST_TEST(events[5].data.at("delta") == "b");
    BOOST_TEST(events[6].data.at("text") == "ab");
    bj::value const& last = events.back().data.at("response");
    BOOST_TEST(last.at("status") == "completed");
    BOOST_TEST(last.at("output").at(0) == events[8].data.at("item"));
    BOOST_TEST(last.at("usage").at("total_tokens") == 3);
}

BOOST_AUTO_TEST_CASE(reasoning_then_text_then_mixed_calls)
{
    chat_delta thought;
    thought.reasoning = "t";
    chat_delta sealed;
    sealed.reasoning_signature = "S";
    auto const events = events_of(
        write_stream({chunk(thought), chunk(sealed), text("a"),
                      call({.index = 0, .id = "c0", .name = "f", .type = "function"}),
                      call({.index = 1, .id = "c1", .name = "g", .arguments = "{", .type = "function"}),
                      call({.index = 0, .arguments = "{}"}), call({.index = 1, .arguments = "}"}),
                      call({.index = 2, .id = "c2", .name = "h", .type = "custom"}),
                      call({.index = 2, .arguments = "in", .type = "custom"}),
                      call({.index = 3, .id = "c3", .name = "i"}), finish(finish_reason::tool_calls)}));
    check_types(events, {"response.created",
                         "response.in_progress",
                         "response.output_item.added",
                         "response.reasoning_summary_part.added",
                         "response.reasoning_summary_text.delta",
                         "response.reasoning_summary_text.done",
                         "response.reasoning_summary_part.done",
                         "response.output_item.done",
                         "response.output_item.added",
                         "response.content_part.added",
                         "response.output_text.delta",
                         "response.output_text.done",
                         "response.content_part.done",
                         "response.output_item.done",
                         "response.output_item.added",
                         "response.output_item.added",
                         "response.function_call_arguments.delta",
                         "response.function_call_arguments.delta",
                         "response.function_call_arguments.delta",
                         "response.output_item.added",
                         "response.custom_tool_call_input.delta",
                         "response.output_item.added",
                         "response.function_call_arguments.done",
                         "response.output_item.done",
                         "response.function_call_arguments.done",
                         "response.output_item.done",
                         "response.custom_tool_call_input.done",
                         "response.output_item.done",
                         "response.function_call_arguments.done",
                         "response.output_item.done",
                         "response.completed"});
    bj::array const& output = events.back().data.at("response").at("output").as_array();
    BOOST_REQUIRE_EQUAL(output.size(), 6U);
    BOOST_TEST(output[0].at("encrypted_content") == "cogate.signature.S");
    BOOST_TEST(output[2].at("arguments") == "{}");
    BOOST_TEST(output[3].at("arguments") == "{}");
    BOOST_TEST(output[4].at("input") == "in");
    BOOST_TEST(output[5].at("arguments") == "{}");
}

BOOST_AUTO_TEST_CASE(parts_of_other_kinds)
{
    chat_delta parts;
    parts.parts = {unknown_part{.type = "web_search_call", .value = {R"({"type":"web_search_call"})"}},
                   unknown_part{.type = "server_tool_use", .value = {R"({"type":"server_tool_use"})"}}};
    chat_delta note;
    note.annotations.text = R"([{"type":"url_citation","url_citation":{"url":"u"}}])";
    chat_delta no;
    no.refusal = "no";
    auto const events = events_of(write_stream(
        {text("a"), chunk(note), text("b", true), chunk(parts), chunk(no), finish(finish_reason::length)}));
    bj::value const& last = events.back().data.at("response");
    BOOST_TEST(events.back().type == "response.incomplete");
    BOOST_TEST(last.at("incomplete_details").at("reason") == "max_output_tokens");
    bj::array const& output = last.at("output").as_array();
    BOOST_REQUIRE_EQUAL(output.size(), 3U);
    BOOST_TEST(output[0].at("content").as_array().size() == 2U);
    BOOST_TEST(output[0].at("content").at(0).at("annotations") ==
               oracle(R"([{"type":"url_citation","url":"u"}])"));
    BOOST_TEST(output[1] == oracle(R"({"type":"web_search_call"})"));
    BOOST_TEST(output[2].at("content") == oracle(R"([{"type":"refusal","refusal":"no"}])"));
    BOOST_TEST(output[2].at("status") == "incomplete");
}

BOOST_AUTO_TEST_CASE(an_empty_stream_and_a_broken_one)
{
    auto const empty = events_of(write_stream({}));
    check_types(empty, {"response.created", "response.in_progress", "response.completed"});
    BOOST_TEST(empty[0].data.at("response").at("id") == "resp_fallback");
    BOOST_TEST(empty[0].data.at("response").at("created_at") == 77);
    std::string out;
    chat_request const asked;
    auto const writer = dialect::server().write_chat_stream(reply_to(asked));
    writer->write(text("a"), out);
    writer->fail(failure(error_kind::rate_limit, "slow\ndown").with_code("rate_limit_exceeded"), out);
    auto const events = events_of(out);
    BOOST_TEST(events[events.size() - 2].type == "error");
    BOOST_TEST(events[events.size() - 2].data.at("message") == "slow\ndown");
    BOOST_TEST(events.back().type == "response.failed");
    BOOST_TEST(events.back().data.at("response").at("status") == "failed");
    BOOST_TEST(events.back().data.at("response").at("error").at("code") == "rate_limit_exceeded");
    decoded_stream const again = responses::decode_stream(out);
    BOOST_REQUIRE(again.error);
    BOOST_TEST(((*again.error)->kind == error_kind::rate_limit));
}

BOOST_AUTO_TEST_CASE(what_the_last_event_repeats_is_bounded)
{
    const chat_request asked;
    auto const writer = dialect::server().write_chat_stream({asked, "m", "f"});
    std::string out;
    const chat_chunk piece = text(std::string(std::size_t{8} << 20, 'x'));
    for (int i = 0; i != 8; ++i) {
        out.clear();
        writer->write(piece, out);
        BOOST_TEST(out.size() > std::size_t{8} << 20);
    }
    out.clear();
    writer->write(piece, out);
    BOOST_TEST(out.starts_with("event: error\n"));
    BOOST_TEST(out.find("event: response.failed\n") != std::string::npos);
    out.clear();
    writer->write(piece, out);
    writer->end(out);
    BOOST_TEST(out.empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test::responses
