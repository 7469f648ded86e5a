#include "test/providers/gemini/support.hpp"

namespace cogate::test::google {

BOOST_AUTO_TEST_SUITE(providers_gemini_decode_response)

BOOST_AUTO_TEST_CASE(parts_in_their_place)
{
    auto const r = decode(
        R"({"candidates":[{"content":{"parts":[{"text":"hm","thought":true},{"text":"so","thoughtSignature":"s1"},
        {"inlineData":{"mimeType":"image/png","data":"AA-_"}},{"functionCall":{"name":"f","args":{ "a" : "b c" }},"thoughtSignature":"s2"},
        {"functionCall":{"id":"x1","name":"g"}},{"executableCode":{"code":"1"}}],"role":"model"},"finishReason":"STOP","safetyRatings":[]}],
        "usageMetadata":{"promptTokenCount":10,"toolUsePromptTokenCount":2,"candidatesTokenCount":5,"thoughtsTokenCount":7,
        "cachedContentTokenCount":4,"totalTokenCount":24,"promptTokensDetails":[{"modality":"AUDIO","tokenCount":3}],"trafficType":"X"},
        "modelVersion":"gemini-x","responseId":"r1","createTime":"1970-01-02T00:00:01.5Z"})");
    BOOST_REQUIRE(r.has_value());
    BOOST_TEST(r->id == "r1");
    BOOST_TEST(r->model == "gemini-x");
    BOOST_TEST(r->created == 86401);
    BOOST_REQUIRE_EQUAL(r->choices.size(), 1U);
    chat_choice const& choice = r->choices[0];
    BOOST_TEST((choice.finish_reason == finish_reason::tool_calls));
    BOOST_TEST(choice.native_finish_reason == "STOP");
    BOOST_TEST(choice.extra.find("safetyRatings") != nullptr);
    std::vector<content_part> const& parts = choice.message.content;
    BOOST_REQUIRE_EQUAL(parts.size(), 5U);
    BOOST_TEST(std::get<reasoning_part>(parts[0]).text == "hm");
    BOOST_TEST(std::get<text_part>(parts[1]).text == "so");
    BOOST_TEST(std::get<reasoning_part>(parts[2]).signature == googles("s1"));
    BOOST_TEST(std::get<image_part>(parts[3]).source.data == "AA+/");
    BOOST_TEST(std::get<unknown_part>(parts[4]).type == "executableCode");
    BOOST_REQUIRE_EQUAL(choice.message.tool_calls.size(), 2U);
    tool_call const& call = choice.message.tool_calls[0];
    BOOST_TEST(call.id.size() == 29U);
    BOOST_TEST(call.id.starts_with("call_"));
    BOOST_TEST(call.arguments == R"({"a":"b c"})");
    BOOST_TEST(call.signature == "s2");
    BOOST_TEST(choice.message.tool_calls[1].id == "x1");
    BOOST_TEST(choice.message.tool_calls[1].arguments == "{}");
    BOOST_TEST(r->usage.prompt_tokens == 12);
    BOOST_TEST(r->usage.completion_tokens == 12);
    BOOST_TEST(r->usage.total_tokens == 24);
    BOOST_TEST(r->usage.reasoning_tokens == 7);
    BOOST_TEST(r->usage.cached_tokens == 4);
    BOOST_TEST(r->usage.prompt_audio_tokens == 3);
    BOOST_TEST(r->usage.extra.find("trafficType") != nullptr);
}

BOOST_AUTO_TEST_CASE(reasons)
{
    const auto reason = [](std::string word, std::string parts = "[]") {
        auto const r =
            decode(R"({"candidates":[{"content":{"parts":)" + parts + R"(},"finishReason":)" + word + "}]}");
        BOOST_REQUIRE(r.has_value());
        return r->choices[0];
    };
    BOOST_TEST((reason(R"("STOP")").finish_reason == finish_reason::stop));
    BOOST_TEST((reason(R"("MAX_TOKENS")").finish_reason == finish_reason::length));
    BOOST_TEST((reason("2").finish_reason == finish_reason::length));
    for (char const* word :
         {"SAFETY", "RECITATION", "SPII", "MODEL_ARMOR", "IMAGE_SAFETY", "PROHIBITED_CONTENT"}) {
        BOOST_TEST((reason('"' + std::string(word) + '"').finish_reason == finish_reason::content_filter));
    }
    BOOST_TEST((reason(R"("MALFORMED_FUNCTION_CALL")").finish_reason == finish_reason::stop));
    BOOST_TEST(reason(R"("MALFORMED_FUNCTION_CALL")").native_finish_reason == "MALFORMED_FUNCTION_CALL");
    BOOST_TEST((reason(R"("STOP")", R"([{"functionCall":{"name":"f"}}])").finish_reason ==
                finish_reason::tool_calls));
    BOOST_TEST((reason(R"("MAX_TOKENS")", R"([{"functionCall":{"name":"f"}}])").finish_reason ==
                finish_reason::length));
    BOOST_TEST((reason("null").finish_reason == finish_reason::none));
}

BOOST_AUTO_TEST_CASE(a_refused_prompt_is_a_filtered_answer)
{
    auto const r =
        decode(R"({"promptFeedback":{"blockReason":"SAFETY"},"usageMetadata":{"promptTokenCount":3}})");
    BOOST_REQUIRE(r.has_value());
    BOOST_TEST((r->choices.at(0).finish_reason == finish_reason::content_filter));
    BOOST_TEST(r->choices[0].native_finish_reason == "SAFETY");
    BOOST_TEST(r->choices[0].message.content.empty());
    BOOST_TEST(r->usage.prompt_tokens == 3);
}

BOOST_AUTO_TEST_CASE(grounding_becomes_citations)
{
    auto const r = decode(
        R"({"candidates":[{"content":{"parts":[{"text":"a"}]},"finishReason":"STOP","groundingMetadata":
        {"groundingChunks":[{"web":{"uri":"https://a.test","title":"A"}},{"web":{"uri":"https://a.test"}},{"retrievedContext":{}}]}}]})");
    BOOST_REQUIRE(r.has_value());
    BOOST_TEST((oracle(r->choices[0].message.annotations.text) ==
                oracle(R"([{"type":"url_citation","url_citation":{"url":"https://a.test","title":"A"}}])")));
    BOOST_TEST(r->choices[0].extra.find("groundingMetadata") != nullptr);
}

BOOST_AUTO_TEST_CASE(logprobs_in_openai_s_form)
{
    auto const r =
        decode(R"({"candidates":[{"content":{"parts":[{"text":"a"}]},"finishReason":"STOP","logprobsResult":
        {"chosenCandidates":[{"token":"a","tokenId":3,"logProbability":-0.5}],
         "topCandidates":[{"candidates":[{"token":"a","logProbability":-0.5},{"token":"b","logProbability":-2}]}]}}]})");
    BOOST_REQUIRE(r.has_value());
    BOOST_TEST((oracle(r->choices[0].logprobs.text) ==
                oracle(R"({"content":[{"token":"a","logprob":-0.5,"bytes":[97],
        "top_logprobs":[{"token":"a","logprob":-0.5,"bytes":[97]},{"token":"b","logprob":-2,"bytes":[98]}]}],"refusal":null})")));
}

BOOST_AUTO_TEST_CASE(nonsense_and_errors_with_status_200)
{
    for (char const* body : {"", "[]", "{}", "null", R"({"candidates":[1]})", "{\"candidates\":", R"("x")"}) {
        auto const r = decode(body);
        BOOST_REQUIRE(!r.has_value());
        BOOST_TEST((r.error()->kind == error_kind::bad_gateway));
    }
    auto const r = decode(R"([{"error":{"code":503,"message":"overloaded","status":"UNAVAILABLE"}}])");
    BOOST_REQUIRE(!r.has_value());
    BOOST_TEST((r.error()->kind == error_kind::service_unavailable));
}

BOOST_AUTO_TEST_CASE(hostile_counts_are_clamped)
{
    auto const r = decode(R"({"candidates":[{"content":{}}],"usageMetadata":{"promptTokenCount":-5,
        "candidatesTokenCount":99999999999999999,"thoughtsTokenCount":9223372036854775807,"cachedContentTokenCount":7}})");
    BOOST_REQUIRE(r.has_value());
    BOOST_TEST(r->usage.prompt_tokens == 0);
    BOOST_TEST(r->usage.cached_tokens == 0);
    BOOST_TEST(r->usage.completion_tokens > 0);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test::google
