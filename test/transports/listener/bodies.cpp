#include "test/transports/listener/test_client.hpp"
#include "test/transports/listener/test_service.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

// Bodies that drip in, and bodies that together are more than the process may hold.
BOOST_AUTO_TEST_SUITE(transports_listener_bodies)

namespace {

using namespace cogate;

constexpr std::size_t first_block = 128 * 1024;

std::string get(std::string_view target)
{
    return "GET " + std::string(target) + " HTTP/1.1\r\nHost: a\r\n\r\n";
}

std::string post(std::string_view target, std::string_view framing)
{
    return "POST " + std::string(target) + " HTTP/1.1\r\nHost: a\r\n" + std::string(framing) + "\r\n\r\n";
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

transports::listen_options with_budget(std::size_t bytes)
{
    transports::listen_options options;
    options.limits.buffered_body_bytes = bytes;
    return options;
}

/// Begins a body of that many bytes and waits until the server wants it.
void announce(test::raw_client& client, std::size_t bytes)
{
    client.send(post("/", "Expect: 100-continue\r\nContent-Length: " + std::to_string(bytes)));
    BOOST_REQUIRE(client.receive(true).status == 100);
}

} // namespace

BOOST_AUTO_TEST_CASE(a_body_that_drips_in_is_given_up)
{
    test::test_service service;
    clock_hand clock(service.port());
    for (std::string_view const target : {"/", "/pieces"}) {
        for (std::string_view const framing :
             {"Content-Length: 1000", "Content-Length: 50000", "Transfer-Encoding: chunked"}) {
            test::raw_client client(service.port());
            client.send(post(target, framing));
            std::string_view const drop = framing.starts_with("Transfer") ? "1\r\nx\r\n" : "x";
            int drops = 0;
            for (; drops < 50 && !client.readable(10); ++drops) {
                client.send(drop);
                clock.advance(std::chrono::seconds(2));
            }
            test::raw_answer const answer = client.receive();
            BOOST_TEST(answer.status == 408);
            BOOST_TEST(answer.body == "timeout_body");
            BOOST_TEST(answer.says_close());
            BOOST_TEST(drops < 15);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_slow_but_steady_body_arrives)
{
    test::test_service service;
    clock_hand clock(service.port());
    test::raw_client client(service.port());
    client.send(post("/pieces", "Content-Length: 409600"));
    for (int i = 0; i < 100; ++i) {
        client.send(std::string(4096, 'x'));
        clock.advance(std::chrono::seconds(2));
    }
    test::raw_answer const answer = client.receive();
    BOOST_TEST(answer.status == 200);
    BOOST_TEST(answer.body == "409600");
}

BOOST_AUTO_TEST_CASE(without_a_rate_a_drip_may_take_its_time)
{
    transports::listen_options options;
    options.limits.body_rate = 0;
    test::test_service service(options);
    clock_hand clock(service.port());
    test::raw_client client(service.port());
    client.send(post("/pieces", "Content-Length: 20"));
    for (int i = 0; i < 20; ++i) {
        client.send("x");
        clock.advance(std::chrono::seconds(2));
    }
    BOOST_TEST(client.receive().body == "20");
}

BOOST_AUTO_TEST_CASE(bodies_beyond_the_budget_are_refused_before_they_are_read)
{
    test::test_service service(with_budget(2 * first_block + 1000));
    test::raw_client first(service.port());
    test::raw_client second(service.port());
    announce(first, 200'000);
    announce(second, 200'000);
    for (std::string_view const framing : {"Content-Length: 200000", "Transfer-Encoding: chunked"}) {
        test::raw_client third(service.port());
        third.send(post("/", framing));
        test::raw_answer const refusal = third.receive();
        BOOST_TEST(refusal.status == 503);
        BOOST_TEST(refusal.says_close());
        BOOST_TEST(refusal.field("retry-after").value_or("") == "1");
        BOOST_TEST(third.ended());
    }
    // What needs no memory of the budget goes on.
    test::raw_client small(service.port());
    small.send(get("/"));
    BOOST_TEST(small.receive().status == 200);
    small.send(post("/", "Content-Length: 3") + "abc");
    BOOST_TEST(small.receive().body == "POST / 3");
}

BOOST_AUTO_TEST_CASE(the_budget_is_free_again_after_the_answer)
{
    test::test_service service(with_budget(2 * first_block));
    for (int i = 0; i < 5; ++i) {
        test::raw_client client(service.port());
        client.send(post("/", "Content-Length: 150000") + std::string(150'000, 'x'));
        BOOST_TEST(client.receive().body == "POST / 150000");
        // The second answer comes after the first request has ended.
        client.send(get("/"));
        BOOST_TEST(client.receive().status == 200);
    }
}

BOOST_AUTO_TEST_CASE(a_refused_body_gives_its_share_back)
{
    test::test_service service(with_budget(3 * first_block));
    for (int i = 0; i < 12; ++i) {
        test::raw_client client(service.port());
        client.send(post("/early", "Content-Length: 100000"));
        BOOST_TEST(client.receive().status == 401);
        client.half_close();
        BOOST_TEST(client.ended());
    }
}

BOOST_AUTO_TEST_CASE(a_body_that_outgrows_the_budget_is_given_up)
{
    transports::listen_options const little = with_budget(first_block + 1000);
    test::test_service service(little);
    test::raw_client sized(service.port());
    sized.send(post("/", "Content-Length: 300000") + std::string(first_block, 'x'));
    test::raw_answer answer = sized.receive();
    BOOST_TEST(answer.status == 503);
    BOOST_TEST(answer.body == "body_memory");
    BOOST_TEST(answer.says_close());
    BOOST_TEST(sized.ended());

    test::test_service another(little);
    test::raw_client chunked(another.port());
    std::string const chunk = "4000\r\n" + std::string(0x4000, 'x') + "\r\n";
    chunked.send(post("/", "Transfer-Encoding: chunked"));
    for (int i = 0; i < 9; ++i) {
        chunked.send(chunk);
    }
    answer = chunked.receive();
    BOOST_TEST(answer.status == 503);
    BOOST_TEST(answer.body == "body_memory");
}

BOOST_AUTO_TEST_CASE(in_pieces_a_body_needs_one_block_whatever_its_size)
{
    test::test_service service(with_budget(first_block));
    test::raw_client client(service.port());
    client.send(post("/pieces", "Content-Length: 1000000") + std::string(1'000'000, 'x'));
    BOOST_TEST(client.receive().body == "1000000");
}

BOOST_AUTO_TEST_SUITE_END()
