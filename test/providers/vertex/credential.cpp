#include "providers/vertex/dialect.hpp"
#include "providers/vertex/signing_key.hpp"
#include "test/providers/gemini/support.hpp"

#include "lib/core/text.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <unistd.h>

#include <fstream>

namespace cogate::test::google {

namespace {

namespace vertex = providers::vertex;

/// A key made for this run.
struct test_key {
    std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key{EVP_RSA_gen(2048U), EVP_PKEY_free};
    std::string pem;

    test_key()
    {
        const std::unique_ptr<BIO, int (*)(BIO*)> out(BIO_new(BIO_s_mem()), BIO_free);
        PEM_write_bio_PrivateKey(out.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
        char* data = nullptr;
        const long size = BIO_get_mem_data(out.get(), &data);
        pem.assign(data, static_cast<std::size_t>(size));
    }

    bool verifies(std::string_view message, std::string_view signature) const
    {
        const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
        EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get());
        return EVP_DigestVerify(context.get(), reinterpret_cast<unsigned char const*>(signature.data()),
                                signature.size(), reinterpret_cast<unsigned char const*>(message.data()),
                                message.size()) == 1;
    }
};

test_key const& the_key()
{
    static const test_key key;
    return key;
}

std::string from_base64_url(std::string text)
{
    std::replace(text.begin(), text.end(), '-', '+');
    std::replace(text.begin(), text.end(), '_', '/');
    while (text.size() % 4 != 0) {
        text += '=';
    }
    return core::base64_decode(text).value_or("not base64");
}

std::string account(std::string more = {})
{
    std::string pem;
    json::append_quoted(pem, the_key().pem);
    return R"({"type":"service_account","project_id":"proj","private_key_id":"kid1","client_email":"me@proj.test","private_key":)" +
           pem + (more.empty() ? R"(,"token_uri":"https://oauth2.googleapis.com/token")" : more) + "}";
}

providers::settings given(std::vector<std::pair<std::string, std::string>> const& list)
{
    providers::settings out;
    for (auto const& [name, value] : list) {
        out.set(name, secret(value));
    }
    return out;
}

result<std::unique_ptr<providers::credential>>
make(std::vector<std::pair<std::string, std::string>> const& list, std::string key = {})
{
    return vertex::make_credential(secret(std::move(key)), given(list), {});
}

std::string decoded_field(std::string_view form, std::string_view name)
{
    const std::size_t at = form.find(std::string(name) + "=");
    BOOST_REQUIRE(at != std::string_view::npos);
    const std::size_t from = at + name.size() + 1;
    return wire::percent_decode(form.substr(from, form.find('&', from) - from)).value_or("broken");
}

} // namespace

BOOST_AUTO_TEST_SUITE(providers_vertex_credential)

BOOST_AUTO_TEST_CASE(a_service_account_signs_what_google_can_check)
{
    auto const made = make({{"vertex_credentials", account()}});
    BOOST_REQUIRE_MESSAGE(made.has_value(), (made ? "" : made.error()->message));
    providers::credential const& it = **made;
    BOOST_TEST((it.how() == providers::credential::kind::token));
    BOOST_TEST(it.identity() == "google service account me@proj.test kid1");
    auto const ask = it.ask(std::chrono::system_clock::time_point(std::chrono::seconds(1000)));
    BOOST_REQUIRE(ask.has_value());
    BOOST_TEST(ask->url.origin() + ask->url.path + ask->request.path ==
               "https://oauth2.googleapis.com:443/token");
    BOOST_TEST(ask->request.content_type == "application/x-www-form-urlencoded");
    BOOST_TEST(decoded_field(ask->request.body, "grant_type") ==
               "urn:ietf:params:oauth:grant-type:jwt-bearer");
    const std::string assertion = decoded_field(ask->request.body, "assertion");
    const std::size_t first = assertion.find('.');
    const std::size_t second = assertion.rfind('.');
    BOOST_REQUIRE(first < second);
    BOOST_TEST((oracle(from_base64_url(assertion.substr(0, first))) ==
                oracle(R"({"alg":"RS256","typ":"JWT","kid":"kid1"})")));
    BOOST_TEST((oracle(from_base64_url(assertion.substr(first + 1, second - first - 1))) ==
                oracle(R"({"iss":"me@proj.test",
        "scope":"https://www.googleapis.com/auth/cloud-platform","aud":"https://oauth2.googleapis.com/token","iat":1000,"exp":4600})")));
    const std::string signature = from_base64_url(assertion.substr(second + 1));
    BOOST_TEST(the_key().verifies(assertion.substr(0, second), signature));
    BOOST_TEST(!the_key().verifies(assertion.substr(0, second) + "x", signature));
}

BOOST_AUTO_TEST_CASE(a_file_serves_as_well)
{
    const std::filesystem::path path =
        std::filesystem::temp_directory_path() / ("cogate-vertex-" + std::to_string(::getpid()) + ".json");
    std::ofstream(path) << account();
    BOOST_TEST(make({{"vertex_credentials", path.string()}}).has_value());
    BOOST_TEST(vertex::make_credential(secret(), given({}), path).has_value());
    BOOST_TEST(vertex::base_url(given({{"vertex_credentials", path.string()}})) ==
               "https://aiplatform.googleapis.com/v1beta1/projects/proj/locations/global");
    std::filesystem::remove(path);
    auto const gone = make({{"vertex_credentials", path.string()}});
    BOOST_REQUIRE(!gone.has_value());
    BOOST_TEST((gone.error()->kind == error_kind::authentication));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_used)
{
    for (std::string const& text :
         {std::string("{"), std::string("{}"), std::string(R"({"type":"external_account"})"),
          std::string(R"({"type":"service_account","client_email":"x","private_key":"none"})"),
          std::string(R"({"type":"authorized_user","client_id":"a","client_secret":"b"})"),
          account(R"(,"token_uri":"http://evil.test/token")"), account(R"(,"token_uri":"x")")}) {
        auto const made = make({{"vertex_credentials", text}});
        BOOST_REQUIRE(!made.has_value());
        BOOST_TEST((made.error()->kind == error_kind::authentication));
        BOOST_TEST(made.error()->message.find("PRIVATE KEY") == std::string::npos);
    }
    BOOST_TEST(!make({}).has_value());
    BOOST_TEST(!vertex::signing_key::from_pem("").has_value());
}

BOOST_AUTO_TEST_CASE(a_user_s_refresh_token)
{
    auto const made =
        make({{"vertex_credentials", R"({"type":"authorized_user","client_id":"id","client_secret":"s&t",
        "refresh_token":"1//r","quota_project_id":"quota"})"}});
    BOOST_REQUIRE(made.has_value());
    auto const ask = (*made)->ask({});
    BOOST_REQUIRE(ask.has_value());
    BOOST_TEST(ask->request.body ==
               "grant_type=refresh_token&refresh_token=1%2F%2Fr&client_id=id&client_secret=s%26t");
    const providers::header_list expected = {{"authorization", "Bearer t"}, {"x-goog-user-project", "quota"}};
    BOOST_TEST(((*made)->carry("t") == expected));
    BOOST_TEST((*made)->identity().find("1//r") == std::string_view::npos);
}

BOOST_AUTO_TEST_CASE(the_metadata_server_where_a_project_is_known)
{
    auto const made = make({{"vertex_project", "p"}, {"gce_metadata_host", "127.0.0.1:8080"}});
    BOOST_REQUIRE(made.has_value());
    auto const ask = (*made)->ask({});
    BOOST_REQUIRE(ask.has_value());
    BOOST_TEST(ask->request.method == "GET");
    BOOST_TEST(ask->url.host == "127.0.0.1");
    BOOST_TEST(ask->url.path == "/computeMetadata/v1/instance/service-accounts/default/token");
    BOOST_TEST(ask->request.headers.at(0).second == "Google");
    BOOST_TEST(!make({{"vertex_project", "p"}, {"gce_metadata_host", "a b"}}).has_value());
}

BOOST_AUTO_TEST_CASE(keys)
{
    auto const key = make({}, "AIza-key");
    BOOST_REQUIRE(key.has_value());
    BOOST_TEST(((*key)->fields() == providers::header_list{{"x-goog-api-key", "AIza-key"}}));
    BOOST_TEST(((*make({}, "ya29.token"))->fields() ==
                providers::header_list{{"authorization", "Bearer ya29.token"}}));
}

BOOST_AUTO_TEST_CASE(answers_of_the_token_server)
{
    auto const made = make({{"vertex_credentials", account()}});
    auto const good =
        (*made)->read(200, R"({"access_token":"ya29.x","expires_in":3599,"token_type":"Bearer"})");
    BOOST_REQUIRE(good.has_value());
    BOOST_TEST(good->value.reveal() == "ya29.x");
    BOOST_TEST(good->lifetime.count() == 3599);
    auto const bad =
        (*made)->read(400, R"({"error":"invalid_grant","error_description":"Invalid JWT Signature."})");
    BOOST_REQUIRE(!bad.has_value());
    BOOST_TEST((bad.error()->kind == error_kind::authentication));
    BOOST_TEST(bad.error()->message.find("invalid_grant: Invalid JWT Signature.") != std::string::npos);
    BOOST_TEST(((*made)->read(503, "busy").error()->kind == error_kind::service_unavailable));
    BOOST_TEST(!(*made)->read(200, "{}").has_value());
    BOOST_TEST(!(*made)->read(200, "<html>").has_value());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test::google
