#include "test/providers/anthropic_messages/support.hpp"

namespace cogate::test::anthropic {

namespace {

chat_chunk with(chat_delta delta)
{
    return chat_chunk{.id = "c1", .created = 1, .model = "gpt", .choices = {std::move(delta)}};
}

chat_delta text(std::string what)
{
    chat_delta d;
    d.content = std::move(what);
    return d;
}

chat_delta call(std::int64_t index, std::string id, std::string name, std::string arguments)
{
    chat_delta d;
    d.tool_calls.push_back(tool_call_delta{
        .index = index, .id = std::move(id), .name = std::move(name), .arguments = std::move(arguments)});
    return d;
}

chat_delta finished(finish_reason why)
{
    chat_delta d;
    d.finish_reason = why;
    return d;
}

chat_chunk counts()
{
    chat_chunk c{.id = "c1", .created = 1, .model = "gpt", .choices = {}};
    c.usage = usage{.prompt_tokens = 7, .completion_tokens = 3, .total_tokens = 10, .reported = true};
    return c;
}

std::vector<chat_chunk> chunks(std::vector<chat_delta> deltas)
{
    std::vector<chat_chunk> out;
    for (chat_delta& delta : deltas) {
        out.push_back(with(std::move(delta)));
    }
    out.push_back(counts());
    return out;
}

bj::array content_of(std::vector<chat_delta> deltas)
{
    return rebuilt(stream_of(chunks(std::move(deltas)))).at("content").as_array();
}

} // namespace

BOOST_AUTO_TEST_SUITE(providers_anthropic_messages_write_stream)

BOOST_AUTO_TEST_CASE(text_to_the_byte)
{
    chat_delta role;
    role.has_role = true;
    const std::string bytes = stream_of(chunks({role, text("Hi"), text("!"), finished(finish_reason::stop)}));
    BOOST_TEST(
        bytes ==
        "event: message_start\ndata: "
        "{\"type\":\"message_start\",\"message\":{\"id\":\"c1\",\"type\":\"message\","
        "\"role\":\"assistant\",\"model\":\"gpt\",\"content\":[],\"stop_reason\":null,\"stop_sequence\":null,"
        "\"usage\":{\"input_tokens\":0,\"cache_creation_input_tokens\":0,\"cache_read_input_tokens\":0,"
        "\"cache_creation\":{\"ephemeral_5m_input_tokens\":0,\"ephemeral_1h_input_tokens\":0},"
        "\"output_tokens\":0}}}\n\n"
        "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,"
        "\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n"
        "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,"
        "\"delta\":{\"type\":\"text_delta\",\"text\":\"Hi\"}}\n\n"
        "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,"
        "\"delta\":{\"type\":\"text_delta\",\"text\":\"!\"}}\n\n"
        "event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":0}\n\n"
        "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\","
        "\"stop_sequence\":null},\"usage\":{\"input_tokens\":7,\"cache_creation_input_tokens\":0,"
        "\"cache_read_input_tokens\":0,\"cache_creation\":{\"ephemeral_5m_input_tokens\":0,"
        "\"ephemeral_1h_input_tokens\":0},\"output_tokens\":3}}\n\n"
        "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n");
}

BOOST_AUTO_TEST_CASE(blocks_in_order)
{
    chat_delta thought;
    thought.reasoning = "hm";
    chat_delta signed_thought;
    signed_thought.reasoning_signature = "sig";
    chat_delta hidden;
    hidden.reasoning_redacted = "d";
    chat_delta fresh = text("b");
    fresh.begins_part = true;
    chat_delta cited;
    cited.message_extra.set("citations", raw_json{R"([{"type":"char_location","cited_text":"c"}])"});
    chat_delta whole;
    whole.parts.emplace_back(
        unknown_part{.type = "server_tool_use", .value = {R"({"type":"server_tool_use","id":"s"})"}});
    chat_delta refusal;
    refusal.refusal = "No.";
    BOOST_TEST((content_of({thought, thought, signed_thought, thought, hidden, text("a"), fresh, cited, whole,
                            refusal}) == oracle(R"([{"type":"thinking","thinking":"hmhm","signature":"sig"},
                           {"type":"thinking","thinking":"hm","signature":""},
                           {"type":"redacted_thinking","data":"d"},{"type":"text","text":"a"},
                           {"type":"text","text":"b","citations":[{"type":"char_location","cited_text":"c"}]},
                           {"type":"server_tool_use","id":"s"},{"type":"text","text":"No."}])")
                                             .as_array()));
}

BOOST_AUTO_TEST_CASE(calls_one_after_the_other_are_live)
{
    const chat_request asked;
    auto const writer = dialect::server().write_chat_stream({asked, "m", "f"});
    std::string out;
    writer->write(with(call(0, "a", "f", "")), out);
    BOOST_TEST(out.find("content_block_start") != std::string::npos);
    out.clear();
    writer->write(with(call(0, "", "", "{\"x\"")), out);
    BOOST_TEST(out.find("input_json_delta") != std::string::npos);
    writer->write(with(call(0, "", "", ":\"}\"}")), out);
    BOOST_TEST(out.find("content_block_stop") != std::string::npos);
    out.clear();
    writer->write(with(call(1, "b", "g", "{}")), out);
    BOOST_TEST(out.find("content_block_start") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(mixed_calls_are_put_in_order)
{
    const bj::value wanted = oracle(R"([{"type":"text","text":"So"},
        {"type":"tool_use","id":"a","name":"f","input":{"x":1}},
        {"type":"tool_use","id":"b","name":"g","input":{"y":{}}},{"type":"text","text":"then"}])");
    BOOST_TEST(
        (content_of({text("So"), call(0, "a", "f", ""), call(1, "b", "g", ""), call(0, "", "", "{\"x\""),
                     call(1, "", "", "{\"y\":"), text("th"), call(0, "", "", ":1}"), call(1, "", "", "{}}"),
                     text("en"), finished(finish_reason::tool_calls)}) == wanted.as_array()));
    // Whole calls in one chunk, as Mistral sends them.
    chat_delta both = call(0, "a", "f", "{\"x\":1}");
    both.tool_calls.push_back(call(1, "b", "g", "{\"y\":{}}").tool_calls[0]);
    BOOST_TEST((content_of({text("So"), both, text("then")}) == wanted.as_array()));
}

BOOST_AUTO_TEST_CASE(what_waits_is_bounded)
{
    const chat_request asked;
    auto const writer = dialect::server().write_chat_stream({asked, "m", "f"});
    std::string out;
    const auto feed = [&](chat_delta delta) {
        for (chat_chunk const& chunk : chunks({std::move(delta)})) {
            writer->write(chunk, out);
        }
    };
    const std::string piece(std::size_t{1} << 20, 'x');
    feed(call(0, "a", "f", "{"));
    feed(call(1, "b", "g", "{\"y\":\""));
    out.clear();
    for (int i = 0; i != 7; ++i) {
        feed(call(1, "", "", piece));
    }
    BOOST_TEST(out.empty());
    // The first call is closed as it is, then the second one flows.
    feed(call(1, "", "", piece));
    BOOST_TEST(out.size() > 8 * piece.size());
    BOOST_TEST(out.find("content_block_stop") != std::string::npos);
    out.clear();
    feed(call(1, "", "", piece));
    BOOST_TEST(out.size() > piece.size());
    // Free text waits for its end, but not without end.
    chat_delta custom = call(2, "c", "h", "");
    custom.tool_calls[0].type = "custom";
    feed(call(1, "", "", "\"}"));
    feed(custom);
    out.clear();
    for (int i = 0; i != 9; ++i) {
        feed(call(2, "", "", piece));
    }
    BOOST_TEST(out.find("content_block_stop") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(odd_calls)
{
    // No arguments at all, cut off, no id, a name that comes late, white space behind the end.
    bj::array content = content_of({call(0, "a", "f", "")});
    BOOST_TEST((content[0].at("input") == oracle("{}")));
    content = content_of({call(0, "a", "f", "{\"x"), finished(finish_reason::length)});
    BOOST_TEST(content[0].at("input").as_string() == "{\"x");
    content = content_of({call(0, "", "f", "{}")});
    BOOST_TEST(text_at(content[0], "id").starts_with("toolu_"));
    content = content_of({call(0, "a", "", ""), call(0, "", "", "{\"x\":1}"), call(0, "", "f", "")});
    BOOST_TEST((content[0] == oracle(R"({"type":"tool_use","id":"a","name":"f","input":{"x":1}})")));
    content = content_of({call(0, "a", "f", "{}"), call(0, "", "", "\n"), call(1, "b", "g", "{}")});
    BOOST_TEST(content.size() == 2U);
    chat_delta custom = call(0, "a", "f", "free ");
    custom.tool_calls[0].type = "custom";
    content = content_of({custom, call(0, "", "", "text")});
    BOOST_TEST((content[0].at("input") == oracle(R"({"input":"free text"})")));
}

BOOST_AUTO_TEST_CASE(stop_details_and_other_choices)
{
    chat_delta last = finished(finish_reason::content_filter);
    last.native_finish_reason = "refusal";
    last.extra.set("stop_details", raw_json{R"({"type":"refusal"})"});
    chat_delta second = text("other");
    second.index = 1;
    const bj::object m = rebuilt(stream_of(chunks({second, last})));
    BOOST_TEST(text_at(m, "stop_reason") == "refusal");
    BOOST_TEST((m.at("stop_details") == oracle(R"({"type":"refusal"})")));
    BOOST_TEST(m.at("content").as_array().empty());
}

BOOST_AUTO_TEST_CASE(failures)
{
    const chat_request asked;
    auto const writer = dialect::server().write_chat_stream({asked, "m", "f"});
    std::string out;
    writer->fail(failure(error_kind::service_unavailable, "busy"), out);
    BOOST_TEST(out == "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\","
                      "\"message\":\"busy\"},\"request_id\":null}\n\n");
}

BOOST_AUTO_TEST_CASE(random_mixtures_keep_every_fragment)
{
    seeded random(11);
    for (int round = 0; round != 300; ++round) {
        const std::size_t count = 1 + random.below(5);
        std::vector<std::string> arguments(count);
        std::vector<std::size_t> told(count);
        for (std::size_t i = 0; i != count; ++i) {
            arguments[i] = "{\"k\":\"" + std::string(random.below(20), static_cast<char>('a' + i)) +
                           "\\\"}\",\"n\":[" + std::to_string(i) + "]}";
        }
        std::vector<chat_delta> deltas;
        std::vector<bool> begun(count);
        for (;;) {
            const std::size_t i = random.below(count);
            if (std::all_of(told.begin(), told.end(), [&](std::size_t const& t) {
                    return t == arguments[static_cast<std::size_t>(&t - told.data())].size();
                })) {
                break;
            }
            const std::size_t n = std::min(random.below(7), arguments[i].size() - told[i]);
            deltas.push_back(call(static_cast<std::int64_t>(i), begun[i] ? "" : "id" + std::to_string(i),
                                  begun[i] ? "" : "f", arguments[i].substr(told[i], n)));
            begun[i] = true;
            told[i] += n;
        }
        bj::array const content = content_of(deltas);
        BOOST_REQUIRE_EQUAL(content.size(), count);
        for (bj::value const& block : content) {
            const std::size_t i = static_cast<std::size_t>(text_at(block, "id").at(2) - '0');
            BOOST_TEST((block.at("input") == oracle(arguments[i])));
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test::anthropic
