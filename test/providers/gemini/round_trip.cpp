#include "test/providers/gemini/support.hpp"

#include "providers/gemini/codec.hpp"

namespace cogate::test::google {

namespace {

std::string words(seeded& random)
{
    static constexpr std::string_view letters = "ab \"\\\n/{}[],:\xC3\xA9<";
    std::string out = "w";
    for (std::size_t n = random.below(12); n != 0; --n) {
        out += letters[random.below(letters.size())];
        if (out.back() == '\xC3') {
            out += '\xA9';
        }
        if (out.back() == '\xA9' && out[out.size() - 2] != '\xC3') {
            out.pop_back();
        }
    }
    return out;
}

message words_and_calls(seeded& random, std::size_t turn)
{
    message m;
    m.role = role::assistant;
    if (random.one_in(2)) {
        m.content.emplace_back(reasoning_part{.text = words(random),
                                              .signature = random.one_in(2) ? googles("c2ln") : "",
                                              .field = "reasoning_content"});
    }
    m.content.emplace_back(text_part{.text = words(random)});
    if (random.one_in(3)) {
        m.content.emplace_back(
            reasoning_part{.text = {}, .signature = googles("dHh0"), .field = "reasoning_content"});
    }
    for (std::size_t n = random.below(3); n != 0; --n) {
        m.tool_calls.push_back({.id = "id" + std::to_string(turn) + std::to_string(n),
                                .name = "f" + std::to_string(n),
                                .arguments = random.one_in(2) ? "{}" : R"({"a":[1,"b c"]})",
                                .signature = random.one_in(2) ? "Y2FsbA==" : ""});
    }
    m.content_is_text = m.content.size() == 1;
    return m;
}

chat_request a_request(seeded& random)
{
    chat_request r;
    r.model = "gemini-2.5-flash";
    r.include_usage = true;
    if (random.one_in(2)) {
        r.messages.push_back(system(words(random)));
    }
    for (std::size_t turn = 0; turn <= random.below(4); ++turn) {
        message asked = user(words(random));
        if (random.one_in(3)) {
            asked.content.emplace_back(image_part{.source = inlined("AAAA", "image/png")});
            asked.content.emplace_back(file_part{.source = linked("https://x.test/a", "application/pdf")});
            asked.content_is_text = false;
        }
        r.messages.push_back(asked);
        r.messages.push_back(words_and_calls(random, turn));
        const std::vector<tool_call> called = r.messages.back().tool_calls;
        for (tool_call const& call : called) {
            r.messages.push_back(
                tool_result(call.id, random.one_in(2) ? words(random) : R"({"ok":true,"n":1})"));
            r.messages.back().tool_error = r.messages.back().text().front() == 'w' && random.one_in(4);
        }
    }
    if (random.one_in(2)) {
        r.tools = {{.name = "f",
                    .description = words(random),
                    .parameters = {R"({"type":"object","properties":{"a":{"type":"string"}}})"}},
                   {.name = "codeExecution",
                    .type = "codeExecution",
                    .definition = {R"({"codeExecution":{}})"},
                    .dialect = "gemini"}};
        r.tools[1].name.clear();
        r.tool_choice =
            tool_choice{.how = random.one_in(2) ? tool_choice::mode::required : tool_choice::mode::automatic};
    }
    if (random.one_in(2)) {
        r.temperature = number_text::from_json("0.25");
        r.max_completion_tokens = 100;
        r.stop = {"x", words(random)};
        r.reasoning.budget_tokens = 512;
        r.reasoning.summary = "auto";
        r.response_format = response_format{.type = response_format::kind::json_schema,
                                            .name = "response",
                                            .schema = {R"({"type":"object"})"}};
        r.modalities = {"text"};
        r.extra.set("generationConfig", {R"({"mediaResolution":"HIGH"})"});
        r.extra.set("safetySettings", {"[]"});
        r.extra_dialect = "gemini";
    }
    return r;
}

chat_response an_answer(seeded& random)
{
    chat_response r;
    r.id = "resp" + std::to_string(random.below(99));
    r.model = "gemini-2.5-flash";
    for (std::size_t i = 0; i <= random.below(2); ++i) {
        chat_choice c;
        c.index = static_cast<std::int64_t>(i);
        c.message = words_and_calls(random, i);
        c.message.content_is_text = true;
        c.finish_reason = c.message.tool_calls.empty() ? finish_reason::stop : finish_reason::tool_calls;
        c.native_finish_reason = "STOP";
        if (random.one_in(3)) {
            c.message.tool_calls.clear();
            c.finish_reason = finish_reason::length;
            c.native_finish_reason = "MAX_TOKENS";
        }
        if (random.one_in(2)) {
            c.extra.set("safetyRatings", {"[1]"});
        }
        r.choices.push_back(c);
    }
    if (random.one_in(2)) {
        r.usage = {.prompt_tokens = 20,
                   .completion_tokens = 9,
                   .total_tokens = 29,
                   .cached_tokens = 5,
                   .reasoning_tokens = 4,
                   .reported = true};
        r.usage.extra.set("toolUsePromptTokenCount", {"3"});
    }
    return r;
}

/// A stream tells a finish reason's own word only at its end, and fold() need not keep it.
chat_response without_native(chat_response r)
{
    for (chat_choice& c : r.choices) {
        c.native_finish_reason.clear();
    }
    return r;
}

std::vector<chat_chunk> chunks_of(chat_response const& r)
{
    std::string body;
    chat_request thinking;
    thinking.reasoning.summary = "auto";
    providers::gemini::server().write_chat(r, {thinking, "m", "id"}, body);
    decoded_stream const read = decode_stream(body);
    BOOST_REQUIRE_MESSAGE(!read.error, (read.error ? (*read.error)->message : ""));
    return read.chunks;
}

} // namespace

BOOST_AUTO_TEST_SUITE(providers_gemini_round_trip)

BOOST_AUTO_TEST_CASE(requests)
{
    for (std::uint64_t seed = 1; seed != 300; ++seed) {
        seeded random(seed);
        const chat_request r = a_request(random);
        auto const encoded = encode(r);
        BOOST_REQUIRE_MESSAGE(encoded.has_value(), (encoded ? "" : encoded.error()->message));
        auto const again = parse(encoded->body);
        BOOST_REQUIRE_MESSAGE(again.has_value(), (again ? "" : again.error()->message));
        if (!(again->request == r)) {
            BOOST_ERROR("seed " << seed << ": " << encoded->body << "\n" << encode(again->request)->body);
            return;
        }
    }
}

BOOST_AUTO_TEST_CASE(answers)
{
    chat_request thinking;
    thinking.reasoning.summary = "auto";
    for (std::uint64_t seed = 1; seed != 300; ++seed) {
        seeded random(seed);
        const chat_response r = an_answer(random);
        std::string body;
        providers::gemini::server().write_chat(r, {thinking, "m", "id"}, body);
        auto const again = decode(body);
        BOOST_REQUIRE_MESSAGE(again.has_value(), (again ? "" : again.error()->message));
        if (!(*again == r)) {
            std::string twice;
            providers::gemini::server().write_chat(*again, {thinking, "m", "id"}, twice);
            BOOST_ERROR("seed " << seed << ": " << body << "\n" << twice);
            return;
        }
    }
}

BOOST_AUTO_TEST_CASE(streams)
{
    chat_request thinking;
    thinking.reasoning.summary = "auto";
    for (std::uint64_t seed = 1; seed != 200; ++seed) {
        seeded random(seed);
        const std::vector<chat_chunk> chunks = chunks_of(an_answer(random));
        for (bool const sse : {true, false}) {
            auto const writer = providers::gemini::make_stream_writer({thinking, "m", "id"}, sse);
            std::string bytes;
            for (chat_chunk const& chunk : chunks) {
                writer->write(chunk, bytes);
            }
            writer->end(bytes);
            decoded_stream const again = decode_stream(bytes);
            BOOST_REQUIRE_MESSAGE(!again.error, (again.error ? (*again.error)->message : ""));
            if (!(without_native(fold(again.chunks)) == without_native(fold(chunks)))) {
                BOOST_ERROR("seed " << seed << ": " << bytes);
                return;
            }
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test::google
