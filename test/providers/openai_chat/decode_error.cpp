#include "test/providers/openai_chat/support.hpp"

namespace cogate::test {

namespace {

using headers = std::vector<wire::header>;

failure decode(int status, std::string_view body, headers const& fields = {})
{
    return providers::openai_chat::client().decode_error(status, fields, body,
                                                         std::chrono::system_clock::time_point{});
}

struct row {
    int status;
    char const* body;
    error_kind kind;
    int answer;
    char const* message;
};

} // namespace

BOOST_AUTO_TEST_SUITE(providers_openai_chat_decode_error)

BOOST_AUTO_TEST_CASE(a_plain_text_is_cut_between_characters)
{
    std::string accents;
    for (int i = 0; i != 300; ++i) {
        accents += "\u00e9";
    }
    const std::string prefix = "the provider answered with status 500: ";
    BOOST_TEST(decode(500, accents)->message == prefix + accents.substr(0, 500) + "...");
    BOOST_TEST(decode(500, "a" + accents)->message == prefix + "a" + accents.substr(0, 498) + "...");
    BOOST_TEST(decode(500, accents.substr(0, 500))->message == prefix + accents.substr(0, 500));
}

BOOST_AUTO_TEST_CASE(every_envelope)
{
    for (
        row const& r : {
            row{401,
                R"({"error":{"message":"bad key","type":"invalid_request_error","code":"invalid_api_key"}})",
                error_kind::authentication, 401, "bad key"},
            {400, R"({"code":"invalid-argument","error":"Incorrect API key provided: sk-x"})",
             error_kind::authentication, 401, "Incorrect API key provided: sk-x"},
            {404, R"({"error":{"message":"no","type":"invalid_request_error","code":"model_not_found"}})",
             error_kind::not_found, 404, "no"},
            {400, R"({"error":{"message":"no","code":"model_not_found"}})", error_kind::not_found, 404, "no"},
            {401,
             R"({"error":{"message":"Authentication Fails","type":"authentication_error","code":"invalid_request_error"}})",
             error_kind::authentication, 401, "Authentication Fails"},
            {400, R"({"error":{"message":"x","code":"context_length_exceeded"}})",
             error_kind::context_window_exceeded, 400, "x"},
            {400,
             R"({"error":{"message":"This model's maximum context length is 10 tokens.","code":"invalid_request_error"}})",
             error_kind::context_window_exceeded, 400, "This model's maximum context length is 10 tokens."},
            {400, R"({"error":{"message":"The total length","type":"too_many_prompt_tokens","code":400}})",
             error_kind::context_window_exceeded, 400, "The total length"},
            {400,
             R"({"error":{"code":"content_filter","message":"f","innererror":{"code":"ResponsibleAIPolicyViolation"}}})",
             error_kind::content_policy_violation, 400, "f"},
            {429, R"({"error":{"code":"RateLimitReached","message":"slow"}})", error_kind::rate_limit, 429,
             "slow"},
            {429,
             R"({"error":{"message":"You exceeded your current quota, please check","type":"insufficient_quota","code":"insufficient_quota"}})",
             error_kind::quota_exceeded, 429, "You exceeded your current quota, please check"},
            {402, R"({"error":{"message":"Insufficient Balance"}})", error_kind::quota_exceeded, 402,
             "Insufficient Balance"},
            {529, R"({"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}})",
             error_kind::service_unavailable, 503, "Overloaded"},
            {401, R"({"detail":"Invalid API Key"})", error_kind::authentication, 401, "Invalid API Key"},
            {422,
             R"({"detail":[{"loc":["body","messages",0],"msg":"field required","input":"prompt is too long"}]})",
             error_kind::unprocessable, 422, "body.messages.0: field required"},
            {500, R"({"message":"boom"})", error_kind::internal_server, 500, "boom"},
            {404, R"({"id":"a","message":"gone"})", error_kind::not_found, 404, "gone"},
            {400, R"({"errors":["one","two"]})", error_kind::invalid_request, 400, "one; two"},
            {400,
             R"([{"error":{"code":400,"message":"API key not valid","details":[{"reason":"API_KEY_INVALID"}]}}])",
             error_kind::authentication, 401, "API key not valid"},
            {400, R"({"object":"error","message":"bad n","type":"BadRequestError","param":null,"code":400})",
             error_kind::invalid_request, 400, "bad n"},
            {502, "<html><body>nginx</body></html>", error_kind::bad_gateway, 502,
             "the provider answered with status 502 and an HTML page"},
            {520, "", error_kind::bad_gateway, 502, "the provider answered with status 520 and no body"},
            {503, "upstream connect error", error_kind::service_unavailable, 503,
             "the provider answered with status 503: upstream connect error"},
            {500, "\xff\xfe", error_kind::internal_server, 500,
             "the provider answered with status 500 and a body that cannot be read"},
            {500, "{\"error\":", error_kind::internal_server, 500,
             "the provider answered with status 500 and a body that cannot be read"},
            {500, "\n\n {\"error\":{\"message\":\"late\"}}", error_kind::internal_server, 500, "late"},
            {403, "{}", error_kind::permission_denied, 403, "the provider answered with status 403"},
            {408, "{}", error_kind::timeout, 408, "the provider answered with status 408"},
            {413, "{}", error_kind::request_too_large, 413, "the provider answered with status 413"},
            {302, "", error_kind::bad_gateway, 502, "the provider answered with status 302 and no body"},
        }) {
        BOOST_TEST_CONTEXT(r.status << " " << r.body)
        {
            failure const why = decode(r.status, r.body);
            BOOST_TEST((why->kind == r.kind));
            BOOST_TEST(why->status == r.answer);
            BOOST_TEST(why->message == r.message);
            if (r.kind == error_kind::context_window_exceeded) {
                BOOST_TEST(why->code == "context_length_exceeded");
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(the_callers_words_decide_nothing)
{
    for (
        char const* body : {
            R"({"error":{"message":"Invalid value: 'my prompt is too long, 429 rate limit, invalid api key'","code":"invalid_value"}})",
            R"({"error":{"message":"cannot parse \"maximum context length is\"","type":"invalid_request_error"}})",
            R"({"error":{"message":"bad field"},"request":{"messages":"prompt is too long"}})",
            R"({"detail":[{"loc":["body"],"msg":"bad","input":{"code":"context_length_exceeded"}}]})",
        }) {
        BOOST_TEST_CONTEXT(body)
        {
            BOOST_TEST((decode(400, body)->kind == error_kind::invalid_request));
        }
    }
}

BOOST_AUTO_TEST_CASE(the_providers_words_around_a_quote_count)
{
    failure const why =
        decode(400, R"({"error":{"message":"Model 'small' says that the prompt is too long: 9 tokens"}})");
    BOOST_TEST((why->kind == error_kind::context_window_exceeded));
}

BOOST_AUTO_TEST_CASE(headers_are_read)
{
    using std::chrono::milliseconds;
    BOOST_TEST((decode(429, "{}", {{"Retry-After", "2"}})->retry_after == milliseconds(2000)));
    BOOST_TEST(
        (decode(429, "{}", {{"retry-after", "1"}, {"retry-after-ms", "0"}})->retry_after == milliseconds(0)));
    BOOST_TEST((decode(429, "{}", {{"retry-after", "nonsense"}})->retry_after == std::nullopt));
    BOOST_TEST((decode(200, "{}", {{"retry-after", "2"}})->retry_after == std::nullopt));
    BOOST_TEST(
        (decode(
             429,
             R"({"error":{"message":"q","status":"RESOURCE_EXHAUSTED","details":[{"retryDelay":"48.9s"}]}})")
             ->retry_after == milliseconds(48900)));
    BOOST_TEST((decode(429, "{}",
                       {{"x-ratelimit-remaining-tokens", "0"},
                        {"x-ratelimit-reset-tokens", "6m0s"},
                        {"x-ratelimit-remaining-requests", "9"},
                        {"x-ratelimit-reset-requests", "12h"}})
                    ->retry_after == milliseconds(360000)));
    BOOST_TEST(decode(500, "{}", {{"x-request-id", "req_1"}})->upstream_request_id == "req_1");
    BOOST_TEST(decode(500, "{}")->retryable);
    BOOST_TEST(!decode(500, "{}", {{"X-Should-Retry", "false"}})->retryable);
    BOOST_TEST(decode(400, "{}", {{"x-should-retry", "true"}})->retryable);
    BOOST_TEST(decode(409, "{}")->retryable);
    BOOST_TEST(!decode(429, R"({"error":{"code":"insufficient_quota"}})")->retryable);
}

BOOST_AUTO_TEST_CASE(long_messages_are_cut_between_characters)
{
    std::string text;
    for (int i = 0; i != 4000; ++i) {
        text += "\xc3\xa9";
    }
    failure const why = decode(400, R"({"error":{"message":"a)" + text + R"("}})");
    BOOST_TEST(why->message.size() < 4200U);
    BOOST_TEST(why->message.substr(why->message.size() - 5) == "\xc3\xa9...");
}

BOOST_AUTO_TEST_CASE(openai_clients_get_openais_shape)
{
    std::string out;
    failure why(error_kind::rate_limit, "slow \"down\"");
    providers::openai_chat::server().write_error(why, out);
    BOOST_TEST(
        out ==
        R"({"error":{"message":"slow \"down\"","type":"rate_limit_error","param":null,"code":"rate_limit_exceeded"}})");
    out.clear();
    const chat_request asked;
    providers::openai_chat::server()
        .write_chat_stream({asked, {}, {}})
        ->fail(failure(error_kind::invalid_request, "x").with_param("n"), out);
    BOOST_TEST(out == "data: "
                      "{\"error\":{\"message\":\"x\",\"type\":\"invalid_request_error\",\"param\":\"n\","
                      "\"code\":null}}\n\n");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test
