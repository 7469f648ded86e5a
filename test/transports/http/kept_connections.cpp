#include "test/transports/http/http_fixture.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <thread>

using namespace cogate::transports;
using namespace std::chrono_literals;
using cogate::test::answering;
using cogate::test::fault_server;
using cogate::test::fetch;
using cogate::test::fetched;
using cogate::test::hello;
using cogate::test::post;
namespace asio = boost::asio;

BOOST_FIXTURE_TEST_SUITE(transports_http_transport, cogate::test::http_fixture)

BOOST_AUTO_TEST_CASE(a_kept_connection_serves_the_next_exchange)
{
    fault_server server(
        loop.context(),
        {{fault_server::read_request(), fault_server::send(hello), fault_server::read_request(),
          fault_server::send(hello), fault_server::read_request(),
          fault_server::send("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"),
          fault_server::until_closed()}});
    const fetched first = get(server);
    BOOST_TEST(first.code == "ok", first.message);
    BOOST_TEST(first.body == "hello");
    BOOST_TEST(!first.reused);
    BOOST_TEST(first.received == hello.size());
    BOOST_TEST(idle(server) == 1U);
    const fetched second = get(server);
    BOOST_TEST(second.body == "hello");
    BOOST_TEST(second.reused);
    BOOST_TEST(second.received == hello.size());
    BOOST_TEST(get(server).code == "ok");
    loop.settle();
    BOOST_TEST(idle(server) == 0U); // the peer said close
    BOOST_TEST(server.connections() == 1U);
    BOOST_TEST(server.connection(0).received == post("{}") + post("{}") + post("{}"));
    BOOST_TEST(server.connection(0).peer_closed);
    BOOST_TEST(via->stats().opened == 1U);
    BOOST_TEST(via->stats().reused == 2U);
}

BOOST_AUTO_TEST_CASE(an_answer_without_a_body_leaves_the_connection_to_the_next)
{
    const std::string head = "HEAD /v1/x HTTP/1.1\r\nhost: test\r\n\r\n";
    fault_server server(
        loop.context(),
        {{fault_server::read_request(), fault_server::send("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n"),
          fault_server::read_request(), fault_server::send(hello), fault_server::until_closed()}});
    const fetched first = loop.run(fetch(via, server.where(), {}, head));
    BOOST_TEST(first.code == "ok", first.message);
    BOOST_TEST(first.status == 200);
    BOOST_TEST(first.body.empty());
    const fetched second = get(server);
    BOOST_TEST(second.body == "hello");
    BOOST_TEST(second.reused);
}

BOOST_AUTO_TEST_CASE(fresh_asks_for_a_new_connection)
{
    fault_server server(loop.context(), {answering(hello)});
    BOOST_TEST(get(server).code == "ok");
    const fetched second = get(server, {}, true);
    BOOST_TEST(second.code == "ok");
    BOOST_TEST(!second.reused);
    BOOST_TEST(server.connections() == 2U);
    BOOST_TEST(idle(server) == 2U);
}

BOOST_AUTO_TEST_CASE(an_idle_connection_that_the_peer_closed_is_not_used)
{
    fault_server server(
        loop.context(),
        {{fault_server::read_request(), fault_server::send(hello), fault_server::fin()}, answering(hello)});
    BOOST_TEST(get(server).code == "ok");
    loop.settle();
    const fetched second = get(server);
    BOOST_TEST(second.code == "ok");
    BOOST_TEST(!second.reused);
    BOOST_TEST(via->stats().stale == 1U);
}

BOOST_AUTO_TEST_CASE(bytes_behind_an_answer_never_reach_the_next_exchange)
{
    const std::string evil = "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nevil";
    // Together with the answer, and later while the connection rests.
    fault_server together(loop.context(), {answering(hello + evil), answering(hello)});
    BOOST_TEST(get(together).body == "hello");
    BOOST_TEST(idle(together) == 0U);
    BOOST_TEST(get(together).body == "hello");
    BOOST_TEST(together.connections() == 2U);

    fault_server later(loop.context(),
                       {{fault_server::read_request(), fault_server::send(hello), fault_server::pause(5ms),
                         fault_server::send(evil), fault_server::until_closed()},
                        answering(hello)});
    BOOST_TEST(get(later).body == "hello");
    BOOST_TEST(idle(later) == 1U);
    loop.clock().advance_by(5ms);
    loop.settle();
    const fetched next = get(later);
    BOOST_TEST(next.body == "hello");
    BOOST_TEST(!next.reused);
    BOOST_TEST(later.connections() == 2U);
}

BOOST_AUTO_TEST_CASE(idle_connections_are_closed_in_time_and_bounded_in_number)
{
    via = std::make_shared<http_transport>(http_transport_options{2, 10s});
    fault_server server(loop.context(), {answering(hello)});
    for (int i = 0; i < 3; ++i) {
        BOOST_TEST(get(server, {}, true).code == "ok");
    }
    BOOST_TEST(idle(server) == 2U);
    loop.settle();
    BOOST_TEST(server.connection(0).peer_closed);
    loop.clock().advance_by(9s);
    loop.settle();
    BOOST_TEST(idle(server) == 2U);
    loop.clock().advance_by(3s);
    loop.settle();
    BOOST_TEST(idle(server) == 0U);
    BOOST_TEST(server.connection(2).peer_closed);
}

BOOST_AUTO_TEST_CASE(no_connection_is_taken_beyond_its_idle_lifetime)
{
    via = std::make_shared<http_transport>(http_transport_options{2, 1s});
    fault_server server(loop.context(), {answering(hello)});
    BOOST_TEST(get(server).code == "ok");
    loop.clock().advance_by(1s); // before any sweep
    BOOST_TEST(!get(server).reused);
}

BOOST_AUTO_TEST_CASE(idle_connections_do_not_keep_a_context_running)
{
    // The upstream lives elsewhere, so that only the idle connection could hold the context.
    asio::io_context upstream(1);
    fault_server server(upstream, {answering(hello)});
    const endpoint where = server.where();
    std::thread thread([&] { upstream.run(); });
    fetched out;
    {
        asio::io_context context(1);
        asio::co_spawn(context, fetch(via, where, {}, post("{}")),
                       [&](std::exception_ptr, fetched what) { out = std::move(what); });
        context.run();
        BOOST_TEST(pool::of(context).idle(where.pool_key) == 1U);
    }
    upstream.stop();
    thread.join();
    BOOST_TEST(out.code == "ok");
}

BOOST_AUTO_TEST_SUITE_END()
