#include "test/transports/http/http_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <string>
#include <vector>

using namespace cogate::transports;
using namespace std::chrono_literals;
using cogate::error_kind;
using cogate::test::fault_server;
using cogate::test::fetch;
using cogate::test::fetched;
using cogate::test::post;

BOOST_FIXTURE_TEST_SUITE(transports_http_transport, cogate::test::http_fixture)

BOOST_AUTO_TEST_CASE(failures_have_their_kind_and_code)
{
    struct row {
        char const* name;
        fault_server::script script;
        char const* code;
        error_kind kind;
    };
    const std::string head = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n";
    const std::string chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
    using s = fault_server;
    const std::vector<row> rows{
        {"reset before the head", {s::read_request(), s::reset()}, "upstream_closed", error_kind::connection},
        {"end before the head", {s::read_request(), s::fin()}, "upstream_closed", error_kind::connection},
        {"end within the head",
         {s::read_request(), s::send("HTTP/1.1 200 OK\r\nco"), s::fin()},
         "upstream_closed",
         error_kind::connection},
        {"end within the body",
         {s::read_request(), s::send(head + "he"), s::fin()},
         "upstream_truncated",
         error_kind::truncated},
        {"reset within the body",
         {s::read_request(), s::send(head + "he"), s::pause(1ms), s::reset()},
         "upstream_truncated",
         error_kind::truncated},
        {"no final chunk",
         {s::read_request(), s::send(chunked + "2\r\nhe\r\n"), s::fin()},
         "upstream_truncated",
         error_kind::truncated},
        {"reset of a body without length",
         {s::read_request(), s::send("HTTP/1.1 200 OK\r\n\r\nhe"), s::pause(1ms), s::reset()},
         "upstream_truncated",
         error_kind::truncated},
        {"bad chunk",
         {s::read_request(), s::send(chunked + "zz\r\n"), s::until_closed()},
         "upstream_bad_http",
         error_kind::bad_gateway},
        {"garbage",
         {s::read_request(), s::send("SSH-2.0-x\r\n"), s::until_closed()},
         "upstream_bad_http",
         error_kind::bad_gateway},
        {"oversized head",
         {s::read_request(), s::send("HTTP/1.1 200 OK\r\nx: " + std::string(100'000, 'x')),
          s::until_closed()},
         "upstream_bad_http",
         error_kind::bad_gateway},
        {"flood of interim answers",
         {s::read_request(),
          s::drip(
              [] {
                  std::string flood;
                  for (int i = 0; i < 20; ++i) {
                      flood += "HTTP/1.1 100 Continue\r\n\r\n";
                  }
                  return flood;
              }(),
              25),
          s::until_closed()},
         "upstream_bad_http",
         error_kind::bad_gateway},
        {"silence", {s::read_request(), s::until_closed()}, "timeout_first_byte", error_kind::timeout},
        {"half a head, then silence",
         {s::read_request(), s::send("HTTP/1.1 2"), s::until_closed()},
         "timeout_first_byte",
         error_kind::timeout},
        {"silence within the body",
         {s::read_request(), s::send(head + "he"), s::until_closed()},
         "timeout_idle",
         error_kind::timeout},
    };
    for (row const& one : rows) {
        BOOST_TEST_CONTEXT(one.name)
        {
            fault_server server(loop.context(), {one.script});
            const fetched out = get(server);
            BOOST_TEST(out.code == one.code);
            BOOST_TEST((out.kind == one.kind));
            BOOST_TEST(out.message.find("http://127.0.0.1:" + std::to_string(server.port())) !=
                           std::string::npos,
                       out.message);
            BOOST_TEST(idle(server) == 0U);
        }
    }
}

BOOST_AUTO_TEST_CASE(deadlines_are_exact_and_the_connection_is_closed)
{
    fault_server server(loop.context(), {{fault_server::read_request(), fault_server::until_closed()}});
    exchange_limits limits;
    limits.first_byte = 700ms;
    const steady_time start = loop.clock().now();
    BOOST_TEST(get(server, limits).code == "timeout_first_byte");
    BOOST_TEST((loop.clock().now() == start + 700ms));
    loop.settle();
    BOOST_TEST(server.connection(0).peer_closed);

    const steady_time again = loop.clock().now();
    limits.total_by = again + 300ms;
    BOOST_TEST(get(server, limits).code == "timeout_total");
    BOOST_TEST((loop.clock().now() == again + 300ms));
}

BOOST_AUTO_TEST_CASE(idle_is_per_read_and_total_bounds_a_drip)
{
    // A byte per 100 ms satisfies the idle limit for ever: events are guarded above, the whole by total_by.
    fault_server server(
        loop.context(),
        {{fault_server::read_request(), fault_server::send("HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n"),
          fault_server::drip(std::string(1000, 'x'), 1, 100ms), fault_server::until_closed()}});
    exchange_limits limits;
    limits.idle = 150ms;
    limits.total_by = loop.clock().now() + 5s;
    const fetched out = get(server, limits);
    BOOST_TEST(out.code == "timeout_total");
    BOOST_TEST(out.body.size() >= 45U);
    BOOST_TEST(out.body.size() <= 51U);
}

BOOST_AUTO_TEST_CASE(a_refused_connection_says_to_whom)
{
    endpoint nowhere;
    {
        const fault_server gone(loop.context(), {{}});
        nowhere = gone.where();
    }
    const fetched out = loop.run(fetch(via, nowhere, {}, post("{}")));
    BOOST_TEST(out.code == "upstream_connect");
    BOOST_TEST((out.kind == error_kind::connection));
    BOOST_TEST(out.message == "connection to " + nowhere.url.origin() + " was refused");
}

BOOST_AUTO_TEST_SUITE_END()
