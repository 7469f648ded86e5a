#include "lib/cli/command.hpp"
#include "lib/cli/serve_banner.hpp"
#include "lib/cli/serve_flags.hpp"
#include "test/lib/cli/silence.hpp"

#include <boost/test/unit_test.hpp>

using namespace cogate;
using namespace cogate::cli;

namespace {

serve_banner banner()
{
    return {.version = "1.2.3",
            .host = "127.0.0.1",
            .port = 4000,
            .workers = 1,
            .config = "",
            .needs_key = false,
            .models = {{"openai/*", "openai", "*"}, {"demo/*", "demo", "*"}}};
}

std::string last_line(std::string const& text)
{
    return text.substr(text.rfind('\n', text.size() - 2) + 1);
}

} // namespace

BOOST_AUTO_TEST_SUITE(cli_serve)

BOOST_AUTO_TEST_CASE(arguments_become_flags)
{
    auto const parsed =
        parse_serve_flags({"-c", "c.yaml", "--host", "::", "--port", "0", "--num_workers", "4",
                           "--access-log", "-", "--prices", "p.json", "--data", "/var/lib/cogate"});
    BOOST_TEST_REQUIRE(parsed.index() == 0U);
    serve_flags const& flags = std::get<serve_flags>(parsed);
    BOOST_TEST(flags.config == "c.yaml");
    BOOST_TEST(flags.host.value() == "::");
    BOOST_TEST(flags.port.value() == 0);
    BOOST_TEST(flags.workers.value() == 4U);
    BOOST_TEST(flags.access_log.value() == "-");
    BOOST_TEST(flags.prices.value() == "p.json");
    BOOST_TEST(flags.data.value() == "/var/lib/cogate");

    serve_flags const none = std::get<serve_flags>(parse_serve_flags({}));
    BOOST_TEST((!none.host && !none.port && !none.workers && !none.access_log && !none.prices && !none.data &&
                none.config.empty()));
}

BOOST_AUTO_TEST_CASE(bad_flags_are_usage_errors)
{
    silence const quiet;
    std::vector<std::vector<std::string>> const bad{{"--port", "65536"}, {"--port", "-1"},
                                                    {"--port", "http"},  {"--workers", "9999"},
                                                    {"--prot", "1"},     {"file"}};
    for (auto const& args : bad) {
        auto const parsed = parse_serve_flags(args);
        BOOST_TEST_REQUIRE(parsed.index() == 1U, args.back());
        BOOST_TEST(std::get<int>(parsed) == exit_usage);
    }
}

BOOST_AUTO_TEST_CASE(the_banner_ends_with_a_curl_that_works)
{
    std::string const text = to_text(banner());
    BOOST_TEST(text.starts_with("cogate 1.2.3 listens on http://127.0.0.1:4000 (1 worker)\n"));
    BOOST_TEST(text.find("openai/*, demo/*") != std::string::npos);
    BOOST_TEST(
        last_line(text) ==
        "  curl http://127.0.0.1:4000/v1/chat/completions -H 'content-type: application/json' -d "
        "'{\"model\":\"demo/echo\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello from curl\"}]}'\n");
}

BOOST_AUTO_TEST_CASE(the_curl_follows_the_settings)
{
    serve_banner facts = banner();
    facts.host = "::";
    facts.needs_key = true;
    facts.config = "c.yaml";
    facts.models = {{"it's", "openai", "x"}};
    std::string const text = to_text(facts);
    BOOST_TEST(text.find("listens on http://[::]:4000") != std::string::npos);
    BOOST_TEST(text.find("config  c.yaml") != std::string::npos);
    std::string const curl = last_line(text);
    BOOST_TEST(curl.find("http://[::1]:4000/") != std::string::npos);
    BOOST_TEST(curl.find("-H \"authorization: Bearer $KEY\"") != std::string::npos);
    BOOST_TEST(curl.find("\"model\":\"it'\\''s\"") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(many_models_are_counted)
{
    serve_banner facts = banner();
    facts.models.assign(30, {"m", "openai", "m"});
    BOOST_TEST(to_text(facts).find("and 22 more") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(commands_are_found)
{
    silence const quiet;
    BOOST_TEST(dispatch({}) == exit_usage);
    BOOST_TEST(dispatch({"srve"}) == exit_usage);
    BOOST_TEST(quiet.text().find("did you mean 'serve'?") != std::string::npos);
    BOOST_TEST(dispatch({"help", "srve"}) == exit_usage);
    BOOST_TEST(dispatch({"help"}) == exit_good);
    BOOST_TEST(dispatch({"--version"}) == exit_good);
    for (command const& each : commands()) {
        BOOST_TEST(dispatch({std::string(each.name), "--help"}) == exit_good, each.name);
        BOOST_TEST(dispatch({std::string(each.name), "--no-such-flag"}) == exit_usage, each.name);
    }
}

BOOST_AUTO_TEST_SUITE_END()
