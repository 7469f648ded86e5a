#include "lib/cli/bench/bench_request.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <stdexcept>
#include <string>

namespace {

using namespace cogate::cli;

BOOST_AUTO_TEST_SUITE(cli_bench)

BOOST_AUTO_TEST_CASE(bodies_have_the_wanted_size_and_are_json)
{
    for (const std::size_t size : {200u, 1024u, 102'400u}) {
        for (const bool stream : {false, true}) {
            const std::string body =
                render_bench_body({.model = "a/\"b\"", .stream = stream, .body_bytes = size});
            BOOST_CHECK_EQUAL(body.size(), size);
            const auto parsed = boost::json::parse(body);
            BOOST_CHECK_EQUAL(parsed.at("model").as_string(), "a/\"b\"");
            BOOST_CHECK_EQUAL(parsed.as_object().contains("stream"), stream);
        }
    }
    BOOST_CHECK_NO_THROW(boost::json::parse(render_bench_body({.model = "m", .body_bytes = 0})));
}

BOOST_AUTO_TEST_CASE(the_request_is_framed_and_carries_key_and_headers)
{
    const auto base = cogate::wire::parse_url("http://127.0.0.1:4000/v1");
    BOOST_REQUIRE(base.has_value());
    const std::string request = render_bench_request(
        {.model = "m", .body_bytes = 300, .api_key = "sk-1", .headers = {{"x-extra", "1"}}}, *base);
    BOOST_CHECK(request.starts_with("POST /v1/chat/completions HTTP/1.1\r\n"));
    BOOST_CHECK(request.find("\r\nHost: 127.0.0.1:4000\r\n") != std::string::npos);
    BOOST_CHECK(request.find("\r\nAuthorization: Bearer sk-1\r\n") != std::string::npos);
    BOOST_CHECK(request.find("\r\nx-extra: 1\r\n") != std::string::npos);
    BOOST_CHECK(request.find("\r\nContent-Length: 300\r\n") != std::string::npos);
    BOOST_CHECK_EQUAL(request.size() - request.find("\r\n\r\n") - 4, 300u);
}

BOOST_AUTO_TEST_CASE(what_could_break_the_head_is_refused)
{
    const auto base = cogate::wire::parse_url("http://127.0.0.1:4000/v1");
    BOOST_CHECK_THROW(render_bench_request({.model = "m", .api_key = "a\r\nb"}, *base),
                      std::invalid_argument);
    BOOST_CHECK_THROW(render_bench_request({.model = "m", .headers = {{"x", "a\nb"}}}, *base),
                      std::invalid_argument);
    BOOST_CHECK_THROW(render_bench_request({.model = "m", .headers = {{"Host", "b"}}}, *base),
                      std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
