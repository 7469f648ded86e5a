#include "lib/cli/bench/bench_flags.hpp"
#include "lib/cli/bench/bench_report.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace {

using namespace cogate::cli;
namespace load = cogate::transports::load;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(cli_bench)

BOOST_AUTO_TEST_CASE(flags_become_a_run)
{
    const auto parsed =
        parse_bench_flags({"--url", "http://127.0.0.1:9/v1", "--model", "m", "--connections", "8", "--rate",
                           "50", "--arrivals", "fixed", "--duration", "3s", "--warmup", "0s", "--stream"});
    const auto* flags = std::get_if<bench_flags>(&parsed);
    BOOST_REQUIRE(flags != nullptr);
    BOOST_CHECK_EQUAL(flags->load.port, 9);
    BOOST_CHECK_EQUAL(flags->load.connections, 8u);
    BOOST_CHECK(flags->load.schedule == load::arrivals::fixed);
    BOOST_CHECK(flags->load.duration == 3s && flags->load.warmup == 0s);
    BOOST_CHECK(flags->load.stream && flags->load.request.find("\"stream\":true") != std::string::npos);

    const auto closed = parse_bench_flags({"--model", "m"});
    BOOST_REQUIRE(std::holds_alternative<bench_flags>(closed));
    BOOST_CHECK(std::get<bench_flags>(closed).load.schedule == load::arrivals::closed);
}

BOOST_AUTO_TEST_CASE(bad_flags_give_exit_code_2)
{
    const std::vector<std::vector<std::string>> bad{
        {},
        {"--model", "m", "--url", "https://127.0.0.1/v1"},
        {"--model", "m", "--url", "nonsense"},
        {"--model", "m", "--duration", "3"},
        {"--model", "m", "--rate", "-1"},
        {"--model", "m", "--header", "nocolon"},
        {"--model", "m", "--api-key-env", "COGATE_TEST_NO_SUCH_VARIABLE"},
        {"--model", "m", "--unknown"}};
    for (const auto& args : bad) {
        const auto parsed = parse_bench_flags(args);
        BOOST_REQUIRE(std::holds_alternative<int>(parsed));
        BOOST_CHECK_EQUAL(std::get<int>(parsed), 2);
    }
}

BOOST_AUTO_TEST_CASE(the_report_is_json)
{
    load::load_report report;
    report.latency.record(1'500'000);
    report.completed = 1;
    report.errors = {{"http_500", 2}, {"timeout", 1}};
    bench_flags flags;
    flags.load.stream = true;
    const auto json = boost::json::parse(report_json(report, flags));
    BOOST_CHECK_EQUAL(json.at("loop").as_string(), "closed");
    BOOST_CHECK_EQUAL(json.at("latency_us").at("p50").to_number<double>(), 1500.0);
    BOOST_CHECK_EQUAL(json.at("errors").at("http_500").as_int64(), 2);
    BOOST_CHECK_EQUAL(json.at("errors").at("timeout").as_int64(), 1);
    BOOST_CHECK(json.as_object().contains("event_gap_us"));
    const std::string table = report_table(report, flags);
    BOOST_CHECK(table.find("http_500: 2") != std::string::npos);
    BOOST_CHECK(table.find("1.50 ms") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
