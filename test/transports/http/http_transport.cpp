#include "test/transports/http/http_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

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

BOOST_AUTO_TEST_SUITE_END()
