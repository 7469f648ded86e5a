#include "providers/bedrock/profile.hpp"

#include "providers/bedrock/dialect.hpp"
#include "providers/registry.hpp"
#include "providers/resolve.hpp"

#include <boost/test/unit_test.hpp>

#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace cogate::test::bedrock {

namespace {

constexpr std::string_view file = "# comment\n[default]\naws_access_key_id = AKIDDEFAULT\n"
                                  "aws_secret_access_key = one=two\n\n"
                                  "[profile work]\r\nAWS_ACCESS_KEY_ID=AKIDWORK\r\n"
                                  "; aws_session_token = no\naws_secret_access_key=s\naws_session_token = t\n"
                                  "region = eu-west-3\n[half]\naws_access_key_id = AKIDHALF\n";

/// A home with a credentials file for as long as this lives.
class home {
public:
    home() : path_(std::filesystem::temp_directory_path() / ("cogate_aws_" + std::to_string(::getpid())))
    {
        std::filesystem::create_directories(path_ / ".aws");
        std::ofstream(path_ / ".aws" / "credentials", std::ios::binary) << file;
    }
    ~home() { std::filesystem::remove_all(path_); }
    home(home const&) = delete;
    home& operator=(home const&) = delete;
    std::string text() const { return path_.string(); }

private:
    std::filesystem::path path_;
};

providers::settings named(std::string const& profile, std::string const& where)
{
    providers::settings out;
    out.set("aws_profile_name", secret(profile));
    out.set("aws_home", secret(where));
    out.set("aws_region_name", secret("eu-west-3"));
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(providers_bedrock_profile)

BOOST_AUTO_TEST_CASE(profiles_of_a_file)
{
    using providers::bedrock::keys_of_profile;
    auto const first = keys_of_profile(file, "default");
    BOOST_REQUIRE(first.has_value());
    BOOST_TEST(first->get("aws_access_key_id") == "AKIDDEFAULT");
    BOOST_TEST(first->get("aws_secret_access_key") == "one=two");
    BOOST_TEST(!first->has("aws_session_token"));
    auto const work = keys_of_profile(file, "work");
    BOOST_REQUIRE(work.has_value());
    BOOST_TEST(work->get("aws_access_key_id") == "AKIDWORK");
    BOOST_TEST(work->get("aws_session_token") == "t");
    BOOST_TEST(!work->has("region"));
    for (std::string_view const none : {"half", "absent", ""}) {
        BOOST_TEST(!keys_of_profile(file, none).has_value(), none);
    }
    BOOST_TEST(!keys_of_profile("", "default").has_value());
    BOOST_TEST(!keys_of_profile("[default", "default").has_value());
    BOOST_TEST(!keys_of_profile("aws_access_key_id=a\naws_secret_access_key=b", "").has_value());
}

BOOST_AUTO_TEST_CASE(keys_come_from_the_file_where_none_were_said)
{
    home const here;
    auto const filled = providers::bedrock::with_profile(named("work", here.text()));
    BOOST_REQUIRE(filled.has_value());
    BOOST_TEST(filled->get("aws_access_key_id") == "AKIDWORK");
    BOOST_TEST(filled->get("aws_region_name") == "eu-west-3");
    providers::settings said = named("work", here.text());
    said.set("aws_access_key_id", secret("AKIDSAID"));
    BOOST_TEST(providers::bedrock::with_profile(said)->get("aws_access_key_id") == "AKIDSAID");
    BOOST_TEST(providers::bedrock::with_profile({}).has_value());
    auto const made = providers::bedrock::aws_credential(named("default", here.text()), secret());
    BOOST_REQUIRE(made.has_value());
    BOOST_TEST(((*made)->how() == providers::credential::kind::signature));
}

BOOST_AUTO_TEST_CASE(what_is_missing_is_told)
{
    home const here;
    auto const absent = providers::bedrock::with_profile(named("absent", here.text()));
    BOOST_REQUIRE(!absent.has_value());
    BOOST_TEST(absent.error()->code == "missing_credentials");
    BOOST_TEST(absent.error()->message.find("'absent'") != std::string::npos);
    auto const nowhere = providers::bedrock::with_profile(named("work", here.text() + "/nowhere"));
    BOOST_REQUIRE(!nowhere.has_value());
    BOOST_TEST(nowhere.error()->message.find("cannot read") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_profile_serves_deployments_that_were_asked_for)
{
    const auto variables = [](std::string const& name) -> std::optional<std::string> {
        return name == "AWS_PROFILE"  ? "work"
               : name == "AWS_REGION" ? "eu-west-3"
                                      : std::optional<std::string>();
    };
    BOOST_TEST(!providers::is_configured(*providers::find_provider("bedrock"), variables));
    auto const service = providers::resolve_service({.model = "bedrock/anthropic.claude-v2"}, variables);
    BOOST_REQUIRE_MESSAGE(service.has_value(), (service ? "" : service.error()->message));
    BOOST_TEST(service->settings.get("aws_profile_name") == "work");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test::bedrock
