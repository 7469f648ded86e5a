#include "transports/memory/memory_transport.hpp"

#include "test/common/context_loop.hpp"
#include "test/transports/http/fetch.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <memory>
#include <string>

using namespace cogate::transports;
using namespace std::chrono_literals;
using cogate::test::fetch;
using cogate::test::fetched;
using cogate::test::post;
using cogate::wire::scripted_reply;
using ending = scripted_reply::ending;
namespace asio = boost::asio;

namespace {

endpoint demo()
{
    endpoint where;
    where.url = cogate::wire::parse_url("demo://local").value();
    where.pool_key = where.url.origin();
    return where;
}

scripted_reply streamed(ending how)
{
    scripted_reply reply;
    reply.headers = {{"content-type", "text/plain"}};
    reply.head_delay = 100ms;
    reply.body = {{50ms, "one "}, {0ms, ""}, {50ms, "two"}};
    reply.end = how;
    return reply;
}

struct fixture {
    fetched get(scripted_reply const& reply, exchange_limits limits = {})
    {
        via = make_scripted_transport([reply](std::string_view) { return reply; });
        return loop.run(fetch(via, demo(), limits, post("{}")));
    }

    cogate::test::virtual_loop loop;
    std::shared_ptr<memory_transport> via;
};

scripted_reply echo(std::string_view path, std::string_view body)
{
    scripted_reply reply;
    reply.body = {{0ms, std::string(path) + '|' + std::string(body)}};
    return reply;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(transports_memory_transport, fixture)

BOOST_AUTO_TEST_CASE(a_local_responder_gets_target_and_body)
{
    const fetched out = loop.run(fetch(make_memory_transport(&echo), demo(), {}, post("{\"a\":1}")));
    BOOST_TEST(out.code == "ok");
    BOOST_TEST(out.status == 200);
    BOOST_TEST(out.body == "/v1/x|{\"a\":1}");
}

BOOST_AUTO_TEST_CASE(a_reply_is_played_with_its_delays)
{
    const steady_time start = loop.clock().now();
    const fetched out = get(streamed(ending::complete));
    BOOST_TEST(out.code == "ok");
    BOOST_TEST(out.body == "one two");
    BOOST_TEST((loop.clock().now() == start + 200ms));
    BOOST_REQUIRE(via->records().size() == 1U);
    BOOST_TEST(via->records()[0].request == post("{}"));
    BOOST_TEST(via->records()[0].origin == "demo://local:0");
    BOOST_TEST(via->records()[0].complete);
    BOOST_TEST(!via->records()[0].cancelled);
}

BOOST_AUTO_TEST_CASE(every_ending_fails_as_the_real_transport_does)
{
    BOOST_TEST(get(streamed(ending::cut)).code == "upstream_truncated");
    BOOST_TEST(get(streamed(ending::no_answer)).code == "upstream_closed");
    BOOST_TEST(get(streamed(ending::refuse)).code == "upstream_connect");
    BOOST_TEST(get(streamed(ending::stall)).code == "timeout_idle");
    BOOST_TEST(!via->records()[0].complete);
}

BOOST_AUTO_TEST_CASE(limits_hold_exactly)
{
    exchange_limits limits;
    limits.first_byte = 99ms;
    BOOST_TEST(get(streamed(ending::complete), limits).code == "timeout_first_byte");
    limits.first_byte = 100ms;
    limits.idle = 49ms;
    BOOST_TEST(get(streamed(ending::complete), limits).code == "timeout_idle");
    limits.idle = 50ms;
    BOOST_TEST(get(streamed(ending::complete), limits).code == "ok");
    limits.total_by = loop.clock().now() + 199ms;
    BOOST_TEST(get(streamed(ending::complete), limits).code == "timeout_total");
    limits.total_by = loop.clock().now() + 50ms;
    BOOST_TEST(get(streamed(ending::complete), limits).code == "timeout_total");
}

namespace {

asio::awaitable<void> hold(std::shared_ptr<transport> via, std::unique_ptr<exchange>& kept, std::string& code)
{
    const endpoint where = demo();
    const exchange_limits limits;
    cogate::result<std::unique_ptr<exchange>> opened = co_await via->open(where, limits, true);
    kept = std::move(*opened);
    const std::string_view piece = "GET / HTTP/1.1\r\n\r\n";
    const cogate::result<void> sent = co_await kept->send(std::span(&piece, 1));
    const cogate::result<response_head> head = co_await kept->receive_head();
    code = head ? "ok" : head.error()->code;
}

} // namespace

BOOST_AUTO_TEST_CASE(cancel_ends_a_wait_and_is_recorded)
{
    via = make_scripted_transport([](std::string_view) { return streamed(ending::complete); });
    std::unique_ptr<exchange> kept;
    std::string code;
    asio::co_spawn(loop.context(), hold(via, kept, code), asio::detached);
    loop.settle();
    BOOST_TEST(code.empty());
    kept->cancel();
    loop.settle();
    BOOST_TEST(code == "cancelled");
    kept.reset();
    BOOST_TEST(via->records()[0].cancelled);
    BOOST_TEST(via->records()[0].fresh);
    BOOST_TEST(!loop.clock().advance_to_next());
}

BOOST_AUTO_TEST_CASE(requests_are_split_without_trust)
{
    BOOST_TEST(split_request("").target == "");
    BOOST_TEST(split_request("GET").target == "");
    BOOST_TEST(split_request("GET /x").target == "/x");
    BOOST_TEST(split_request("GET /x HTTP/1.1\r\n\r\nbody").body == "body");
    BOOST_TEST(split_request("GET /x HTTP/1.1\r\nA: b c\r\n\r\n").target == "/x");
}

BOOST_AUTO_TEST_SUITE_END()
