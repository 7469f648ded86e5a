#include "test/providers/openai_responses/support.hpp"

namespace cogate::test::responses {

BOOST_AUTO_TEST_SUITE(providers_openai_responses_decode_error)

BOOST_AUTO_TEST_CASE(classes)
{
    struct row {
        int status;
        char const* body;
        error_kind kind;
    };
    for (row const& r :
         {row{400, R"({"error":{"message":"m","code":"context_length_exceeded","param":"input"}})",
              error_kind::context_window_exceeded},
          {400, R"({"error":{"message":"The requested model 'x' does not exist.","code":"model_not_found"}})",
           error_kind::not_found},
          {400, R"({"code":"invalid-argument","error":"Incorrect API key provided."})",
           error_kind::authentication},
          {400, R"({"error":{"message":"m","code":"invalid_prompt"}})", error_kind::invalid_request},
          {401, "", error_kind::authentication},
          {429, R"({"error":{"message":"m","code":"insufficient_quota"}})", error_kind::quota_exceeded},
          {429, R"({"error":{"message":"m"}})", error_kind::rate_limit},
          {500, "<html>", error_kind::internal_server},
          {503, "{}", error_kind::service_unavailable}}) {
        failure const why = dialect::client().decode_error(r.status, {}, r.body, {});
        BOOST_CHECK_MESSAGE(why->kind == r.kind, r.body << " is " << to_string(why->kind));
        BOOST_TEST(!why->message.empty());
    }
}

BOOST_AUTO_TEST_CASE(our_errors_have_openai_s_shape)
{
    std::string out;
    dialect::server().write_error(failure(error_kind::invalid_request, "m").with_code("c").with_param("p"),
                                  out);
    BOOST_TEST(oracle(out) ==
               oracle(R"({"error":{"message":"m","type":"invalid_request_error","param":"p","code":"c"}})"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test::responses
