#include "providers/bedrock/dialect.hpp"
#include "test/providers/bedrock_converse/support.hpp"

#include "lib/wire/sigv4.hpp"

namespace cogate::test::bedrock {

namespace {

using providers::bedrock::aws_credential;

providers::settings keys(std::vector<std::pair<std::string, std::string>> const& more = {})
{
    providers::settings out;
    out.set("aws_access_key_id", secret("AKIDEXAMPLE"));
    out.set("aws_secret_access_key", secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"));
    out.set("aws_region_name", secret("us-east-1"));
    for (auto const& [name, value] : more) {
        out.set(name, secret(value));
    }
    return out;
}

const std::chrono::system_clock::time_point then{std::chrono::seconds(1440938160)}; // 2015-08-30 12:36:00

std::string field(providers::header_list const& fields, std::string_view name)
{
    for (auto const& [key, value] : fields) {
        if (key == name) {
            return value;
        }
    }
    return {};
}

} // namespace

BOOST_AUTO_TEST_SUITE(providers_bedrock_credential)

BOOST_AUTO_TEST_CASE(a_key_is_a_bearer_token)
{
    const auto made = aws_credential({}, secret("tok"));
    BOOST_REQUIRE(made);
    BOOST_TEST(((*made)->how() == providers::credential::kind::fixed));
    BOOST_TEST(field((*made)->fields(), "authorization") == "Bearer tok");
    providers::settings given = keys({{"aws_bearer_token", "other"}});
    BOOST_TEST(field((*aws_credential(given, secret()))->fields(), "authorization") == "Bearer other");
    BOOST_TEST(!aws_credential({}, secret("a\r\nb")));
}

BOOST_AUTO_TEST_CASE(the_content_type_is_signed_as_botocore_does)
{
    const auto made = aws_credential(keys(), secret());
    BOOST_REQUIRE(made);
    providers::signable what{.method = "POST", .host = "h", .target = "/model/m/converse", .body = "{}"};
    what.content_type = "application/json";
    const auto fields = (*made)->sign(what, then);
    BOOST_REQUIRE(fields);
    const std::string authorization = field(*fields, "authorization");
    BOOST_TEST(authorization.find("SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date,") !=
               std::string::npos);
    // What is in the request already is not added again.
    BOOST_TEST(field(*fields, "content-type").empty());
    BOOST_TEST(field(*fields, "host").empty());
    const std::string hash = wire::sha256_hex("{}");
    const std::string canonical = "POST\n/model/m/converse\n\ncontent-type:application/json\nhost:h\n"
                                  "x-amz-content-sha256:" +
                                  hash + "\nx-amz-date:20150830T123600Z\n\n" +
                                  "content-type;host;x-amz-content-sha256;x-amz-date\n" + hash;
    const wire::sigv4_scope scope{"us-east-1", "bedrock"};
    BOOST_TEST(authorization.ends_with(
        "Signature=" + wire::sigv4_signature(secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
                                             "20150830T123600Z", scope,
                                             wire::string_to_sign(canonical, "20150830T123600Z", scope))));
}

BOOST_AUTO_TEST_CASE(keys_sign_each_request)
{
    const auto made = aws_credential(keys({{"aws_session_token", "st"}}), secret());
    BOOST_REQUIRE(made);
    BOOST_TEST(((*made)->how() == providers::credential::kind::signature));
    BOOST_TEST((*made)->fields().empty());
    const std::string host = "bedrock-runtime.us-east-1.amazonaws.com";
    const auto fields = (*made)->sign({"POST", host, "/model/a%3A0/converse?x=1", "{}"}, then);
    BOOST_REQUIRE(fields);
    const std::string hash = wire::sha256_hex("{}");
    BOOST_TEST(field(*fields, "x-amz-date") == "20150830T123600Z");
    BOOST_TEST(field(*fields, "x-amz-content-sha256") == hash);
    BOOST_TEST(field(*fields, "x-amz-security-token") == "st");
    // What is signed, written out: the path is encoded twice.
    const std::string canonical = "POST\n/model/a%253A0/converse\nx=1\nhost:" + host +
                                  "\nx-amz-content-sha256:" + hash +
                                  "\nx-amz-date:20150830T123600Z\nx-amz-security-token:st\n\n"
                                  "host;x-amz-content-sha256;x-amz-date;x-amz-security-token\n" +
                                  hash;
    const wire::sigv4_scope scope{"us-east-1", "bedrock"};
    const std::string signature =
        wire::sigv4_signature(secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"), "20150830T123600Z", scope,
                              wire::string_to_sign(canonical, "20150830T123600Z", scope));
    BOOST_TEST(field(*fields, "authorization") ==
               "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/bedrock/aws4_request, "
               "SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token, Signature=" +
                   signature);
    const auto other = (*made)->sign({"POST", host, "/model/a%3A0/converse?x=1", "{ }"}, then);
    BOOST_TEST(field(*other, "authorization") != field(*fields, "authorization"));
}

BOOST_AUTO_TEST_CASE(mantle_is_a_service_of_its_own)
{
    const auto made = aws_credential(keys(), secret(), "bedrock-mantle");
    const auto fields = (*made)->sign({"POST", "h", "/v1/responses", "{}"}, then);
    BOOST_TEST(field(*fields, "authorization").find("/us-east-1/bedrock-mantle/aws4_request") !=
               std::string::npos);
    BOOST_TEST(field(*fields, "x-amz-security-token").empty());
}

BOOST_AUTO_TEST_CASE(what_is_missing_is_named_and_no_value_is_shown)
{
    for (std::string const name : {"aws_access_key_id", "aws_secret_access_key", "aws_region_name"}) {
        const auto made = aws_credential(keys({{name, ""}}), secret());
        BOOST_REQUIRE(!made);
        BOOST_TEST((made.error()->kind == error_kind::authentication));
        BOOST_TEST(made.error()->message.find(name) != std::string::npos);
        BOOST_TEST(made.error()->message.find("wJalr") == std::string::npos);
        BOOST_TEST(made.error()->message.find("AKID") == std::string::npos);
    }
    for (auto const& [name, value] : {std::pair<std::string, std::string>{"aws_region_name", "evil.example/"},
                                      {"aws_access_key_id", "a b"},
                                      {"aws_session_token", "a\nb"}}) {
        BOOST_TEST(!aws_credential(keys({{name, value}}), secret()));
    }
}

BOOST_AUTO_TEST_CASE(base_urls)
{
    namespace bedrock = providers::bedrock;
    const providers::settings here = keys();
    BOOST_TEST(bedrock::runtime_base_url(here) == "https://bedrock-runtime.us-east-1.amazonaws.com");
    BOOST_TEST(bedrock::agent_base_url(here) == "https://bedrock-agent-runtime.us-east-1.amazonaws.com");
    BOOST_TEST(bedrock::mantle_base_url(here) == "https://bedrock-mantle.us-east-1.api.aws/v1");
    BOOST_TEST(bedrock::runtime_base_url(keys({{"aws_region_name", "cn-north-1"}})) ==
               "https://bedrock-runtime.cn-north-1.amazonaws.com.cn");
    BOOST_TEST(bedrock::runtime_base_url(keys({{"aws_bedrock_runtime_endpoint", "http://127.0.0.1:1/"}})) ==
               "http://127.0.0.1:1");
    BOOST_TEST(bedrock::runtime_base_url(keys({{"aws_region_name", ""}})).empty());
    BOOST_TEST(bedrock::runtime_base_url(keys({{"aws_region_name", "a.evil.example"}})).empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test::bedrock
