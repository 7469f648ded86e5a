#include "test/transports/listener/test_client.hpp"
#include "test/transports/listener/test_service.hpp"

#include <boost/system/system_error.hpp>
#include <boost/test/unit_test.hpp>

#include <fcntl.h>
#include <set>
#include <string>
#include <string_view>
#include <sys/resource.h>
#include <thread>
#include <vector>

// Clients that go, stall or come in crowds; deadlines; draining.
BOOST_AUTO_TEST_SUITE(transports_listener_lifecycle)

namespace {

using namespace cogate;

constexpr std::chrono::seconds safety{30};
constexpr std::chrono::milliseconds long_grace{60'000};

std::string get(std::string_view target)
{
    return "GET " + std::string(target) + " HTTP/1.1\r\nHost: a\r\n\r\n";
}

template <class T>
bool ready(std::future<T> const& what)
{
    return what.wait_for(safety) == std::future_status::ready;
}

/// A connection that moves the virtual clock of the only worker.
class clock_hand {
public:
    explicit clock_hand(std::uint16_t port) : client_(port)
    {
        client_.send(get("/virtual"));
        BOOST_REQUIRE(client_.receive().status == 200);
    }
    void advance(std::chrono::milliseconds step)
    {
        client_.send(get("/advance?" + std::to_string(step.count())));
        BOOST_REQUIRE(client_.receive().status == 200);
    }

private:
    test::raw_client client_;
};

/// A connection that has served a request already.
class warm_client : public test::raw_client {
public:
    explicit warm_client(std::uint16_t port) : raw_client(port)
    {
        send(get("/"));
        BOOST_REQUIRE(receive().status == 200);
    }
};

} // namespace

BOOST_AUTO_TEST_CASE(a_handler_hears_that_its_client_closed)
{
    test::test_service service;
    auto const started = service.handler().started();
    auto const gone = service.handler().gone();
    test::raw_client client(service.port());
    client.send(get("/wait"));
    BOOST_REQUIRE(ready(started));
    client.close();
    BOOST_TEST(ready(gone));
}

BOOST_AUTO_TEST_CASE(a_handler_hears_that_its_client_reset)
{
    test::test_service service;
    auto const started = service.handler().started();
    auto const gone = service.handler().gone();
    test::raw_client client(service.port());
    client.send("POST /wait HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc");
    BOOST_REQUIRE(ready(started));
    client.reset();
    BOOST_TEST(ready(gone));
}

BOOST_AUTO_TEST_CASE(what_is_sent_ahead_waits_and_is_answered)
{
    test::test_service service;
    auto const started = service.handler().started();
    test::raw_client client(service.port());
    client.send(get("/hold"));
    BOOST_REQUIRE(ready(started));
    client.send(get("/2") + get("/3"));
    service.handler().release();
    BOOST_TEST(client.receive().body == "held");
    BOOST_TEST(client.receive().body == "GET /2 0");
    BOOST_TEST(client.receive().body == "GET /3 0");
}

BOOST_AUTO_TEST_CASE(a_slow_head_is_answered_408)
{
    test::test_service service;
    clock_hand clock(service.port());
    warm_client client(service.port());
    client.send("GET / HT");
    for (int i = 0; i < 100 && !client.readable(10); ++i) {
        clock.advance(std::chrono::seconds(11));
    }
    test::raw_answer const answer = client.receive();
    BOOST_TEST(answer.status == 408);
    BOOST_TEST(answer.says_close());
    BOOST_TEST(client.ended());
}

BOOST_AUTO_TEST_CASE(a_slow_body_is_reported_to_the_handler)
{
    test::test_service service;
    clock_hand clock(service.port());
    for (std::string_view const framing :
         {"Content-Length: 10\r\n\r\nabc", "Content-Length: 50000\r\n\r\nabc",
          "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"}) {
        warm_client client(service.port());
        client.send("POST / HTTP/1.1\r\nHost: a\r\n" + std::string(framing));
        for (int i = 0; i < 100 && !client.readable(10); ++i) {
            clock.advance(std::chrono::seconds(61));
        }
        test::raw_answer const answer = client.receive();
        BOOST_TEST(answer.status == 408);
        BOOST_TEST(answer.body == "timeout_body");
        BOOST_TEST(answer.says_close());
    }
}

BOOST_AUTO_TEST_CASE(an_idle_connection_is_closed_without_a_word)
{
    test::test_service service;
    clock_hand clock(service.port());
    warm_client client(service.port());
    clock.advance(std::chrono::seconds(74));
    client.send(get("/"));
    BOOST_TEST(client.receive().status == 200);
    clock.advance(std::chrono::seconds(76));
    BOOST_TEST(client.ended());
}

BOOST_AUTO_TEST_CASE(a_client_that_takes_nothing_ends_the_write)
{
    test::test_service service;
    auto const started = service.handler().started();
    auto big = service.handler().big_result();
    clock_hand clock(service.port());
    test::raw_client client(service.port(), 4096);
    client.send(get("/big"));
    BOOST_REQUIRE(ready(started));
    for (int i = 0; i < 200 && big.wait_for(std::chrono::milliseconds(0)) != std::future_status::ready; ++i) {
        clock.advance(std::chrono::seconds(61));
    }
    BOOST_REQUIRE(ready(big));
    BOOST_TEST(!big.get());
}

BOOST_AUTO_TEST_CASE(a_client_that_takes_its_time_gets_everything)
{
    test::test_service service;
    auto big = service.handler().big_result();
    test::raw_client client(service.port(), 4096);
    client.send(get("/big"));
    BOOST_TEST(client.receive().body.size() == 64U * 1024 * 1024);
    BOOST_REQUIRE(ready(big));
    BOOST_TEST(big.get());
}

BOOST_AUTO_TEST_CASE(draining_ends_idle_connections_and_finishes_the_others)
{
    test::test_service service;
    auto const started = service.handler().started();
    warm_client idle(service.port());
    test::raw_client active(service.port());
    active.send(get("/hold"));
    BOOST_REQUIRE(ready(started));
    BOOST_TEST(service.listener().active_requests() == 1U);
    BOOST_TEST(!service.listener().draining());

    service.listener().drain(long_grace);
    BOOST_TEST(service.listener().draining());
    BOOST_TEST(idle.ended());
    test::raw_client fresh(service.port());
    fresh.send(get("/health"));
    test::raw_answer const health = fresh.receive();
    BOOST_TEST(health.status == 200);
    BOOST_TEST(health.says_close());
    BOOST_TEST(fresh.ended());

    service.handler().release();
    test::raw_answer const last = active.receive();
    BOOST_TEST(last.body == "held");
    BOOST_TEST(last.says_close());
    BOOST_TEST(active.ended());
    service.join();
    BOOST_TEST(service.listener().connections() == 0U);
    BOOST_TEST(service.listener().active_requests() == 0U);
}

BOOST_AUTO_TEST_CASE(the_end_of_the_grace_counts_as_the_client_going)
{
    test::test_service service;
    auto const started = service.handler().started();
    auto const gone = service.handler().gone();
    test::raw_client client(service.port());
    client.send(get("/wait"));
    BOOST_REQUIRE(ready(started));
    service.listener().drain(std::chrono::milliseconds(0));
    BOOST_TEST(ready(gone));
    service.join();
    BOOST_TEST(client.ended());
}

BOOST_AUTO_TEST_CASE(a_handler_that_never_ends_does_not_hold_up_the_end)
{
    test::test_service service;
    auto const started = service.handler().started();
    test::raw_client client(service.port());
    client.send(get("/stuck"));
    BOOST_REQUIRE(ready(started));
    service.listener().drain(long_grace);
    service.listener().drain(long_grace);
    service.listener().drain(long_grace);
    service.join();
    BOOST_TEST(service.listener().active_requests() == 1U);
}

BOOST_AUTO_TEST_CASE(draining_a_listener_without_connections_returns)
{
    test::test_service service;
    service.listener().drain(long_grace);
    service.join();
    BOOST_TEST(service.listener().draining());
}

BOOST_AUTO_TEST_CASE(two_workers_share_the_connections)
{
    transports::listen_options options;
    options.workers = 2;
    test::test_service service(options);
    std::set<std::string> threads;
    std::vector<std::unique_ptr<warm_client>> clients;
    for (int i = 0; i < 4; ++i) {
        clients.push_back(std::make_unique<warm_client>(service.port()));
        clients.back()->send(get("/thread"));
        threads.insert(clients.back()->receive().body);
    }
    BOOST_TEST(threads.size() == 2U);
    BOOST_TEST(service.listener().connections() == 4U);

    std::vector<std::thread> crowd;
    std::atomic<int> answered{0};
    for (int i = 0; i < 4; ++i) {
        crowd.emplace_back([&service, &answered] {
            for (int round = 0; round < 20; ++round) {
                test::raw_client client(service.port());
                for (int n = 0; n < 10; ++n) {
                    client.send("POST /text HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
                    answered += client.receive().body == "hello" ? 1 : 0;
                }
            }
        });
    }
    for (std::thread& each : crowd) {
        each.join();
    }
    BOOST_TEST(answered.load() == 800);
    service.listener().drain(long_grace);
    service.join();
    BOOST_TEST(service.listener().connections() == 0U);
}

BOOST_AUTO_TEST_CASE(beyond_the_connection_limit_there_is_503)
{
    transports::listen_options options;
    options.limits.connections = 1;
    test::test_service service(options);
    auto const started = service.handler().started();
    test::raw_client busy(service.port());
    busy.send(get("/hold"));
    BOOST_REQUIRE(ready(started));
    test::raw_client refused(service.port());
    test::raw_answer const answer = refused.receive();
    BOOST_TEST(answer.status == 503);
    BOOST_TEST(answer.says_close());
    BOOST_TEST(refused.ended());
    service.handler().release();
    BOOST_TEST(busy.receive().body == "held");
}

BOOST_AUTO_TEST_CASE(near_the_limit_the_longest_idle_connection_makes_room)
{
    transports::listen_options options;
    options.limits.connections = 2;
    test::test_service service(options);
    warm_client oldest(service.port());
    warm_client other(service.port());
    test::raw_client refused(service.port());
    BOOST_TEST(refused.receive().status == 503);
    BOOST_TEST(oldest.ended());
    other.send(get("/still"));
    BOOST_TEST(other.receive().body == "GET /still 0");
}

BOOST_AUTO_TEST_CASE(without_file_descriptors_a_client_gets_503_and_service_returns)
{
    test::test_service service;
    warm_client warm(service.port());
    // A connection waits in the listen queue until it is accepted, so it is made before the limit falls.
    rlimit before{};
    BOOST_REQUIRE_EQUAL(::getrlimit(RLIMIT_NOFILE, &before), 0);
    int const own = ::socket(AF_INET, SOCK_STREAM, 0);
    int const lowest_free = ::dup(own);
    ::close(lowest_free);
    rlimit none = before;
    none.rlim_cur = static_cast<rlim_t>(lowest_free);
    BOOST_REQUIRE_EQUAL(::setrlimit(RLIMIT_NOFILE, &none), 0);
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_port = htons(service.port());
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    sockaddr generic{};
    std::memcpy(&generic, &where, sizeof where);
    int const connected = ::connect(own, &generic, sizeof generic);
    char answer[12] = {};
    ssize_t const got = connected == 0 ? ::recv(own, answer, sizeof answer, MSG_WAITALL) : -1;
    // The connection that was there before still works.
    warm.send(get("/"));
    int const status = warm.readable(30'000) ? warm.receive().status : 0;
    ::setrlimit(RLIMIT_NOFILE, &before);
    ::close(own);
    BOOST_TEST(got == 12);
    BOOST_TEST(std::string_view(answer, sizeof answer) == "HTTP/1.1 503");
    // It was idle, so it may have been shed to free a descriptor.
    BOOST_TEST((status == 200 || status == 0));

    test::raw_client later(service.port());
    later.send(get("/"));
    BOOST_TEST(later.receive().status == 200);
}

BOOST_AUTO_TEST_CASE(a_taken_port_and_an_unknown_host_are_explained)
{
    test::test_service service;
    test::test_handler handler;
    transports::listen_options options;
    options.port = service.port();
    auto const says = [](std::string_view part) {
        return [part](boost::system::system_error const& e) {
            return std::string_view(e.what()).find(part) != std::string_view::npos;
        };
    };
    BOOST_CHECK_EXCEPTION(transports::listener(options, handler), boost::system::system_error,
                          says("another program listens there"));
    options.host = "203.0.113.77";
    BOOST_CHECK_EXCEPTION(transports::listener(options, handler), boost::system::system_error,
                          says("this machine has no such address"));
}

BOOST_AUTO_TEST_SUITE_END()
