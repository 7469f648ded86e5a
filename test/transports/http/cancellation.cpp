#include "test/transports/http/http_fixture.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <memory>
#include <string>

using namespace cogate::transports;
using namespace std::chrono_literals;
using cogate::test::answering;
using cogate::test::fault_server;
using cogate::test::fetch;
using cogate::test::post;
namespace asio = boost::asio;

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

BOOST_FIXTURE_TEST_SUITE(transports_http_transport, cogate::test::http_fixture)

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
