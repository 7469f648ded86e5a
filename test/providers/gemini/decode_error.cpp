#include "test/providers/gemini/support.hpp"

namespace cogate::test::google {

namespace {

failure read(int status, std::string_view body)
{
    return providers::gemini::client().decode_error(status, {}, body, {});
}

std::string error(int code, std::string word, std::string message, std::string details = "[]")
{
    return R"({"error":{"code":)" + std::to_string(code) + R"(,"message":")" + message + R"(","status":")" +
           word + R"(","details":)" + details + "}}";
}

} // namespace

BOOST_AUTO_TEST_SUITE(providers_gemini_decode_error)

BOOST_AUTO_TEST_CASE(a_bad_key_comes_as_400)
{
    const failure f = read(400, error(400, "INVALID_ARGUMENT", "API key not valid.",
                                      R"([{"reason":"API_KEY_INVALID"},{"locale":"en"}])"));
    BOOST_TEST((f->kind == error_kind::authentication));
    BOOST_TEST(f->status == 401);
    BOOST_TEST(f->message == "API key not valid.");
}

BOOST_AUTO_TEST_CASE(limits_and_how_long_they_last)
{
    const std::string minute =
        R"([{"violations":[{"quotaId":"RequestsPerMinute"}]},{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"34.4s"}])";
    failure f = read(429, error(429, "RESOURCE_EXHAUSTED", "You exceeded your current quota", minute));
    BOOST_TEST((f->kind == error_kind::rate_limit));
    BOOST_TEST((f->retry_after == std::chrono::milliseconds(34400)));
    BOOST_TEST(f->retryable);
    f = read(429, error(429, "RESOURCE_EXHAUSTED", "You exceeded your current quota",
                        R"([{"violations":[{"quotaId":"RequestsPerDayFree"}]}])"));
    BOOST_TEST((f->kind == error_kind::quota_exceeded));
}

BOOST_AUTO_TEST_CASE(the_other_words)
{
    BOOST_TEST((read(404, error(404, "NOT_FOUND", "no such model"))->kind == error_kind::not_found));
    BOOST_TEST((read(403, error(403, "PERMISSION_DENIED", "no"))->kind == error_kind::permission_denied));
    BOOST_TEST((read(503, error(503, "UNAVAILABLE", "The model is overloaded."))->kind ==
                error_kind::service_unavailable));
    BOOST_TEST((read(500, error(500, "INTERNAL", "x"))->kind == error_kind::internal_server));
    BOOST_TEST((read(504, error(504, "DEADLINE_EXCEEDED", "x"))->kind == error_kind::timeout));
    BOOST_TEST((read(400, error(400, "INVALID_ARGUMENT", "bad"))->kind == error_kind::invalid_request));
    const failure f = read(
        400,
        error(400, "INVALID_ARGUMENT",
              "The input token count (1250074) exceeds the maximum number of tokens allowed (1048576)."));
    BOOST_TEST((f->kind == error_kind::context_window_exceeded));
    BOOST_TEST(f->code == "context_length_exceeded");
}

BOOST_AUTO_TEST_CASE(lists_and_what_is_no_json)
{
    BOOST_TEST((read(404, "[" + error(404, "NOT_FOUND", "no") + "]")->kind == error_kind::not_found));
    BOOST_TEST((read(502, "<html>")->kind == error_kind::bad_gateway));
    BOOST_TEST((read(400, "")->kind == error_kind::invalid_request));
    BOOST_TEST((read(429, R"({"error":"slow"})")->kind == error_kind::rate_limit));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test::google
