#include "lib/cli/mock/mock_flags.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace {

using namespace cogate::cli;
namespace mock = cogate::transports::mock;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(cli_mock)

BOOST_AUTO_TEST_CASE(flags_become_options)
{
    const auto parsed = parse_mock_flags(
        {"--port", "0", "--latency", "bimodal:20ms,0.02,10", "--ttft", "5ms", "--rate", "80", "--tokens", "9",
         "--error-rate", "0.5", "--error-status", "503", "--fault", "cut-after-3", "--body-bytes", "700"});
    const auto* options = std::get_if<mock::mock_options>(&parsed);
    BOOST_REQUIRE(options != nullptr);
    BOOST_CHECK(options->latency.kind == mock::latency_model::shape::bimodal &&
                options->latency.base == 20ms);
    BOOST_CHECK(options->first_token == 5ms);
    BOOST_CHECK_EQUAL(options->rate, 80);
    BOOST_CHECK_EQUAL(options->shape.tokens, 9u);
    BOOST_CHECK_EQUAL(options->shape.body_bytes, 700u);
    BOOST_CHECK_EQUAL(options->error_status, 503);
    BOOST_CHECK(options->every.what == mock::fault::kind::cut_after && options->every.number == 3);
}

BOOST_AUTO_TEST_CASE(bad_flags_give_exit_code_2)
{
    const std::vector<std::vector<std::string>> bad{
        {"--latency", "fast"}, {"--fault", "nonsense"},    {"--error-rate", "2"}, {"--error-status", "200"},
        {"--tokens", "0"},     {"--tls-cert", "cert.pem"}, {"--port", "70000"},   {"--ttft", "5"}};
    for (const auto& args : bad) {
        const auto parsed = parse_mock_flags(args);
        BOOST_REQUIRE(std::holds_alternative<int>(parsed));
        BOOST_CHECK_EQUAL(std::get<int>(parsed), 2);
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
