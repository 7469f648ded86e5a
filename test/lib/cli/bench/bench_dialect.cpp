#include "lib/cli/bench/bench_flags.hpp"
#include "lib/cli/bench/bench_request.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <string>
#include <variant>

namespace {

using namespace cogate::cli;
namespace load = cogate::transports::load;

BOOST_AUTO_TEST_SUITE(cli_bench)

BOOST_AUTO_TEST_CASE(anthropic_bodies_have_the_wanted_size_and_what_messages_need)
{
    for (const bool stream : {false, true}) {
        const std::string body = render_bench_body({.model = "m",
                                                    .dialect = bench_dialect::anthropic_messages,
                                                    .stream = stream,
                                                    .body_bytes = 1024});
        BOOST_CHECK_EQUAL(body.size(), 1024u);
        const auto parsed = boost::json::parse(body).as_object();
        BOOST_CHECK(parsed.at("max_tokens").to_number<int>() > 0);
        BOOST_CHECK_EQUAL(parsed.contains("stream"), stream);
    }
}

BOOST_AUTO_TEST_CASE(the_dialect_decides_path_key_and_end_mark)
{
    const auto parsed = parse_bench_flags(
        {"--url", "http://127.0.0.1:9/v1", "--model", "m", "--dialect", "anthropic_messages", "--stream"});
    const auto* const flags = std::get_if<bench_flags>(&parsed);
    BOOST_REQUIRE(flags != nullptr);
    BOOST_CHECK(flags->load.request.starts_with("POST /v1/messages HTTP/1.1\r\n"));
    BOOST_CHECK(flags->load.request.find("\r\nanthropic-version: 2023-06-01\r\n") != std::string::npos);
    BOOST_CHECK(flags->load.mark == load::end_mark::message_stop);

    const auto base = cogate::wire::parse_url("http://127.0.0.1:4000/v1");
    BOOST_REQUIRE(base.has_value());
    const std::string request = render_bench_request(
        {.model = "m", .dialect = bench_dialect::anthropic_messages, .api_key = "sk-1"}, *base);
    BOOST_CHECK(request.find("\r\nx-api-key: sk-1\r\n") != std::string::npos);
    BOOST_CHECK(request.find("Authorization") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
