#include "providers/azure/dialect.hpp"

#include <boost/test/unit_test.hpp>

namespace cogate::test {

BOOST_AUTO_TEST_SUITE(providers_azure_decode_error)

BOOST_AUTO_TEST_CASE(azures_words_have_their_meaning)
{
    struct row {
        int status;
        std::string_view body;
        error_kind kind;
        int answered;
    };
    const row rows[] = {
        {401, R"({"error":{"code":"401","message":"Access denied"}})", error_kind::authentication, 401},
        {404, R"({"error":{"type":"invalid_request_error","code":"DeploymentNotFound","message":"no"}})",
         error_kind::not_found, 404},
        {429, R"({"error":{"code":"RateLimitReached","message":"slow","details":"x"}})",
         error_kind::rate_limit, 429},
        {429, R"({"error":{"code":"429","message":"Please retry after 6 seconds"}})", error_kind::rate_limit,
         429},
        {400,
         R"({"error":{"code":"content_filter","message":"m","innererror":{"code":"ResponsibleAIPolicyViolation"}}})",
         error_kind::content_policy_violation, 400},
        {400, R"({"error":{"code":"context_length_exceeded","message":"m"}})",
         error_kind::context_window_exceeded, 400},
        {503, R"({"error":{"code":"NoCapacity","message":"m"}})", error_kind::service_unavailable, 503},
        {403, R"({"error":{"code":"PermissionDenied","message":"m"}})", error_kind::permission_denied, 403},
    };
    for (row const& r : rows) {
        BOOST_TEST_CONTEXT(r.body)
        {
            failure const why = providers::azure::openai_client().decode_error(r.status, {}, r.body, {});
            BOOST_TEST((why->kind == r.kind));
            BOOST_TEST(why->status == r.answered);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_retry_after_of_no_milliseconds_is_no_wait)
{
    const wire::header headers[] = {{"retry-after-ms", "0"}, {"retry-after", "1"}, {"apim-request-id", "id"}};
    failure const why = providers::azure::openai_client().decode_error(429, headers, "{}", {});
    BOOST_REQUIRE(why->retry_after.has_value());
    BOOST_TEST(why->retry_after->count() == 0);
    BOOST_TEST(why->upstream_request_id == "id");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test
