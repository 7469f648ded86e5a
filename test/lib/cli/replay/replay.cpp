#include "lib/cli/replay.hpp"
#include "lib/cli/command.hpp"
#include "lib/cli/replay/flags.hpp"
#include "lib/core/json/document.hpp"
#include "lib/policy/simulation/luck.hpp"
#include "test/lib/cli/silence.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include <stdlib.h>

using namespace cogate;
using namespace cogate::cli;

namespace {

/// A folder that goes with its owner.
class temp_folder {
public:
    temp_folder()
    {
        std::string name = (std::filesystem::temp_directory_path() / "cogate-replay-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) {
            throw std::runtime_error("no temporary folder");
        }
        path_ = name;
    }
    ~temp_folder()
    {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    temp_folder(temp_folder const&) = delete;
    temp_folder& operator=(temp_folder const&) = delete;

    std::string write(std::string const& name, std::string const& text) const
    {
        std::ofstream(path_ / name, std::ios::binary) << text;
        return (path_ / name).string();
    }
    std::string path(std::string const& name) const { return (path_ / name).string(); }

private:
    std::filesystem::path path_;
};

std::string read(std::string const& path)
{
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::string number(double value)
{
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%.3f", value);
    return text.data();
}

std::string line(int ms, char const* deployment, double first, double total, std::string const& rest)
{
    std::array<char, 64> time{};
    std::snprintf(time.data(), time.size(), "2026-01-31T10:%02d:%02d.%03dZ", ms / 60'000, ms / 1'000 % 60,
                  ms % 1'000);
    return std::string(R"({"time":")") + time.data() + R"(","call_id":")" + std::to_string(ms) +
           R"(","model":"fast","stream":true,"provider":"openai","upstream_model":"gpt-4o","deployment":")" +
           deployment + R"(","attempts":1,"duration_ms":)" + number(total) +
           (first > 0 ? ",\"first_token_ms\":" + number(first) : "") + rest + "}\n";
}

/// Two deployments, 20 calls a second for 200 s, two in a hundred ten times as slow.
std::string slow_tail()
{
    policy::simulation::luck luck(11);
    std::string out;
    for (int i = 0; i != 4'000; ++i) {
        double const prompt = 100 + 900 * luck.share();
        double const first =
            (100 + 0.1 * prompt) * std::exp(0.1 * luck.normal()) * (luck.share() < 0.02 ? 10 : 1);
        out += line(i * 50, i % 2 == 0 ? "a" : "b", first, first + 400,
                    ",\"prompt_tokens\":" + std::to_string(static_cast<int>(prompt)) +
                        ",\"completion_tokens\":40");
    }
    return out;
}

/// Two deployments; b answers 500 from 40 s to 80 s.
std::string half_outage()
{
    std::string out;
    for (int i = 0; i != 2'400; ++i) {
        bool const bad = i % 2 == 1 && i >= 800 && i < 1'600;
        out += line(i * 50, i % 2 == 0 ? "a" : "b", bad ? 0 : 100, bad ? 15 : 500,
                    bad ? R"(,"request_bytes":400,"upstream_status":500,"error":"server_error","code":"")"
                        : R"(,"prompt_tokens":100,"completion_tokens":40,"request_bytes":400)");
    }
    return out;
}

std::string run(std::vector<std::string> args, int expected = exit_good)
{
    silence const quiet;
    BOOST_TEST(replay_command(std::move(args)) == expected);
    return quiet.text();
}

class table {
public:
    explicit table(std::string text) : text_(std::move(text))
    {
        json::parse_error fault;
        BOOST_REQUIRE(parsed_.parse(text_, fault));
    }
    double at(std::string_view setting, std::string_view name) const
    {
        return row(setting)[name].as_double().value();
    }
    double at(std::string_view setting, std::string_view name, std::string_view percentile) const
    {
        return row(setting)[name][percentile].as_double().value();
    }
    json::value root() const { return parsed_.root(); }

private:
    json::value row(std::string_view setting) const
    {
        for (json::value const each : parsed_["rows"]) {
            if (each["setting"].equals(setting)) {
                return each;
            }
        }
        BOOST_FAIL("no row " << setting);
        return {};
    }
    std::string text_;
    json::document parsed_;
};

} // namespace

BOOST_AUTO_TEST_SUITE(cli_replay)

BOOST_AUTO_TEST_CASE(the_replay_is_like_the_recording)
{
    temp_folder const folder;
    table const found(run({folder.write("log", slow_tail()), "--json"}));
    for (char const* percentile : {"p50", "p95"}) {
        BOOST_TEST(found.at("replayed: adaptive", "first_token_ms", percentile) ==
                       found.at("recorded", "first_token_ms", percentile),
                   boost::test_tools::tolerance(0.15));
    }
    BOOST_TEST(found.at("recorded", "calls") == 4'000);
    BOOST_TEST(found.at("replayed: adaptive", "failed") == 0);
    BOOST_TEST(found.root()["lanes"].size() == 2U);
    // gpt-4o has a price.
    BOOST_TEST(found.at("replayed: adaptive", "nano_usd") == found.at("recorded", "nano_usd"),
               boost::test_tools::tolerance(0.01));
}

BOOST_AUTO_TEST_CASE(hedging_would_have_cut_the_tail)
{
    temp_folder const folder;
    table const found(run({folder.write("log", slow_tail()), "--json", "--strategy", "simple-shuffle",
                           "--hedge", "95", "--together"}));
    char const* const hedged = "simple-shuffle, hedge p95";
    BOOST_TEST(found.at("recorded", "first_token_ms", "p99") > 3 * found.at(hedged, "first_token_ms", "p99"));
    BOOST_TEST(found.at(hedged, "extra_calls") > 0);
    BOOST_TEST(found.at(hedged, "extra_calls") <= 0.05 * 4'000);
    BOOST_TEST(found.at(hedged, "extra_nano_usd") > 0);
}

BOOST_AUTO_TEST_CASE(retries_would_have_saved_the_failed)
{
    temp_folder const folder;
    table const found(
        run({folder.write("log", half_outage()), "--json", "--num-retries", "0", "--race", "2"}));
    BOOST_TEST(found.at("recorded", "failed") == 400);
    BOOST_TEST(found.at("replayed: adaptive", "failed") == 0);
    BOOST_TEST(found.at("0 retries", "failed") > 0);
    BOOST_TEST(found.at("0 retries", "failed") < 100);
    BOOST_TEST(found.at("race 2", "attempts") > 1.2 * found.at("race 2", "calls"));
}

BOOST_AUTO_TEST_CASE(equal_seeds_give_equal_bytes)
{
    temp_folder const folder;
    std::string const log = folder.write("log", slow_tail());
    std::vector<std::string> args{log, "--strategy", "least-busy", "--hedge", "90", "--seed", "3", "--svg"};
    auto const with_picture = [&](std::string const& name) {
        auto all = args;
        all.push_back(folder.path(name));
        return run(all);
    };
    std::string const first = with_picture("1.svg");
    BOOST_TEST(first == with_picture("2.svg"));
    std::string const picture = read(folder.path("1.svg"));
    BOOST_TEST(picture == read(folder.path("2.svg")));
    BOOST_TEST(picture.starts_with("<svg "));
    BOOST_TEST(picture.find("hedge p90") != std::string::npos);
    BOOST_TEST(first.find("least-busy") != std::string::npos);
    args[6] = "4";
    BOOST_TEST(first != with_picture("3.svg"));
}

BOOST_AUTO_TEST_CASE(the_configuration_is_where_it_begins)
{
    temp_folder const folder;
    std::string const config = folder.write("config.yaml", R"(
model_list:
  - model_name: fast
    litellm_params: {model: openai/x, api_base: http://127.0.0.1:1/v1, api_key: os.environ/COGATE_NO_SUCH_KEY}
    model_info: {id: a}
  - model_name: fast
    litellm_params: {model: openai/x, api_base: http://127.0.0.1:2/v1, api_key: os.environ/COGATE_NO_SUCH_KEY}
    model_info: {id: b}
router_settings:
  routing_strategy: least-busy
  num_retries: 0
)");
    std::string const log = folder.write("log", half_outage());
    table const found(run({log, "--json", "--config", config, "--num-retries", "3"}));
    BOOST_TEST(found.at("replayed: least-busy", "failed") > 0);
    BOOST_TEST(found.at("3 retries", "failed") == 0);
    BOOST_TEST(run({log, "--config", folder.write("bad.yaml", "router_settings: {routing_strategy: best}")},
                   exit_usage)
                   .find("bad.yaml:1") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(faults_are_told)
{
    temp_folder const folder;
    std::string const log = folder.write("log", slow_tail() + "no JSON\n");
    BOOST_TEST(run({log}, exit_failed).find("log:4001: not a JSON line") != std::string::npos);
    BOOST_TEST(run({folder.path("none")}, exit_failed).find("cannot open") != std::string::npos);
    BOOST_TEST(run({folder.write("empty", "")}, exit_failed).find("no call to replay") != std::string::npos);
    for (std::vector<std::string> const& args : {std::vector<std::string>{},
                                                 {"log", "--strategy", "best"},
                                                 {"log", "--hedge", "100"},
                                                 {"log", "--race", "9"},
                                                 {"log", "--num-retries", "-1"},
                                                 {"log", "--retry-ratio", "x"},
                                                 {"log", "other"}}) {
        run(args, exit_usage);
    }
    BOOST_TEST(run({"--help"}).find("Examples:") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(each_setting_has_a_row)
{
    silence const quiet;
    auto const parsed =
        replay::parse_flags({"log", "--hedge", "90", "--hedge", "99", "--race", "2", "--retry-ratio", "0.5"});
    BOOST_TEST_REQUIRE(parsed.index() == 0U);
    replay::flags const& flags = std::get<replay::flags>(parsed);
    auto const rows = replay::settings_of(flags, {});
    BOOST_TEST_REQUIRE(rows.size() == 5U);
    BOOST_TEST(rows[0].name == "replayed: adaptive");
    BOOST_TEST(rows[1].name == "hedge p90");
    BOOST_TEST(rows[2].router.hedge.percentile.value() == 99);
    BOOST_TEST(rows[3].router.race == 2);
    BOOST_TEST(!rows[3].router.hedge.percentile);
    BOOST_TEST(rows[4].router.retry_budget.ratio == 0.5);
}

BOOST_AUTO_TEST_SUITE_END()
