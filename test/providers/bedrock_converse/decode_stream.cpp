#include "providers/bedrock_converse/dialect.hpp"
#include "test/providers/bedrock_converse/support.hpp"

namespace cogate::test::bedrock {

namespace {

constexpr char model[] = "us.amazon.nova-lite-v1:0";

std::string delta(int index, std::string const& what)
{
    return aws_event("contentBlockDelta", "{\"contentBlockIndex\":" + std::to_string(index) +
                                              ",\"delta\":" + what + ",\"p\":\"abc\"}");
}

std::string start(int index, std::string const& what)
{
    return aws_event("contentBlockStart",
                     "{\"contentBlockIndex\":" + std::to_string(index) + ",\"start\":" + what + "}");
}

std::string stop(int index)
{
    return aws_event("contentBlockStop", "{\"contentBlockIndex\":" + std::to_string(index) + "}");
}

std::string begin()
{
    return aws_event("messageStart", R"({"role":"assistant"})");
}

std::string end(std::string const& reason = "end_turn")
{
    return aws_event("messageStop", "{\"stopReason\":\"" + reason + "\"}") +
           aws_event("metadata",
                     R"({"usage":{"inputTokens":3,"outputTokens":5},"metrics":{"latencyMs":1},"p":"a"})");
}

std::string frame(std::string const& kind, std::string const& name, std::string const& value,
                  std::string const& body)
{
    return aws_text_frame({{name, value}, {":message-type", kind}}, body);
}

decoded_stream decode(std::string const& bytes)
{
    return decode_stream(providers::bedrock_converse::client(), model, bytes);
}

chat_response folded(std::string const& bytes)
{
    const decoded_stream out = decode(bytes);
    BOOST_REQUIRE_MESSAGE(!out.error, (out.error ? (*out.error)->message : ""));
    return fold(out.chunks);
}

} // namespace

BOOST_AUTO_TEST_SUITE(providers_bedrock_converse_decode_stream)

BOOST_AUTO_TEST_CASE(texts_need_no_start)
{
    const std::string bytes = begin() + delta(0, R"({"text":"Hi"})") + delta(0, R"({"text":" you"})") +
                              delta(0, R"({"text":""})") + stop(0) + end();
    const decoded_stream out = decode(bytes);
    BOOST_REQUIRE(!out.error);
    BOOST_REQUIRE_EQUAL(out.chunks.size(), 5U);
    BOOST_TEST(out.chunks[0].choices[0].has_role);
    BOOST_TEST(out.chunks[1].text() == "Hi");
    BOOST_TEST((out.chunks[3].choices[0].finish_reason == finish_reason::stop));
    BOOST_TEST(out.chunks[4].choices.empty());
    BOOST_TEST(out.chunks[4].usage->total_tokens == 8);
    BOOST_TEST(out.chunks[4].extra.find("metrics") != nullptr);
    BOOST_TEST(out.chunks[4].extra.find("p") == nullptr);
    for (chat_chunk const& chunk : out.chunks) {
        BOOST_TEST(chunk.id == out.chunks[0].id);
        BOOST_TEST(chunk.model == model);
    }
    BOOST_TEST(out.chunks[0].id.starts_with("chatcmpl-"));
    check_splits(providers::bedrock_converse::client(), model, bytes);
}

BOOST_AUTO_TEST_CASE(the_usage_comes_last_though_the_metadata_come_before_the_stop)
{
    const std::string metadata = aws_event("metadata", R"({"usage":{"inputTokens":1,"outputTokens":1}})");
    const decoded_stream out = decode(delta(0, R"({"text":"x"})") + metadata +
                                      aws_event("messageStop", R"({"stopReason":"end_turn"})"));
    BOOST_REQUIRE(!out.error);
    BOOST_TEST(out.chunks.back().usage.has_value());
    BOOST_TEST(std::count_if(out.chunks.begin(), out.chunks.end(),
                             [](auto const& c) { return c.usage.has_value(); }) == 1);
}

BOOST_AUTO_TEST_CASE(calls_are_counted_by_themselves)
{
    const std::string bytes = begin() + delta(0, R"({"text":"a"})") + stop(0) +
                              start(1, R"({"toolUse":{"toolUseId":"i1","name":"f"}})") +
                              delta(1, R"({"toolUse":{"input":"{\"x\""}})") +
                              delta(1, R"({"toolUse":{"input":":1}"}})") + stop(1) +
                              start(2, R"({"toolUse":{"toolUseId":"i2","name":"g"}})") +
                              delta(2, R"({"toolUse":{"input":""}})") + stop(2) + end("tool_use");
    const decoded_stream out = decode(bytes);
    BOOST_REQUIRE(!out.error);
    tool_call_delta const& first = out.chunks[2].choices[0].tool_calls.at(0);
    BOOST_TEST(first.index == 0);
    BOOST_TEST(first.id == "i1");
    BOOST_TEST(first.name == "f");
    BOOST_TEST(first.type == "function");
    const chat_response answer = fold(out.chunks);
    auto const& calls = answer.choices[0].message.tool_calls;
    BOOST_REQUIRE_EQUAL(calls.size(), 2U);
    BOOST_TEST(calls[0].arguments == R"({"x":1})");
    BOOST_TEST(calls[1].arguments == "{}");
    BOOST_TEST(calls[1].id == "i2");
    BOOST_TEST((answer.choices[0].finish_reason == finish_reason::tool_calls));
    check_splits(providers::bedrock_converse::client(), model, bytes);
}

BOOST_AUTO_TEST_CASE(reasoning_is_closed_by_its_signature)
{
    const chat_response answer = folded(begin() + delta(0, R"({"reasoningContent":{"text":"h"}})") +
                                        delta(0, R"({"reasoningContent":{"text":"m"}})") +
                                        delta(0, R"({"reasoningContent":{"signature":"s"}})") + stop(0) +
                                        delta(1, R"({"reasoningContent":{"redactedContent":"r"}})") +
                                        stop(1) + delta(2, R"({"text":"yes"})") + stop(2) + end());
    auto const& content = answer.choices[0].message.content;
    BOOST_REQUIRE_EQUAL(content.size(), 3U);
    BOOST_TEST(std::get<reasoning_part>(content[0]).text == "hm");
    BOOST_TEST(std::get<reasoning_part>(content[0]).signature == "s");
    BOOST_TEST(std::get<reasoning_part>(content[1]).redacted == "r");
    BOOST_TEST(std::get<text_part>(content[2]).text == "yes");
}

BOOST_AUTO_TEST_CASE(each_block_of_text_is_a_part)
{
    const chat_response answer = folded(delta(0, R"({"text":"a"})") + delta(1, R"({"text":"b"})") +
                                        delta(1, R"({"text":"c"})") + end());
    auto const& content = answer.choices[0].message.content;
    BOOST_REQUIRE_EQUAL(content.size(), 2U);
    BOOST_TEST(std::get<text_part>(content[1]).text == "bc");
}

BOOST_AUTO_TEST_CASE(the_providers_own_blocks_come_whole)
{
    const chat_response answer =
        folded(begin() + start(0, R"({"toolUse":{"toolUseId":"1","name":"n","type":"server_tool_use"}})") +
               delta(0, R"({"toolUse":{"input":"{\"a\""}})") + delta(0, R"({"toolUse":{"input":":1}"}})") +
               stop(0) + start(1, R"({"toolResult":{"toolUseId":"1","status":"success"}})") +
               delta(1, R"({"toolResult":[{"text":"x"}]})") + delta(1, R"({"toolResult":[{"json":{}}]})") +
               stop(1) + end());
    message const& m = answer.choices[0].message;
    BOOST_TEST(m.tool_calls.empty());
    BOOST_REQUIRE_EQUAL(m.content.size(), 2U);
    BOOST_TEST(
        (oracle(std::get<unknown_part>(m.content[0]).value.text) ==
         oracle(R"({"toolUse":{"toolUseId":"1","name":"n","type":"server_tool_use","input":{"a":1}}})")));
    BOOST_TEST(
        (oracle(std::get<unknown_part>(m.content[1]).value.text) ==
         oracle(
             R"({"toolResult":{"toolUseId":"1","status":"success","content":[{"text":"x"},{"json":{}}]}})")));
}

BOOST_AUTO_TEST_CASE(citations_are_gathered)
{
    const chat_response answer =
        folded(delta(0, R"({"text":"a"})") + delta(0, R"({"citation":{"title":"1"}})") +
               delta(0, R"({"citation":{"title":"2"}})") + stop(0) +
               delta(1, R"({"citation":{"title":"3"}})") + stop(1) + end());
    raw_json const* found = answer.choices[0].message.extra.find("citations");
    BOOST_REQUIRE(found != nullptr);
    BOOST_TEST((oracle(found->text) == oracle(R"([{"title":"1"},{"title":"2"},{"title":"3"}])")));
}

BOOST_AUTO_TEST_CASE(the_answer_tool_is_text)
{
    const chat_response answer =
        folded(start(0, R"({"toolUse":{"toolUseId":"1","name":"cogate_structured_answer"}})") +
               delta(0, R"({"toolUse":{"input":"{\"a\":"}})") + delta(0, R"({"toolUse":{"input":"1}"}})") +
               stop(0) + end("tool_use"));
    BOOST_TEST(answer.text() == R"({"a":1})");
    BOOST_TEST((answer.choices[0].finish_reason == finish_reason::stop));
    BOOST_TEST(answer.choices[0].message.content.size() == 1U);
}

BOOST_AUTO_TEST_CASE(exceptions_are_failures)
{
    struct row {
        std::string name;
        std::string body;
        error_kind kind;
        bool retryable;
    };
    const std::vector<row> rows = {
        {"throttlingException", R"({"message":"slow down"})", error_kind::rate_limit, true},
        {"validationException", R"({"message":"The provided model identifier is invalid."})",
         error_kind::not_found, false},
        {"validationException", R"({"message":"wrong"})", error_kind::invalid_request, false},
        {"modelStreamErrorException", R"({"originalStatusCode":500,"originalMessage":"broke"})",
         error_kind::internal_server, true},
        {"internalServerException", R"({"message":"x"})", error_kind::internal_server, true},
        {"serviceUnavailableException", R"({"message":"x"})", error_kind::service_unavailable, true},
        {"modelTimeoutException", "", error_kind::timeout, true}};
    for (row const& r : rows) {
        const decoded_stream out = decode(begin() + delta(0, R"({"text":"a"})") +
                                          frame("exception", ":exception-type", r.name, r.body));
        BOOST_TEST_CONTEXT(r.name)
        {
            BOOST_REQUIRE(out.error);
            BOOST_TEST(((*out.error)->kind == r.kind));
            BOOST_TEST((*out.error)->retryable == r.retryable);
            BOOST_TEST(!(*out.error)->message.empty());
            BOOST_TEST(out.chunks.size() == 2U);
        }
    }
    const decoded_stream out = decode(
        aws_text_frame({{":message-type", "error"}, {":error-code", "Odd"}, {":error-message", "why"}}, ""));
    BOOST_REQUIRE(out.error);
    BOOST_TEST((*out.error)->message == "why");
    BOOST_TEST((*out.error)->code == "Odd");
}

BOOST_AUTO_TEST_CASE(an_end_without_the_stop_is_truncated)
{
    const std::string good = begin() + delta(0, R"({"text":"a"})") + stop(0);
    for (std::size_t size = 0; size <= good.size(); ++size) {
        const decoded_stream out = decode(good.substr(0, size));
        BOOST_REQUIRE(out.error);
        BOOST_TEST(((*out.error)->kind == error_kind::truncated));
    }
    // Within the metadata: the money would be missing.
    const std::string all = good + end();
    BOOST_TEST(decode(all.substr(0, all.size() - 1)).error.has_value());
    BOOST_TEST(!decode(all).error.has_value());
}

BOOST_AUTO_TEST_CASE(a_wrong_byte_is_never_an_event)
{
    const std::string bytes = begin() + delta(0, R"({"text":"a"})") + end();
    const std::vector<chat_chunk> right = decode(bytes).chunks;
    for (std::size_t i = 0; i != bytes.size(); ++i) {
        std::string wrong = bytes;
        wrong[i] = static_cast<char>(wrong[i] ^ 0x20);
        const decoded_stream out = decode(wrong);
        BOOST_REQUIRE(out.error);
        BOOST_TEST(((*out.error)->kind == error_kind::bad_gateway));
        BOOST_TEST((out.chunks.size() < right.size() &&
                    std::equal(out.chunks.begin(), out.chunks.end(), right.begin())));
    }
}

BOOST_AUTO_TEST_CASE(nonsense_is_a_bad_gateway)
{
    for (std::string const& bytes : {aws_event("messageStart", "{"), aws_event("messageStart", "[]"),
                                     delta(0, R"({"toolUse":{"input":"x"}})")}) {
        const decoded_stream out = decode(bytes);
        BOOST_REQUIRE(out.error);
        BOOST_TEST(((*out.error)->kind == error_kind::bad_gateway));
    }
}

BOOST_AUTO_TEST_CASE(a_frame_beyond_the_cap_ends_the_stream)
{
    const provider_context context(model, true);
    providers::call_context small = context;
    small.max_event_bytes = 100;
    const auto decoder = providers::bedrock_converse::client().decode_chat_stream(small);
    std::vector<chat_chunk> chunks;
    const auto fed = decoder->feed(delta(0, "{\"text\":\"" + std::string(200, 'x') + "\"}"), chunks);
    BOOST_REQUIRE(!fed);
    BOOST_TEST(fed.error()->code == "upstream_event_too_large");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test::bedrock
