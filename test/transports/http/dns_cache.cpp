#include "transports/http/dns_cache.hpp"

#include "test/common/context_loop.hpp"
#include "test/common/fault_server.hpp"
#include "test/transports/http/fetch.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <chrono>
#include <memory>
#include <semaphore>
#include <string>
#include <thread>
#include <vector>

using namespace cogate::transports;
using namespace std::chrono_literals;
using outcome = dns_cache::outcome;
namespace asio = boost::asio;

namespace {

std::atomic<int> lookups{0};
std::counting_semaphore<16> gate{0};

name_answer one_address(std::string const&)
{
    ++lookups;
    return {{asio::ip::make_address("127.0.0.1")}, {}};
}

name_answer no_address(std::string const&)
{
    ++lookups;
    return {{}, "it does not exist"};
}

/// Waits for the thread of an abandoned lookup, so that it does not count in the next test.
void await_lookups(int number)
{
    while (lookups != number) {
        std::this_thread::yield();
    }
}

name_answer gated(std::string const& host)
{
    gate.acquire();
    return one_address(host);
}

asio::awaitable<void> resolve_into(std::string host, std::chrono::milliseconds patience,
                                   std::vector<dns_cache::resolution>& out)
{
    const asio::any_io_executor executor = co_await asio::this_coro::executor;
    dns_cache& names = dns_cache::of(asio::query(executor, asio::execution::context));
    dns_cache::resolution found = co_await names.resolve(host, timers_of(executor).now() + patience);
    out.push_back(std::move(found));
}

struct fixture {
    fixture() { lookups = 0; }

    void start(std::string host, std::chrono::milliseconds patience = 1h)
    {
        asio::co_spawn(context, resolve_into(std::move(host), patience, found), [](std::exception_ptr) {});
    }
    void run()
    {
        context.restart();
        context.run();
    }

    asio::io_context context{1};
    dns_cache& names = dns_cache::of(context);
    std::vector<dns_cache::resolution> found;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(transports_dns_cache, fixture)

BOOST_AUTO_TEST_CASE(concurrent_lookups_of_a_name_share_one)
{
    names.use_lookup(&gated);
    start("a.test");
    start("a.test");
    start("a.test");
    context.poll(); // all three wait now
    BOOST_TEST(found.empty());
    gate.release();
    run();
    BOOST_TEST(found.size() == 3U);
    BOOST_TEST(lookups == 1);
    for (dns_cache::resolution const& each : found) {
        BOOST_TEST((each.result == outcome::found));
        BOOST_TEST(each.addresses.at(0).to_string() == "127.0.0.1");
    }
    start("a.test"); // from the cache
    run();
    BOOST_TEST(found.size() == 4U);
    BOOST_TEST(lookups == 1);
    start("b.test");
    gate.release();
    run();
    BOOST_TEST(lookups == 2);
}

BOOST_AUTO_TEST_CASE(numeric_hosts_are_not_looked_up)
{
    names.use_lookup(&no_address);
    start("127.0.0.1");
    start("::1");
    run();
    BOOST_TEST(found.size() == 2U);
    BOOST_TEST((found[0].result == outcome::found));
    BOOST_TEST(found[1].addresses.at(0).to_string() == "::1");
    BOOST_TEST(lookups == 0);
}

BOOST_AUTO_TEST_CASE(a_failed_lookup_says_why_and_is_not_kept)
{
    names.use_lookup(&no_address);
    start("a.test");
    run();
    BOOST_TEST((found.at(0).result == outcome::failed));
    BOOST_TEST(found.at(0).why == "it does not exist");
    names.use_lookup(&one_address);
    start("a.test");
    run();
    BOOST_TEST((found.at(1).result == outcome::found));
}

BOOST_AUTO_TEST_CASE(a_stuck_lookup_is_abandoned_and_holds_up_no_other_name)
{
    names.use_lookup(&gated);
    start("stuck.test", 5ms);
    context.poll();
    names.use_lookup(&one_address);
    start("other.test");
    run();
    BOOST_REQUIRE(found.size() == 2U);
    int timed_out = 0;
    int resolved = 0;
    for (dns_cache::resolution const& each : found) {
        timed_out += each.result == outcome::timed_out ? 1 : 0;
        resolved += each.result == outcome::found ? 1 : 0;
    }
    BOOST_TEST(timed_out == 1);
    BOOST_TEST(resolved == 1);
    gate.release();
    await_lookups(2);
}

BOOST_AUTO_TEST_CASE(stale_answers_serve_while_the_resolver_fails)
{
    timers& clock = timers::of(context);
    clock.use_virtual_time();
    names.use_lookup(&no_address);
    names.remember("a.test", {asio::ip::make_address("127.0.0.9")});
    clock.advance_by(29s);
    start("a.test");
    run();
    BOOST_TEST(lookups == 0);
    clock.advance_by(2s);
    start("a.test");
    run();
    BOOST_TEST(lookups == 1);
    BOOST_REQUIRE(found.size() == 2U);
    BOOST_TEST((found[1].result == outcome::found));
    BOOST_TEST(found[1].addresses.at(0).to_string() == "127.0.0.9");
    clock.advance_by(10min);
    start("a.test");
    run();
    BOOST_TEST(lookups == 2);
    BOOST_TEST((found.at(2).result == outcome::failed));
}

BOOST_AUTO_TEST_CASE(a_stale_answer_does_not_wait_long_for_a_slow_resolver)
{
    timers& clock = timers::of(context);
    clock.use_virtual_time();
    names.use_lookup(&gated);
    names.remember("a.test", {asio::ip::make_address("127.0.0.9")});
    clock.advance_by(31s);
    start("a.test");
    context.poll();
    BOOST_TEST(found.empty());
    clock.advance_by(dns_cache::stale_patience);
    context.poll();
    BOOST_REQUIRE(found.size() == 1U);
    BOOST_TEST(found[0].addresses.at(0).to_string() == "127.0.0.9");
    gate.release();
    await_lookups(1);
}

BOOST_AUTO_TEST_CASE(a_dead_address_is_passed_over_and_the_good_one_remembered)
{
    cogate::test::virtual_loop loop;
    const std::string hello = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nhi";
    cogate::test::fault_server server(loop.context(), {{cogate::test::fault_server::read_request(),
                                                        cogate::test::fault_server::send(hello)}});
    // The server listens on 127.0.0.1 only: the other two refuse, one of them in the other family.
    dns_cache& local = dns_cache::of(loop.context());
    local.remember("many.test", {asio::ip::make_address("::1"), asio::ip::make_address("127.0.0.2"),
                                 asio::ip::make_address("127.0.0.1")});
    const std::shared_ptr<transport> via = make_http_transport({});
    const cogate::test::fetched out =
        loop.run(cogate::test::fetch(via, server.where("many.test"), {}, cogate::test::post("{}")));
    BOOST_TEST(out.code == "ok", out.message);
    auto look = [](dns_cache& from) -> asio::awaitable<std::string> {
        const std::string host = "many.test";
        dns_cache::resolution known = co_await from.resolve(host, steady_time::max());
        co_return known.addresses.at(0).to_string();
    };
    BOOST_TEST(loop.run(look(local)) == "127.0.0.1");
}

BOOST_AUTO_TEST_CASE(the_system_resolves_localhost)
{
    const name_answer answer = system_lookup("localhost");
    BOOST_TEST(!answer.addresses.empty(), answer.why);
    for (asio::ip::address const& each : answer.addresses) {
        BOOST_TEST(each.is_loopback());
    }
    start("localhost");
    start("localhost");
    run();
    BOOST_TEST(found.size() == 2U);
    BOOST_TEST((found[0].result == outcome::found));
}

BOOST_AUTO_TEST_CASE(a_context_may_end_before_a_lookup_does)
{
    {
        asio::io_context brief(1);
        dns_cache::of(brief).use_lookup(&gated);
        asio::co_spawn(brief, resolve_into("a.test", 1h, found), [](std::exception_ptr) {});
        brief.poll();
    }
    gate.release();
    await_lookups(1);
    BOOST_TEST(found.empty());
}

BOOST_AUTO_TEST_SUITE_END()
