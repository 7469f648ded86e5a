#include "test/providers/gemini/support.hpp"

#include "providers/gemini/codec.hpp"

namespace cogate::test::google {

namespace {

chat_chunk with(chat_delta delta)
{
    chat_chunk out{.id = "r", .model = "m", .choices = {std::move(delta)}};
    return out;
}

chat_delta text(std::string words)
{
    chat_delta out;
    out.content = std::move(words);
    return out;
}

std::vector<chat_chunk> an_answer()
{
    chat_delta start;
    start.tool_calls = {{.index = 0, .id = "c", .name = "f", .arguments = "{\"a\"", .type = "function"}};
    chat_delta more;
    more.tool_calls = {{.index = 0, .arguments = ":1}"}};
    chat_delta end;
    end.finish_reason = finish_reason::tool_calls;
    chat_chunk last{.id = "r", .model = "m", .choices = {}};
    last.usage = usage{.prompt_tokens = 1, .completion_tokens = 2, .total_tokens = 3, .reported = true};
    return {with(text("a")), with(text("b")), with(start), with(more), with(end), last};
}

std::string written(std::vector<chat_chunk> const& chunks, chat_request const& request, bool sse)
{
    auto const writer = providers::gemini::make_stream_writer({request, "asked", "fallback"}, sse);
    std::string out;
    for (chat_chunk const& chunk : chunks) {
        writer->write(chunk, out);
    }
    writer->end(out);
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(providers_gemini_write_stream)

BOOST_AUTO_TEST_CASE(events_with_the_call_whole_and_the_usage_in_the_last)
{
    const std::string out = written(an_answer(), ask("q"), true);
    const std::string around = R"("modelVersion":"m","responseId":"r"})";
    const std::string expected =
        R"(data: {"candidates":[{"content":{"parts":[{"text":"a"}],"role":"model"},"index":0}],)" + around +
        "\r\n\r\n" +
        R"(data: {"candidates":[{"content":{"parts":[{"text":"b"}],"role":"model"},"index":0}],)" + around +
        "\r\n\r\n" +
        R"(data: {"candidates":[{"content":{"parts":[{"functionCall":{"id":"c","name":"f","args":{"a":1}}}],"role":"model"},)" +
        R"("finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":1,"candidatesTokenCount":2,"totalTokenCount":3},)" +
        around + "\r\n\r\n";
    BOOST_TEST(out == expected);
}

BOOST_AUTO_TEST_CASE(the_same_as_an_array)
{
    const bj::value list = oracle(written(an_answer(), ask("q"), false));
    BOOST_REQUIRE(list.is_array());
    BOOST_TEST(list.as_array().size() == 3U);
    BOOST_TEST(written({}, ask("q"), false) == "[]");
    BOOST_TEST(written({}, ask("q"), true) == "");
    BOOST_TEST((fold(decode_stream(written(an_answer(), ask("q"), false)).chunks) ==
                fold(decode_stream(written(an_answer(), ask("q"), true)).chunks)));
}

BOOST_AUTO_TEST_CASE(an_event_is_one_line_whatever_it_repeats)
{
    std::vector<chat_chunk> chunks = an_answer();
    chunks.back().usage->extra.set("promptTokensDetails", {"[\n  {\r\n\"modality\": \"A B\"}\n]"});
    const std::string out = written(chunks, ask("q"), true);
    BOOST_TEST(out.find(R"("promptTokensDetails":[{"modality":"A B"}])") != std::string::npos);
    BOOST_TEST(!decode_stream(out).error.has_value());
}

BOOST_AUTO_TEST_CASE(a_reason_without_usage_still_comes)
{
    std::vector<chat_chunk> chunks = an_answer();
    chunks.pop_back();
    BOOST_TEST(written(chunks, ask("q"), true).find("finishReason") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_failed_stream)
{
    for (bool const sse : {true, false}) {
        const chat_request request = ask("q");
        auto const writer = providers::gemini::make_stream_writer({request, "asked", "fallback"}, sse);
        std::string out;
        writer->write(an_answer()[0], out);
        writer->fail(failure(error_kind::service_unavailable, "gone"), out);
        decoded_stream const again = decode_stream(out);
        BOOST_REQUIRE(again.error.has_value());
        BOOST_TEST(((*again.error)->kind == error_kind::service_unavailable));
        BOOST_TEST((*again.error)->message == "gone");
    }
}

BOOST_AUTO_TEST_CASE(signed_thoughts_survive_though_nobody_asked)
{
    chat_delta thought;
    thought.reasoning = "hm";
    chat_delta end;
    end.reasoning_signature = googles("sig");
    const std::vector<chat_chunk> chunks = {with(thought), with(end)};
    BOOST_TEST(
        written(chunks, ask("q"), true).find(R"({"text":"hm","thought":true,"thoughtSignature":"sig"})") !=
        std::string::npos);
    BOOST_TEST(written({with(thought), with(text("a"))}, ask("q"), true).find("hm") == std::string::npos);
    chat_request asks = ask("q");
    asks.reasoning.summary = "auto";
    const std::string out = written(chunks, asks, true);
    BOOST_TEST(out.find(R"({"text":"hm","thought":true})") != std::string::npos);
    BOOST_TEST(out.find(R"({"text":"","thought":true,"thoughtSignature":"sig"})") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_the_query_asks_for)
{
    BOOST_TEST(providers::gemini::asks_for_sse("key=x&alt=sse"));
    BOOST_TEST(providers::gemini::asks_for_sse("%24alt=sse"));
    BOOST_TEST(!providers::gemini::asks_for_sse("alt=json"));
    BOOST_TEST(!providers::gemini::asks_for_sse(""));
    BOOST_TEST(!providers::gemini::asks_for_sse("xalt=sse&"));
}

BOOST_AUTO_TEST_CASE(what_waits_is_bounded)
{
    const chat_request asked = ask("q");
    auto const writer = providers::gemini::make_stream_writer({asked, "asked", "fallback"}, true);
    std::string out;
    // Choices beyond the bound are left out.
    for (std::int64_t index = 0; index != 300; ++index) {
        chat_delta delta = text("w" + std::to_string(index) + ".");
        delta.index = index;
        writer->write(with(std::move(delta)), out);
    }
    BOOST_TEST(out.find("w255.") != std::string::npos);
    BOOST_TEST(out.find("w256.") == std::string::npos);
    // Calls wait until they are whole; too long ones end the answer with one error.
    chat_delta piece;
    piece.tool_calls = {{.index = 0, .name = "f", .arguments = std::string(std::size_t{8} << 20, '1')}};
    out.clear();
    for (int i = 0; i != 8; ++i) {
        writer->write(with(piece), out);
    }
    BOOST_TEST(out.empty());
    writer->write(with(piece), out);
    BOOST_TEST(out.starts_with("data: {\"error\":"));
    const std::string told = out;
    writer->write(with(piece), out);
    writer->write(with(text("more")), out);
    writer->end(out);
    BOOST_TEST((out == told));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test::google
