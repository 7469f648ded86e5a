#include "providers/azure/credential.hpp"

#include <boost/test/unit_test.hpp>

namespace cogate::test {

namespace {

providers::settings given(std::initializer_list<std::pair<char const*, char const*>> values)
{
    providers::settings out;
    for (auto const& [name, value] : values) {
        out.set(name, secret(value));
    }
    return out;
}

using kind = providers::credential::kind;

} // namespace

BOOST_AUTO_TEST_SUITE(providers_azure_credential)

BOOST_AUTO_TEST_CASE(a_key_or_a_token)
{
    auto const key = providers::azure::make_credential(secret("k"), {});
    BOOST_TEST((((*key)->fields()) == providers::header_list{{"api-key", "k"}}));
    auto const token = providers::azure::make_credential(secret("k"), given({{"azure_ad_token", "t"}}));
    BOOST_TEST((((*token)->fields()) == providers::header_list{{"authorization", "Bearer t"}}));
    auto const bare = providers::azure::make_credential({}, {});
    BOOST_TEST((*bare)->fields().empty());
}

BOOST_AUTO_TEST_CASE(client_credentials_fetch_a_token)
{
    auto const made = providers::azure::make_credential(
        {}, given({{"tenant_id", "t/1"}, {"client_id", "c"}, {"client_secret", "p&w="}}));
    BOOST_REQUIRE(made.has_value());
    BOOST_TEST(((*made)->how() == kind::token));
    auto const asked = (*made)->ask({});
    BOOST_REQUIRE(asked.has_value());
    BOOST_TEST(asked->url.host == "login.microsoftonline.com");
    BOOST_TEST(asked->request.path == "/t%2F1/oauth2/v2.0/token");
    BOOST_TEST(asked->request.content_type == "application/x-www-form-urlencoded");
    BOOST_TEST(asked->request.body == "grant_type=client_credentials&client_id=c&client_secret=p%26w%3D"
                                      "&scope=https%3A%2F%2Fcognitiveservices.azure.com%2F.default");
    BOOST_TEST((*made)->identity().find("p&w=") == std::string_view::npos);

    auto const good = (*made)->read(200, R"({"token_type":"Bearer","expires_in":3599,"access_token":"tok"})");
    BOOST_REQUIRE(good.has_value());
    BOOST_TEST(good->value.reveal() == "tok");
    BOOST_TEST(good->lifetime.count() == 3599);
    for (auto const& [status, body] : {std::pair<int, std::string_view>{401, R"({"error":"invalid_client"})"},
                                       {200, "{}"},
                                       {200, "<html>"},
                                       {200, R"({"access_token":""})"},
                                       {500, R"({"access_token":"x"})"}}) {
        auto const bad = (*made)->read(status, body);
        BOOST_REQUIRE(!bad.has_value());
        BOOST_TEST((bad.error()->kind == error_kind::authentication));
    }
    BOOST_TEST((*made)->read(401, R"({"error":"invalid_client"})").error()->message.find("invalid_client") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(half_given_client_credentials_are_named)
{
    auto const made = providers::azure::make_credential({}, given({{"client_id", "c"}}));
    BOOST_REQUIRE(!made.has_value());
    BOOST_TEST(made.error()->message.find("tenant_id, client_secret") != std::string::npos);
    auto const plain = providers::azure::make_credential({}, given({{"tenant_id", "t"},
                                                                    {"client_id", "c"},
                                                                    {"client_secret", "s"},
                                                                    {"azure_authority", "http://h"}}));
    BOOST_TEST(!plain.has_value());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test
