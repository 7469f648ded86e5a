#include "providers/bedrock_converse/dialect.hpp"
#include "test/providers/bedrock_converse/support.hpp"

namespace cogate::test::bedrock {

namespace {

result<chat_response> decode(std::string_view body, std::vector<wire::header> const& headers = {})
{
    return providers::bedrock_converse::client().decode_chat(
        {.body = body, .headers = headers}, provider_context("converse/amazon.nova-lite-v1:0"));
}

/// An answer around the blocks.
std::string around(std::string const& blocks, std::string const& stop = "end_turn")
{
    return R"({"output":{"message":{"role":"assistant","content":[)" + blocks + R"(]}},"stopReason":")" +
           stop + R"(","usage":{"inputTokens":3,"outputTokens":5,"totalTokens":8}})";
}

} // namespace

BOOST_AUTO_TEST_SUITE(providers_bedrock_converse_decode_response)

BOOST_AUTO_TEST_CASE(a_text)
{
    const auto answer = decode(around(R"({"text":"Hi"})"));
    BOOST_REQUIRE(answer);
    BOOST_TEST(answer->text() == "Hi");
    BOOST_TEST(answer->model == "amazon.nova-lite-v1:0");
    BOOST_TEST((answer->choices[0].finish_reason == finish_reason::stop));
    BOOST_TEST(answer->choices[0].native_finish_reason == "end_turn");
    BOOST_TEST(answer->usage.reported);
    BOOST_TEST(answer->usage.total_tokens == 8);
}

BOOST_AUTO_TEST_CASE(the_id_is_the_exchanges_or_follows_from_the_body)
{
    const std::string body = around(R"({"text":"Hi"})");
    BOOST_TEST(decode(body, {{"x-amzn-RequestId", "ab-1"}})->id == "chatcmpl-ab-1");
    const std::string made = decode(body)->id;
    BOOST_TEST(made.size() == 33U);
    BOOST_TEST(decode(body, {{"x-amzn-requestid", "no \" good"}})->id == made);
    BOOST_TEST(decode(around(R"({"text":"Ho"})"))->id != made);
}

BOOST_AUTO_TEST_CASE(tool_calls_keep_their_order)
{
    const auto answer =
        decode(around(R"({"text":"a"},{"toolUse":{"toolUseId":"1","name":"f","input":{"x": 1}}},
        {"toolUse":{"toolUseId":"2","name":"g","input":{},"type":"tool_use"}},
        {"toolUse":{"toolUseId":"3","name":"h"}})",
                      "tool_use"));
    BOOST_REQUIRE(answer);
    auto const& calls = answer->choices[0].message.tool_calls;
    BOOST_REQUIRE_EQUAL(calls.size(), 3U);
    BOOST_TEST(calls[0].arguments == R"({"x": 1})");
    BOOST_TEST(calls[1].arguments == "{}");
    BOOST_TEST(calls[2].arguments == "{}");
    BOOST_TEST(calls[2].id == "3");
    BOOST_TEST((answer->choices[0].finish_reason == finish_reason::tool_calls));
}

BOOST_AUTO_TEST_CASE(what_the_provider_ran_itself_is_no_call)
{
    const std::string use =
        R"({"toolUse":{"toolUseId":"1","name":"nova_grounding","input":{},"type":"server_tool_use"}})";
    const auto answer = decode(around(use + R"(,{"toolResult":{"toolUseId":"1","content":[]}})"));
    BOOST_REQUIRE(answer);
    message const& m = answer->choices[0].message;
    BOOST_TEST(m.tool_calls.empty());
    BOOST_REQUIRE_EQUAL(m.content.size(), 2U);
    BOOST_TEST(std::get<unknown_part>(m.content[0]).type == "toolUse");
    BOOST_TEST(std::get<unknown_part>(m.content[0]).value.text == use);
    BOOST_TEST(std::get<unknown_part>(m.content[1]).type == "toolResult");
}

BOOST_AUTO_TEST_CASE(reasoning_citations_and_images)
{
    const auto answer = decode(around(R"({"reasoningContent":{"reasoningText":{"text":"hm","signature":"s"}}},
        {"reasoningContent":{"redactedContent":"r"}},
        {"citationsContent":{"content":[{"text":"a"},{"text":"b"}],"citations":[{"title":"t"}]}},
        {"image":{"format":"png","source":{"bytes":"AAAA"}}},{"novelty":{"x":1}})"));
    BOOST_REQUIRE(answer);
    auto const& content = answer->choices[0].message.content;
    BOOST_REQUIRE_EQUAL(content.size(), 5U);
    BOOST_TEST(std::get<reasoning_part>(content[0]).text == "hm");
    BOOST_TEST(std::get<reasoning_part>(content[0]).signature == "s");
    BOOST_TEST(std::get<reasoning_part>(content[1]).redacted == "r");
    BOOST_TEST(std::get<text_part>(content[2]).text == "ab");
    BOOST_TEST(std::get<text_part>(content[2]).citations.text == R"([{"title":"t"}])");
    BOOST_TEST(std::get<image_part>(content[3]).source.media_type == "image/png");
    BOOST_TEST(std::get<unknown_part>(content[4]).type == "novelty");
}

BOOST_AUTO_TEST_CASE(the_answer_tool_is_the_answer)
{
    const std::string block =
        R"({"toolUse":{"toolUseId":"1","name":"cogate_structured_answer","input":{"a":1}}})";
    const auto answer = decode(around(block, "tool_use"));
    BOOST_REQUIRE(answer);
    BOOST_TEST(answer->text() == R"({"a":1})");
    BOOST_TEST(answer->choices[0].message.tool_calls.empty());
    BOOST_TEST((answer->choices[0].finish_reason == finish_reason::stop));
}

BOOST_AUTO_TEST_CASE(stop_reasons)
{
    const auto reason = [](std::string const& word) {
        return decode(around(R"({"text":"x"})", word))->choices[0].finish_reason;
    };
    BOOST_TEST((reason("stop_sequence") == finish_reason::stop));
    BOOST_TEST((reason("max_tokens") == finish_reason::length));
    BOOST_TEST((reason("model_context_window_exceeded") == finish_reason::length));
    BOOST_TEST((reason("guardrail_intervened") == finish_reason::content_filter));
    BOOST_TEST((reason("content_filtered") == finish_reason::content_filter));
    BOOST_TEST((reason("malformed_tool_use") == finish_reason::stop));
    BOOST_TEST((reason("something_new") == finish_reason::other));
}

BOOST_AUTO_TEST_CASE(usage_counts_the_cache_in_and_never_goes_below_zero)
{
    const auto tokens = [](std::string const& usage) {
        return decode(R"({"output":{"message":{"content":[]}},"stopReason":"end_turn","usage":)" + usage +
                      "}")
            ->usage;
    };
    const usage u =
        tokens(R"({"inputTokens":433,"outputTokens":16,"totalTokens":3201,"cacheReadInputTokens":2752,
        "cacheWriteInputTokens":10,
        "cacheDetails":[{"ttl":"1h","inputTokens":7},{"ttl":"5m","inputTokens":3}],"new":1})");
    BOOST_TEST(u.prompt_tokens == 433 + 2752 + 10);
    BOOST_TEST(u.completion_tokens == 16);
    BOOST_TEST(u.cached_tokens == 2752);
    BOOST_TEST(u.cache_write_tokens == 10);
    BOOST_TEST(u.cache_write_1h_tokens == 7);
    BOOST_TEST(u.extra.find("new")->text == "1");
    BOOST_TEST(
        tokens(R"({"inputTokens":-5,"outputTokens":1e30,"cacheReadInputTokenCount":2})").prompt_tokens == 2);
    BOOST_TEST(!tokens("null").reported);
}

BOOST_AUTO_TEST_CASE(unknown_members_are_kept)
{
    const auto answer =
        decode(R"({"output":{"message":{"content":[{"text":"x"}],"m":1}},"stopReason":"end_turn",
        "serviceTier":{"type":"flex"},"metrics":{"latencyMs":1},"trace":{}})");
    BOOST_REQUIRE(answer);
    BOOST_TEST(answer->service_tier == "flex");
    BOOST_TEST(answer->extra.find("metrics")->text == R"({"latencyMs":1})");
    BOOST_TEST(answer->extra.find("trace") != nullptr);
    BOOST_TEST(answer->choices[0].message.extra.find("m")->text == "1");
}

BOOST_AUTO_TEST_CASE(nonsense_is_a_bad_gateway)
{
    for (std::string_view const body :
         {"", "[]", "{}", "{\"output\":1}", R"({"output":{"message":{"content":[1]}}})"}) {
        const auto answer = decode(body);
        BOOST_REQUIRE(!answer);
        BOOST_TEST((answer.error()->kind == error_kind::bad_gateway));
    }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(providers_bedrock_converse_decode_error)

namespace {

failure error_of(int status, std::string_view type, std::string_view body)
{
    const std::vector<wire::header> headers = {{"x-amzn-errortype", type}, {"x-amzn-requestid", "r-1"}};
    return providers::bedrock_converse::client().decode_error(status, headers, body, {});
}

} // namespace

BOOST_AUTO_TEST_CASE(the_type_in_the_header_decides)
{
    struct row {
        int status;
        std::string_view type;
        std::string_view message;
        error_kind kind;
    };
    const std::vector<row> rows = {
        {400, "ValidationException:http://internal.amazon.com/", "bad", error_kind::invalid_request},
        {400, "ValidationException", "The provided model identifier is invalid.", error_kind::not_found},
        {400, "ValidationException", "Input Tokens Exceeded: 9", error_kind::context_window_exceeded},
        {400, "ValidationException", "Input is too long for requested model.",
         error_kind::context_window_exceeded},
        {400, "ServiceQuotaExceededException", "quota", error_kind::quota_exceeded},
        {403, "AccessDeniedException", "no", error_kind::permission_denied},
        {403, "UnrecognizedClientException", "no", error_kind::authentication},
        {403, "ExpiredTokenException", "no", error_kind::authentication},
        {404, "ResourceNotFoundException", "no", error_kind::not_found},
        {408, "ModelTimeoutException", "no", error_kind::timeout},
        {424, "ModelErrorException", "no", error_kind::internal_server},
        {429, "com.amazon.coral#ThrottlingException", "no", error_kind::rate_limit},
        {500, "InternalServerException", "no", error_kind::internal_server},
        {503, "ServiceUnavailableException", "no", error_kind::service_unavailable}};
    for (row const& r : rows) {
        const failure why = error_of(r.status, r.type, "{\"message\":\"" + std::string(r.message) + "\"}");
        BOOST_TEST_CONTEXT(r.type << " " << r.message)
        {
            BOOST_TEST((why->kind == r.kind));
            BOOST_TEST(why->message == r.message);
            BOOST_TEST(why->upstream_request_id == "r-1");
        }
    }
    BOOST_TEST(
        error_of(400, "ValidationException", R"({"message":"The provided model identifier is invalid."})")
            ->code == "model_not_found");
    BOOST_TEST(error_of(400, "X", R"({"Message":"old"})")->message == "old");
}

BOOST_AUTO_TEST_CASE(answers_of_something_between_are_read_too)
{
    BOOST_TEST((error_of(503, "", "<html>")->kind == error_kind::service_unavailable));
    BOOST_TEST((error_of(502, "", "")->kind == error_kind::bad_gateway));
    BOOST_TEST((error_of(429, "", R"({"error":{"message":"slow"}})")->kind == error_kind::rate_limit));
    BOOST_TEST((error_of(500, "ThrottlingException", "")->kind == error_kind::rate_limit));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test::bedrock
