#include "test/providers/gemini/support.hpp"

namespace cogate::test::google {

namespace {

std::string written(chat_response const& response, chat_request const& request)
{
    std::string out;
    providers::gemini::server().write_chat(response, {request, "asked", "fallback"}, out);
    return out;
}

chat_response answer()
{
    chat_response r;
    r.choices.emplace_back();
    r.choices[0].message.content = {reasoning_part{.text = "hm"}, text_part{.text = "hi"}};
    r.choices[0].finish_reason = finish_reason::stop;
    return r;
}

} // namespace

BOOST_AUTO_TEST_SUITE(providers_gemini_write_response)

BOOST_AUTO_TEST_CASE(an_answer_of_another_provider)
{
    chat_response r = answer();
    r.model = "claude";
    r.choices[0].message.tool_calls = {{.id = "toolu_1", .name = "f", .arguments = R"({"a":1})"}};
    r.choices[0].finish_reason = finish_reason::tool_calls;
    r.choices[0].extra.set("stop_sequence", {"1"});
    r.usage = {.prompt_tokens = 10,
               .completion_tokens = 8,
               .total_tokens = 18,
               .cached_tokens = 4,
               .reasoning_tokens = 3,
               .reported = true};
    r.usage.extra.set("inference_geo", {"1"});
    BOOST_TEST((oracle(written(r, ask("q"))) == oracle(R"({"candidates":[{"content":{"parts":[{"text":"hi"},
        {"functionCall":{"id":"toolu_1","name":"f","args":{"a":1}}}],"role":"model"},"finishReason":"STOP","index":0}],
        "usageMetadata":{"promptTokenCount":10,"candidatesTokenCount":5,"totalTokenCount":18,"cachedContentTokenCount":4,
        "thoughtsTokenCount":3},"modelVersion":"claude","responseId":"fallback"})")));
}

BOOST_AUTO_TEST_CASE(thoughts_for_those_who_asked_or_must_return_them)
{
    chat_request thinking = ask("q");
    thinking.reasoning.summary = "auto";
    BOOST_TEST(written(answer(), thinking).find(R"({"text":"hm","thought":true})") != std::string::npos);
    BOOST_TEST(written(answer(), ask("q")).find("hm") == std::string::npos);
    chat_response is_signed = answer();
    std::get<reasoning_part>(is_signed.choices[0].message.content[0]).signature = googles("s");
    BOOST_TEST(written(is_signed, ask("q")).find(R"({"text":"hm","thought":true,"thoughtSignature":"s"})") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(reasons_in_google_s_words)
{
    const auto word = [](finish_reason why, std::string native) {
        chat_response r = answer();
        r.choices[0].finish_reason = why;
        r.choices[0].native_finish_reason = std::move(native);
        return text_at(oracle(written(r, ask("q"))).at("candidates").at(0), "finishReason");
    };
    BOOST_TEST(word(finish_reason::length, "max_tokens") == "MAX_TOKENS");
    BOOST_TEST(word(finish_reason::content_filter, "refusal") == "SAFETY");
    BOOST_TEST(word(finish_reason::stop, "MALFORMED_FUNCTION_CALL") == "MALFORMED_FUNCTION_CALL");
    BOOST_TEST(word(finish_reason::function_call, "") == "STOP");
    BOOST_TEST(word(finish_reason::none, "") == "");
}

BOOST_AUTO_TEST_CASE(errors_in_google_s_shape)
{
    failure why(error_kind::rate_limit, "slow");
    why.with_code("rate_limit_exceeded").with_retry_after(std::chrono::milliseconds(1500));
    std::string out;
    providers::gemini::server().write_error(why, out);
    BOOST_TEST((oracle(out) ==
                oracle(R"({"error":{"code":429,"message":"slow","status":"RESOURCE_EXHAUSTED","details":[
        {"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"rate_limit_exceeded","domain":"cogate"},
        {"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"1.500s"}]}})")));
    for (error_kind const kind :
         {error_kind::authentication, error_kind::permission_denied, error_kind::not_found,
          error_kind::service_unavailable, error_kind::timeout, error_kind::rate_limit}) {
        std::string text;
        providers::gemini::server().write_error(failure(kind, "x"), text);
        const failure again = providers::gemini::client().decode_error(http_status(kind), {}, text, {});
        BOOST_TEST((again->kind == kind));
        BOOST_TEST(again->message == "x");
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test::google
