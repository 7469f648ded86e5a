#include "transports/http/http_transport.hpp"
#include "transports/http/pool.hpp"

#include "test/common/context_loop.hpp"
#include "test/common/fault_server.hpp"
#include "test/transports/http/fetch.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

using namespace cogate::transports;
using namespace std::chrono_literals;
using cogate::error_kind;
using cogate::test::fault_server;
using cogate::test::fetch;
using cogate::test::fetched;
using cogate::test::post;
namespace asio = boost::asio;

namespace {

const std::string hello = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello";

struct fixture {
    fetched get(fault_server const& server, exchange_limits limits = {}, bool fresh = false)
    {
        return loop.run(fetch(via, server.where(), limits, post("{}"), fresh));
    }
    std::size_t idle(fault_server const& server)
    {
        return pool::of(loop.context()).idle(server.where().pool_key);
    }

    cogate::test::virtual_loop loop;
    std::shared_ptr<http_transport> via = std::make_shared<http_transport>(http_transport_options{});
};

fault_server::script answering(std::string const& bytes)
{
    return {fault_server::read_request(), fault_server::send(bytes), fault_server::until_closed()};
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(transports_http_transport, fixture)

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

BOOST_AUTO_TEST_CASE(answers_in_pieces_arrive_whole)
{
    const std::string chunked =
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n";
    fault_server server(loop.context(), {{fault_server::read_request(), fault_server::drip(chunked, 1),
                                          fault_server::until_closed()}});
    const fetched out = get(server);
    BOOST_TEST(out.code == "ok", out.message);
    BOOST_TEST(out.body == "hello world");
    BOOST_TEST(idle(server) == 1U);
}

BOOST_AUTO_TEST_CASE(an_early_answer_ends_the_sending_and_is_delivered)
{
    const std::string refusal = "HTTP/1.1 413 Too Large\r\ncontent-length: 3\r\n\r\nbig";
    const std::string large(32 * 1024 * 1024, 'x');
    // One peer keeps the connection open without reading on, the other closes it with our bytes unread.
    for (bool closes : {false, true}) {
        BOOST_TEST_CONTEXT("closes: " << closes)
        {
            fault_server server(loop.context(), {{fault_server::read_bytes(100), fault_server::pause(10ms),
                                                  fault_server::send(refusal),
                                                  closes ? fault_server::fin() : fault_server::pause(1h)}});
            const steady_time start = loop.clock().now();
            const fetched out = loop.run(fetch(via, server.where(), {}, post(large)));
            BOOST_TEST(out.code == "ok", out.message);
            BOOST_TEST(out.status == 413);
            BOOST_TEST(out.body == "big");
            BOOST_TEST((loop.clock().now() - start < 1s));
            BOOST_TEST(idle(server) == 0U);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_peer_that_stops_reading_times_the_write_out)
{
    fault_server server(loop.context(), {{fault_server::read_bytes(100), fault_server::pause(1h)}});
    const fetched out = loop.run(fetch(via, server.where(), {}, post(std::string(32 * 1024 * 1024, 'x'))));
    BOOST_TEST(out.code == "timeout_write");
}

BOOST_AUTO_TEST_CASE(a_large_request_arrives_whole_and_the_connection_lives)
{
    const std::string large(3 * 1024 * 1024, 'x');
    fault_server server(loop.context(), {answering(hello)});
    const fetched out = loop.run(fetch(via, server.where(), {}, post(large)));
    BOOST_TEST(out.code == "ok", out.message);
    BOOST_TEST((server.connection(0).received == post(large)));
    BOOST_TEST(idle(server) == 1U);
    BOOST_TEST(loop.run(fetch(via, server.where(), {}, post("x"), true)).code == "ok");
}

BOOST_AUTO_TEST_CASE(many_pieces_are_gathered_in_order)
{
    fault_server server(loop.context(), {answering(hello)});
    auto send_many = [](std::shared_ptr<transport> with, endpoint where) -> asio::awaitable<std::string> {
        const exchange_limits limits;
        cogate::result<std::unique_ptr<exchange>> opened = co_await with->open(where, limits, false);
        std::vector<std::string> texts{"POST / HTTP/1.1\r\ncontent-length: 40\r\n\r\n"};
        for (int i = 0; i < 40; ++i) {
            texts.emplace_back(1, static_cast<char>('0' + i));
            texts.emplace_back();
        }
        const std::vector<std::string_view> pieces(texts.begin(), texts.end());
        const cogate::result<void> sent = co_await (*opened)->send(pieces);
        const cogate::result<response_head> head = co_await (*opened)->receive_head();
        std::string whole;
        for (std::string const& text : texts) {
            whole += text;
        }
        co_return sent&& head ? whole : std::string("failed");
    };
    const std::string sent = loop.run(send_many(via, server.where()));
    BOOST_TEST(server.connection(0).received == sent);
}

namespace {

asio::awaitable<void> hold(std::shared_ptr<transport> via, endpoint where, std::unique_ptr<exchange>& kept,
                           std::string& code)
{
    const exchange_limits limits;
    cogate::result<std::unique_ptr<exchange>> opened = co_await via->open(where, limits, false);
    kept = std::move(*opened);
    const std::string request = post("{}");
    const std::string_view piece = request;
    const cogate::result<void> sent = co_await kept->send(std::span(&piece, 1));
    const cogate::result<response_head> head = co_await kept->receive_head();
    code = head ? "ok" : head.error()->code;
}

} // namespace

BOOST_AUTO_TEST_CASE(cancel_closes_the_connection_at_once)
{
    fault_server server(loop.context(), {{fault_server::read_request(), fault_server::until_closed()}});
    std::unique_ptr<exchange> kept;
    std::string code;
    asio::co_spawn(loop.context(), hold(via, server.where(), kept, code), asio::detached);
    loop.settle();
    BOOST_TEST(code.empty());
    kept->cancel();
    kept->cancel();
    loop.settle();
    BOOST_TEST(code == "cancelled");
    BOOST_TEST(server.connection(0).peer_closed);
    kept.reset();
    BOOST_TEST(idle(server) == 0U);
}

BOOST_AUTO_TEST_CASE(terminal_cancellation_of_the_coroutine_closes_the_connection)
{
    fault_server server(loop.context(), {{fault_server::read_request(), fault_server::until_closed()}});
    std::unique_ptr<exchange> kept;
    std::string code;
    asio::cancellation_signal signal;
    asio::co_spawn(loop.context(), hold(via, server.where(), kept, code),
                   asio::bind_cancellation_slot(signal.slot(), [](std::exception_ptr) {}));
    loop.settle();
    signal.emit(asio::cancellation_type::terminal);
    loop.settle();
    BOOST_TEST(code == "cancelled");
    BOOST_TEST(server.connection(0).peer_closed);
    kept.reset();
}

BOOST_AUTO_TEST_CASE(an_exchange_dropped_before_the_end_closes_its_connection)
{
    fault_server server(loop.context(), {answering("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhel")});
    std::unique_ptr<exchange> kept;
    std::string code;
    asio::co_spawn(loop.context(), hold(via, server.where(), kept, code), asio::detached);
    loop.settle();
    BOOST_TEST(code == "ok");
    kept.reset();
    loop.settle();
    BOOST_TEST(server.connection(0).peer_closed);
    BOOST_TEST(idle(server) == 0U);
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

BOOST_AUTO_TEST_CASE(a_context_may_end_in_the_midst_of_an_exchange)
{
    std::unique_ptr<exchange> kept;
    std::string code;
    {
        cogate::test::virtual_loop other;
        fault_server server(other.context(), {{fault_server::read_request(), fault_server::until_closed()}});
        asio::co_spawn(other.context(), fetch(via, server.where(), {}, post("{}")), asio::detached);
        other.settle();
    }
    BOOST_TEST(via->stats().opened == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
