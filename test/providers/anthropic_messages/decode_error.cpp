#include "test/providers/anthropic_messages/support.hpp"

namespace cogate::test::anthropic {

namespace {

failure decode(int status, std::string_view body, std::vector<wire::header> const& fields = {})
{
    return dialect::client().decode_error(status, fields, body, std::chrono::system_clock::time_point{});
}

std::string error_body(std::string const& type, std::string const& message)
{
    return R"({"type":"error","error":{"type":")" + type + R"(","message":")" + message +
           R"("},"request_id":"req_b"})";
}

} // namespace

BOOST_AUTO_TEST_SUITE(providers_anthropic_messages_decode_error)

BOOST_AUTO_TEST_CASE(every_type)
{
    struct row {
        int status;
        char const* type;
        char const* message;
        error_kind kind;
        bool retryable;
    };
    for (row const& r : {
             row{400, "invalid_request_error", "max_tokens: Field required", error_kind::invalid_request,
                 false},
             row{400, "invalid_request_error", "prompt is too long: 3333404 tokens > 200000 maximum",
                 error_kind::context_window_exceeded, false},
             row{400, "invalid_request_error",
                 "input length and `max_tokens` exceed context limit: 1 + 2 > 2",
                 error_kind::context_window_exceeded, false},
             row{400, "invalid_request_error", "Output blocked by content filtering policy",
                 error_kind::content_policy_violation, false},
             row{400, "invalid_request_error", "Your credit balance is too low to access the API",
                 error_kind::quota_exceeded, false},
             row{401, "authentication_error", "invalid x-api-key", error_kind::authentication, false},
             row{402, "billing_error", "pay", error_kind::quota_exceeded, false},
             row{403, "permission_error", "no", error_kind::permission_denied, false},
             row{404, "not_found_error", "model: x", error_kind::not_found, false},
             row{413, "request_too_large", "big", error_kind::request_too_large, false},
             row{429, "rate_limit_error", "slow", error_kind::rate_limit, true},
             row{500, "api_error", "oops", error_kind::internal_server, true},
             row{504, "timeout_error", "late", error_kind::timeout, true},
             row{529, "overloaded_error", "Overloaded", error_kind::service_unavailable, true},
         }) {
        failure const why = decode(r.status, error_body(r.type, r.message));
        BOOST_TEST_CONTEXT(r.message)
        {
            BOOST_TEST((why->kind == r.kind));
            BOOST_TEST(why->message == r.message);
            BOOST_TEST(why->retryable == r.retryable);
            BOOST_TEST(why->upstream_request_id == "req_b");
        }
    }
}

BOOST_AUTO_TEST_CASE(details_and_fields)
{
    failure why = decode(429, R"({"type":"error","error":{"type":"rate_limit_error","message":"spent",)"
                              R"("details":{"error_code":"enforced_spend_limit_reached"}}})");
    BOOST_TEST((why->kind == error_kind::quota_exceeded));
    BOOST_TEST(!why->retryable);
    why =
        decode(429, error_body("rate_limit_error", "slow"), {{"retry-after", "12"}, {"request-id", "req_h"}});
    BOOST_TEST(why->retry_after->count() == 12000);
    BOOST_TEST(why->upstream_request_id == "req_h");
    why = decode(401, error_body("authentication_error", "bad"), {{"x-should-retry", "false"}});
    BOOST_TEST(!why->retryable);
    why = decode(413, "<html>too large</html>");
    BOOST_TEST((why->kind == error_kind::request_too_large));
    why = decode(529, "");
    BOOST_TEST((why->kind == error_kind::service_unavailable));
    BOOST_TEST(why->status == 503);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test::anthropic
