#include "test/transports/listener/test_client.hpp"
#include "test/transports/listener/test_service.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

// Requests and answers on a real connection.
BOOST_AUTO_TEST_SUITE(transports_listener_requests)

namespace {

using namespace cogate;

std::string get(std::string_view target)
{
    return "GET " + std::string(target) + " HTTP/1.1\r\nHost: a\r\n\r\n";
}

std::string post(std::string_view target, std::string_view body, std::string_view fields = "")
{
    return "POST " + std::string(target) +
           " HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
           std::string(fields) + "\r\n" + std::string(body);
}

std::string chunked(std::string_view target, std::string_view chunks)
{
    return "POST " + std::string(target) + " HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" +
           std::string(chunks);
}

} // namespace

BOOST_AUTO_TEST_CASE(three_requests_use_one_connection)
{
    test::test_service service;
    test::raw_client client(service.port());
    for (int i = 0; i < 3; ++i) {
        client.send(post("/n" + std::to_string(i), "hello"));
        test::raw_answer const answer = client.receive();
        BOOST_TEST(answer.status == 200);
        BOOST_TEST(answer.body == "POST /n" + std::to_string(i) + " 5");
        BOOST_TEST(!answer.says_close());
    }
    BOOST_TEST(service.listener().connections() == 1U);
}

BOOST_AUTO_TEST_CASE(pipelined_requests_are_answered_in_order)
{
    test::test_service service;
    test::raw_client client(service.port());
    client.send(post("/1", "a") + chunked("/2", "2\r\nbb\r\n0\r\n\r\n") + get("/3"));
    client.half_close();
    BOOST_TEST(client.receive().body == "POST /1 1");
    BOOST_TEST(client.receive().body == "POST /2 2");
    BOOST_TEST(client.receive().body == "GET /3 0");
    BOOST_TEST(client.ended());
}

BOOST_AUTO_TEST_CASE(many_pipelined_requests_wrap_around_the_buffer)
{
    test::test_service service;
    test::raw_client client(service.port());
    std::string all;
    for (int i = 0; i < 300; ++i) {
        all += post("/text",
                    std::string(static_cast<std::size_t>(i * 7 % 900), static_cast<char>('a' + i % 26)));
    }
    client.send(all);
    for (int i = 0; i < 300; ++i) {
        std::string const body(static_cast<std::size_t>(i * 7 % 900), static_cast<char>('a' + i % 26));
        BOOST_REQUIRE(client.receive().body == body);
    }
}

BOOST_AUTO_TEST_CASE(a_request_may_come_in_two_parts_split_anywhere)
{
    test::test_service service;
    test::raw_client client(service.port());
    std::string const whole[] = {
        post("/text", "hello world"),
        chunked("/text", "5;a=b\r\nhello\r\n6\r\n world\r\n0\r\nX-Sum: 1\r\n\r\n"),
    };
    for (std::string const& request : whole) {
        for (std::size_t cut = 1; cut < request.size(); ++cut) {
            client.send(request.substr(0, cut));
            // Makes it likely, not certain, that the parts are read apart; both ways must work.
            test::raw_client other(service.port());
            other.send(get("/"));
            BOOST_REQUIRE(other.receive().status == 200);
            client.send(request.substr(cut));
            test::raw_answer const answer = client.receive();
            BOOST_REQUIRE_MESSAGE(answer.body == "hello world", "cut at " << cut << ": " << answer.body);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_request_may_come_byte_by_byte)
{
    test::test_service service;
    test::raw_client client(service.port());
    std::string const both = post("/text", "hello") + chunked("/text", "3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n");
    for (char const c : both) {
        client.send(std::string_view(&c, 1));
    }
    BOOST_TEST(client.receive().body == "hello");
    BOOST_TEST(client.receive().body == "hello");
}

BOOST_AUTO_TEST_CASE(bodies_of_all_sizes_arrive_unchanged)
{
    test::test_service service;
    test::raw_client client(service.port());
    for (std::size_t const size : {0U, 1U, 7'000U, 8'192U, 15'300U, 16'384U, 40'000U, 300'000U, 3'000'000U}) {
        std::string body;
        for (std::size_t i = 0; i < size; ++i) {
            body.push_back(static_cast<char>('a' + i % 23));
        }
        client.send(post("/text", body));
        BOOST_TEST((client.receive().body == body), "with a length of " << size);
        std::string chunks;
        for (std::size_t at = 0; at < size; at += 10'007) {
            std::string const part = body.substr(at, 10'007);
            char digits[17];
            std::snprintf(digits, sizeof digits, "%zx", part.size());
            chunks += std::string(digits) + "\r\n" + part + "\r\n";
        }
        client.send(chunked("/text", chunks + "0\r\n\r\n"));
        BOOST_TEST((client.receive().body == body), "in chunks, " << size);
    }
    BOOST_TEST(service.listener().connections() == 1U);
}

BOOST_AUTO_TEST_CASE(too_large_requests_are_refused)
{
    transports::listen_options options;
    options.limits.body_bytes = 1000;
    test::test_service service(options);
    struct {
        std::string request;
        int status;
    } const cases[] = {
        {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\n\r\n", 413},
        {chunked("/", "3e9\r\n"), 413},
        {chunked("/", "3e8\r\n" + std::string(1000, 'x') + "\r\n1\r\n"), 413},
        {chunked("/", "5;a=" + std::string(9000, 'x')), 400},
        {chunked("/", "0\r\nX: " + std::string(9000, 'x')), 400},
        {chunked("/", "5x\r\n"), 400},
        {"GET /" + std::string(9000, 'x') + " HTTP/1.1\r\nHost: a\r\n\r\n", 414},
        {"GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(17'000, 'x') + "\r\n\r\n", 431},
    };
    for (auto const& one : cases) {
        test::raw_client client(service.port());
        client.send(one.request);
        test::raw_answer const answer = client.receive();
        BOOST_TEST(answer.status == one.status, one.request.substr(0, 80) << " gave " << answer.status);
        BOOST_TEST(answer.says_close());
        BOOST_TEST(client.ended());
    }
    test::raw_client client(service.port());
    client.send(post("/", std::string(1000, 'x')));
    BOOST_TEST(client.receive().status == 200);
}

BOOST_AUTO_TEST_CASE(a_refusal_of_the_listener_is_json)
{
    test::test_service service;
    test::raw_client client(service.port());
    client.send("GET / HTTP/1.1\r\n\r\n");
    test::raw_answer const answer = client.receive();
    BOOST_TEST(answer.status == 400);
    BOOST_TEST(answer.field("content-type").value_or("") == "application/json");
    BOOST_TEST(answer.body == R"({"error":{"message":"missing Host","status":400}})");
    BOOST_TEST(client.ended());
}

BOOST_AUTO_TEST_CASE(continue_is_sent_only_while_the_body_is_missing)
{
    test::test_service service;
    test::raw_client client(service.port());
    std::string const request = post("/text", "hello", "Expect: 100-continue\r\n");
    client.send(request.substr(0, request.size() - 5));
    BOOST_TEST(client.receive().status == 100);
    client.send("hello");
    BOOST_TEST(client.receive().body == "hello");
    client.send(request);
    BOOST_TEST(client.receive().body == "hello");
}

BOOST_AUTO_TEST_CASE(an_answer_before_a_missing_body_closes)
{
    test::test_service service;
    test::raw_client client(service.port());
    client.send("POST /early HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\n" +
                std::string(100'000, 'x'));
    test::raw_answer const answer = client.receive();
    BOOST_TEST(answer.status == 401);
    BOOST_TEST(answer.says_close());
    client.half_close();
    BOOST_TEST(client.ended());
}

BOOST_AUTO_TEST_CASE(an_answer_before_a_body_that_is_there_goes_on)
{
    test::test_service service;
    test::raw_client client(service.port());
    client.send(post("/early", "hello") + get("/next"));
    test::raw_answer const answer = client.receive();
    BOOST_TEST(answer.status == 401);
    BOOST_TEST(!answer.says_close());
    BOOST_TEST(client.receive().body == "GET /next 0");
}

BOOST_AUTO_TEST_CASE(the_client_decides_when_to_close)
{
    test::test_service service;
    for (std::string_view const request :
         {"GET / HTTP/1.0\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"}) {
        test::raw_client client(service.port());
        client.send(request);
        test::raw_answer const answer = client.receive();
        BOOST_TEST(answer.status == 200);
        BOOST_TEST(answer.says_close());
        BOOST_TEST(client.ended());
    }
}

BOOST_AUTO_TEST_CASE(one_empty_line_before_a_request_is_forgiven)
{
    test::test_service service;
    test::raw_client client(service.port());
    client.send("\r\n" + get("/a") + "\r\n" + get("/b"));
    BOOST_TEST(client.receive().body == "GET /a 0");
    BOOST_TEST(client.receive().body == "GET /b 0");
    client.send("\r\n\r\n" + get("/c"));
    BOOST_TEST(client.receive().status == 400);
    BOOST_TEST(client.ended());
}

BOOST_AUTO_TEST_CASE(a_failing_handler_harms_nobody_else)
{
    test::test_service service;
    test::raw_client before(service.port());
    before.send(get("/throw"));
    test::raw_answer const answer = before.receive();
    BOOST_TEST(answer.status == 500);
    BOOST_TEST(answer.says_close());
    BOOST_TEST(before.ended());

    test::raw_client after(service.port());
    after.send(get("/throw-late"));
    BOOST_TEST(after.receive().body == "half");
    BOOST_TEST(after.ended());

    test::raw_client silent(service.port());
    silent.send(get("/silent"));
    BOOST_TEST(silent.receive().status == 500);

    test::raw_client other(service.port());
    other.send(get("/"));
    BOOST_TEST(other.receive().status == 200);
}

BOOST_AUTO_TEST_SUITE_END()
