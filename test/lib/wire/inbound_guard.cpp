#include "lib/wire/inbound_guard.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace cogate::wire;
using namespace std::string_literals;

namespace {

/// Plays the parser: splits a well-formed head into lines and feeds them, without opinions of its own.
void parse_into(inbound_guard& guard, std::string_view head)
{
    bool first = true;
    while (!head.empty()) {
        const std::size_t end = head.find("\r\n");
        const std::string_view line = head.substr(0, end);
        head.remove_prefix(end == std::string_view::npos ? head.size() : end + 2);
        if (first) {
            const std::size_t a = line.find(' ');
            const std::size_t b = line.rfind(' ');
            const std::string_view version = line.substr(b + 1);
            guard.request_line(line.substr(0, a), line.substr(a + 1, b - a - 1),
                               version == "HTTP/1.1"   ? 11
                               : version == "HTTP/1.0" ? 10
                                                       : 99);
        } else if (!line.empty()) {
            const std::size_t colon = line.find(':');
            guard.field(line.substr(0, colon), line.substr(colon + 1));
        }
        first = false;
    }
}

/// Status the guard gives to a whole head; 200 when it passes.
int judge(const std::string& head, inbound_guard& guard)
{
    guard.reset();
    const std::size_t used = guard.raw_head(head);
    if (guard.result().ok) {
        BOOST_TEST(guard.raw_head_done());
        BOOST_TEST(used == head.size());
        parse_into(guard, head);
        guard.finish();
    }
    BOOST_TEST(guard.result().ok == (guard.result().status == 200));
    return guard.result().status;
}

int judge(const std::string& head)
{
    inbound_guard guard;
    return judge(head, guard);
}

/// A POST to `/` with a good Host and these fields.
std::string post(std::string_view fields)
{
    return "POST / HTTP/1.1\r\nHost: localhost:8080\r\n" + std::string(fields) + "\r\n";
}

std::string get(std::string_view request_line, std::string_view host = "localhost:8080")
{
    return std::string(request_line) + "\r\nHost: " + std::string(host) + "\r\n\r\n";
}

} // namespace

BOOST_AUTO_TEST_SUITE(wire_inbound_guard)

BOOST_AUTO_TEST_CASE(good_heads_pass_with_their_facts)
{
    inbound_guard guard;
    BOOST_TEST(
        judge(post("Content-Length: 5 \r\nContent-Type: application/json\r\nAuthorization: Bearer x\r\n"
                   "x-api-key: y\r\nX-Custom_Field: ok\r\nX-Latin: \xE9\r\nX-Tab: a\tb\r\n"),
              guard) == 200);
    BOOST_TEST((guard.facts().content_length == 5U));
    BOOST_TEST(!guard.facts().chunked);
    BOOST_TEST(guard.facts().keep_alive);
    BOOST_TEST(!guard.facts().expect_continue);
    BOOST_TEST(guard.facts().host == "localhost:8080");

    BOOST_TEST(judge(post("Transfer-Encoding: \tChunked \r\nConnection: x, Close\r\n"), guard) == 200);
    BOOST_TEST(guard.facts().chunked);
    BOOST_TEST(!guard.facts().content_length.has_value());
    BOOST_TEST(!guard.facts().keep_alive);

    BOOST_TEST(judge(post("Content-Length: 0\r\nExpect: 100-Continue\r\n"), guard) == 200);
    BOOST_TEST(guard.facts().expect_continue);

    BOOST_TEST(judge("GET / HTTP/1.0\r\n\r\n", guard) == 200);
    BOOST_TEST(!guard.facts().keep_alive);
    BOOST_TEST(guard.facts().host.empty());
    BOOST_TEST(judge("GET / HTTP/1.0\r\nConnection: keep-alive\r\nExpect: 100-continue\r\n\r\n", guard) ==
               200);
    BOOST_TEST(guard.facts().keep_alive);
    BOOST_TEST(!guard.facts().expect_continue);

    BOOST_TEST(judge(post("Connection: Upgrade\r\nUpgrade: websocket\r\nContent-Encoding: identity\r\n"),
                     guard) == 200);
    BOOST_TEST(judge(get("OPTIONS * HTTP/1.1"), guard) == 200);
    BOOST_TEST(judge(get("get /x?y=%20&z={} HTTP/1.1"), guard) == 200);
}

BOOST_AUTO_TEST_CASE(framing_fields)
{
    const std::pair<const char*, int> rows[] = {
        {"Content-Length: abc\r\n", 400},
        {"Content-Length: +5\r\n", 400},
        {"Content-Length: -1\r\n", 400},
        {"Content-Length: -0\r\n", 400},
        {"Content-Length: 005\r\n", 400},
        {"Content-Length: 00\r\n", 400},
        {"Content-Length: 0o5\r\n", 400},
        {"Content-Length: 0x5\r\n", 400},
        {"Content-Length: 1 0\r\n", 400},
        {"Content-Length: 1_0\r\n", 400},
        {"Content-Length: 5, 5\r\n", 400},
        {"Content-Length: 5,\r\n", 400},
        {"Content-Length: \r\n", 400},
        {"Content-Length: 99999999999999999999\r\n", 400},
        {"Content-Length: 5\r\nContent-Length: 5\r\n", 400},
        {"Content-Length: 5\r\ncontent-length: 10\r\n", 400},
        {"Content-Length: 33554432\r\n", 200},
        {"Content-Length: 33554433\r\n", 413},
        {"Content-Length: 18446744073709551615\r\n", 413},
        {"Content-Length:\t5\r\n", 200},
        {"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n", 400},
        {"Transfer-Encoding: chunked\r\nContent-Length: 6\r\n", 400},
        {"Transfer-Encoding: gzip\r\n", 501},
        {"Transfer-Encoding: gzip, chunked\r\n", 501},
        {"Transfer-Encoding: xchunked\r\n", 400},
        {"Transfer-Encoding: identity\r\n", 400},
        {"Transfer-Encoding: \r\n", 400},
        {"Transfer-Encoding: chunked, gzip\r\n", 400},
        {"Transfer-Encoding: chunked, chunked\r\n", 400},
        {"Transfer-Encoding: chunked,\r\n", 400},
        {"Transfer-Encoding: , chunked\r\n", 400},
        {"Transfer-Encoding: chunked;ext=val\r\n", 400},
        {"Transfer-Encoding: \"chunked\"\r\n", 400},
        {"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", 400},
        {"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", 400},
        {"Transfer-Encoding: \x0b"
         "chunked\r\n",
         400},
        {"Transfer-Encoding: \x0c"
         "chunked\r\n",
         400},
        {"Transfer_Encoding: chunked\r\n", 400},
        {"Content_Length: 5\r\n", 400},
        {"content_LENGTH: 5\r\n", 400},
    };
    for (const auto& [fields, want] : rows) {
        BOOST_TEST(judge(post(fields)) == want, fields);
    }
    BOOST_TEST(judge("POST / HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n") == 400);
    BOOST_TEST(judge(post("Transfer-Encoding: chunked\0\r\n"s)) == 400);
}

BOOST_AUTO_TEST_CASE(other_fields)
{
    const std::pair<const char*, int> rows[] = {
        {"Host: localhost:8080\r\n", 400},
        {"host: other\r\n", 400},
        {"Authorization: a\r\nauthorization: a\r\n", 400},
        {"x-api-key: a\r\nX-Api-Key: b\r\n", 400},
        {"api-key: a\r\napi-key: b\r\n", 400},
        {"Content-Type: a/b\r\nContent-Type: a/b\r\n", 400},
        {"x_api_key: a\r\n", 400},
        {"x-api_key: a\r\n", 400},
        {"Content_Type: a/b\r\n", 400},
        {"Proxy_Authorization: a\r\n", 400},
        {"Expect: 200-ok\r\n", 417},
        {"Expect: 100-continue, x\r\n", 417},
        {"Content-Encoding: gzip\r\n", 415},
        {"Content-Encoding: identity, gzip\r\n", 415},
        {"Connection: close\r\nConnection: keep-alive\r\n", 200},
        {"Connection: , close,\r\n", 200},
        {"Connection: close;q=1\r\n", 400},
        {"Connection: keep-alive close\r\n", 400},
        {"X-A: 1\r\nX-A: 2\r\nx_a: 3\r\n", 200},
    };
    for (const auto& [fields, want] : rows) {
        BOOST_TEST(judge(post(fields)) == want, fields);
    }
}

BOOST_AUTO_TEST_CASE(hosts)
{
    for (const char* good :
         {"h", "localhost:8080", "a.b-c_d.example", "127.0.0.1:1", "[::1]", "[::1]:4000", "H.EXAMPLE"}) {
        BOOST_TEST(judge(get("GET / HTTP/1.1", good)) == 200, good);
    }
    for (const char* bad : {"",         "user@h",  "h/path",  "h:80/path", "h, i",      "h i",    "h:",
                            "h:0",      "h:65536", "h:80:80", "::1",       "[::1",      "[::1]x", "[::g]",
                            "http://h", "h?q",     "h#f",     "h\\x",      "h\xC3\xA9", "\"h\"",  "h%00"}) {
        BOOST_TEST(judge(get("GET / HTTP/1.1", bad)) == 400, bad);
    }
    BOOST_TEST(judge("GET / HTTP/1.1\r\n\r\n") == 400);
    BOOST_TEST(judge("GET / HTTP/1.0\r\nHost: a@b\r\n\r\n") == 400);
}

BOOST_AUTO_TEST_CASE(targets_and_methods)
{
    const std::pair<std::string, int> rows[] = {
        {get("GET * HTTP/1.1"), 400},
        {get("CONNECT example.com:443 HTTP/1.1", "example.com:443"), 405},
        {get("TRACE / HTTP/1.1"), 405},
        {get("GET /path#frag HTTP/1.1"), 400},
        {get("GET /path\\file HTTP/1.1"), 400},
        {get("GET path HTTP/1.1"), 400},
        {get("GET /\xC3\xAB HTTP/1.1"), 400},
        {get("GET /\xC0\xAF HTTP/1.1"), 400},
        {get("GET / HTTP/1.2"), 505},
        {get("GET / HTTP/9.9"), 505},
        {get("GET / HTTP/1"), 505},
        {get("GET / HTTP/01.01"), 505},
        {get("G@T / HTTP/1.1"), 400},
        {get(std::string(33, 'G') + " / HTTP/1.1"), 400},
        {get("GET http://localhost:8080/x HTTP/1.1"), 200},
        {get("GET HTTP://LOCALHOST:8080 HTTP/1.1"), 200},
        {get("GET http://h:80/ HTTP/1.1", "h"), 200},
        {get("GET https://h/ HTTP/1.1", "h:443"), 200},
        {get("GET https://h/ HTTP/1.1", "h:80"), 400},
        {get("GET http://other.example.com/ HTTP/1.1"), 400},
        {get("GET http://localhost/ HTTP/1.1"), 400},
        {get("GET http://u@localhost:8080/ HTTP/1.1"), 400},
        {get("GET http:///x HTTP/1.1"), 400},
        {get("GET http://localhost:8080?x HTTP/1.1"), 400},
        {get("GET ftp://localhost:8080/ HTTP/1.1"), 400},
        {"GET http://h/ HTTP/1.0\r\n\r\n", 400},
        {get("GET /" + std::string(8 * 1024 - 1, 'a') + " HTTP/1.1"), 200},
        {get("GET /" + std::string(8 * 1024, 'a') + " HTTP/1.1"), 414},
        {get("GET /" + std::string(100 * 1024, 'a') + " HTTP/1.1"), 414},
    };
    for (const auto& [head, want] : rows) {
        BOOST_TEST(judge(head) == want, head.substr(0, 60));
    }
    BOOST_TEST(origin_form("/a?b") == "/a?b");
    BOOST_TEST(origin_form("*") == "*");
    BOOST_TEST(origin_form("http://h:1/a?b") == "/a?b");
    BOOST_TEST(origin_form("HTTPS://h") == "/");
}

BOOST_AUTO_TEST_CASE(raw_faults_in_every_split)
{
    const std::pair<std::string, int> rows[] = {
        {"GET / HTTP/1.1\nHost: h\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nHost: h\nX: y\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nHost: h\r\n\n", 400},
        {"GET / HTTP/1.1\rHost: h\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nHost: h\r\nX: a\rb\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nHost: h\r\n\rX", 400},
        {"GET / HTTP/1.1\r\nX: a\r\n b\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nX: a\r\n\tb\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\n \r\nHost: h\r\n\r\n", 400},
        {"POST / HTTP/1.1\r\nTransfer-Encoding:\r\n chunked\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nX: a\0b\r\n\r\n"s, 400},
        {"GET / HTTP/1.1\r\nX: a\x07"
         "b\r\n\r\n",
         400},
        {"GET / HTTP/1.1\r\nX: a\x7f\r\n\r\n", 400},
        {"GET /\0 HTTP/1.1\r\n\r\n"s, 400},
        {"GET\t/ HTTP/1.1\r\n\r\n", 400},
        {"GET  / HTTP/1.1\r\n\r\n", 400},
        {"GET /  HTTP/1.1\r\n\r\n", 400},
        {"GET / HTTP/ 1.1\r\n\r\n", 400},
        {" GET / HTTP/1.1\r\n\r\n", 400},
        {"GET / HTTP/1.1 \r\n\r\n", 400},
        {"GET HTTP/1.1\r\n\r\n", 400},
        {"GET / \r\n", 400},
        {"GET /\r\n", 400},
        {"\r\n\r\nGET / HTTP/1.1\r\n\r\n", 400},
        {"   \r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nX : a\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nX[]: a\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\n: a\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nNoColon\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nX\xC3\xAB: a\r\n\r\n", 400},
    };
    for (const auto& [head, want] : rows) {
        BOOST_TEST_CONTEXT(head)
        {
            for (std::size_t split = 0; split <= head.size(); ++split) {
                inbound_guard guard;
                guard.raw_head(std::string_view(head).substr(0, split));
                guard.raw_head(std::string_view(head).substr(split));
                BOOST_TEST(guard.result().status == want, "split at " << split);
                BOOST_TEST(!guard.raw_head_done());
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(the_raw_head_ends_at_its_blank_line_in_every_split)
{
    const std::string head = "POST /v1 HTTP/1.1\r\nHost: h\r\nX-Empty:\r\nX: a:b\tc \r\n\r\n";
    const std::string bytes = head + "{\n\r\0 body \x01"s;
    for (std::size_t split = 0; split <= bytes.size(); ++split) {
        inbound_guard guard;
        const std::size_t first = guard.raw_head(std::string_view(bytes).substr(0, split));
        BOOST_TEST(first == std::min(split, head.size()));
        const std::size_t second = guard.raw_head(std::string_view(bytes).substr(split));
        BOOST_TEST(first + second == head.size());
        BOOST_TEST(guard.raw_head_done());
        BOOST_TEST(guard.result().ok);
    }
}

BOOST_AUTO_TEST_CASE(limits)
{
    std::string fields;
    for (int i = 0; i < 99; ++i) {
        fields += "X-" + std::to_string(i) + ": v\r\n";
    }
    BOOST_TEST(judge(post(fields)) == 200);
    BOOST_TEST(judge(post(fields + "X-More: v\r\n")) == 431);
    BOOST_TEST(judge(post("X: " + std::string(16 * 1024, 'v') + "\r\n")) == 431);
    BOOST_TEST(judge(post(std::string(16 * 1024, 'n') + ": v\r\n")) == 431);
    const std::size_t rest = post("X: \r\n").size();
    BOOST_TEST(judge(post("X: " + std::string(16 * 1024 - rest, 'v') + "\r\n")) == 200);

    inbound_limits small;
    small.max_fields = 2;
    small.max_body_bytes = 10;
    inbound_guard guard(small);
    BOOST_TEST(judge(post("Content-Length: 10\r\n"), guard) == 200);
    BOOST_TEST(judge(post("Content-Length: 11\r\n"), guard) == 413);
    BOOST_TEST(judge(post("A: 1\r\nB: 2\r\n"), guard) == 431);
    guard.reset();
    guard.raw_head(post("A: 1\r\nB: 2\r\n"));
    BOOST_TEST(guard.result().status == 431);
}

BOOST_AUTO_TEST_CASE(fields_are_checked_without_the_raw_pass_too)
{
    inbound_guard guard;
    BOOST_TEST(guard.request_line("GET", "/", 11));
    BOOST_TEST(guard.field("Host", "h"));
    BOOST_TEST(!guard.field("X", "a\r\nY: b"));
    BOOST_TEST(guard.result().status == 400);
    guard.reset();
    BOOST_TEST(!guard.request_line("GET", "", 11));
    guard.reset();
    guard.request_line("GET", "/", 11);
    BOOST_TEST(!guard.field("X Y", "a"));
    guard.reset();
    guard.request_line("GET", "/", 11);
    for (int i = 0; i < 100; ++i) {
        BOOST_TEST(guard.field("X", "a"));
    }
    BOOST_TEST(!guard.field("X", "a"));
    BOOST_TEST(guard.result().status == 431);
}

BOOST_AUTO_TEST_CASE(the_first_refusal_is_final)
{
    inbound_guard guard;
    BOOST_TEST(!guard.request_line("CONNECT", "h:1", 11));
    BOOST_TEST(!guard.field("Host", "h"));
    BOOST_TEST(!guard.field("Content-Encoding", "gzip"));
    BOOST_TEST(guard.finish().status == 405);
    BOOST_TEST(!guard.facts().keep_alive);
    guard.reset();
    BOOST_TEST(guard.result().ok);
    BOOST_TEST(judge(get("GET / HTTP/1.1"), guard) == 200);
}

BOOST_AUTO_TEST_CASE(trailers)
{
    const std::pair<const char*, bool> rows[] = {
        {"X-Checksum", true},         {"Server-Timing", true},   {"Content-Length", false},
        {"transfer-encoding", false}, {"Host", false},           {"Authorization", false},
        {"x-api-key", false},         {"x_api_key", false},      {"Content-Type", false},
        {"Connection", false},        {"content_length", false}, {"Proxy-Authorization", false},
        {"x-goog-api-key", false},    {"bad name", false},       {"", false},
    };
    for (const auto& [name, want] : rows) {
        inbound_guard guard;
        BOOST_TEST(judge(post("Transfer-Encoding: chunked\r\n"), guard) == 200);
        BOOST_TEST(guard.trailer(name, "v") == want, name);
        BOOST_TEST(guard.result().status == (want ? 200 : 400));
        BOOST_TEST(guard.facts().keep_alive == want);
    }
    inbound_guard guard;
    judge(post("Transfer-Encoding: chunked\r\n"), guard);
    BOOST_TEST(!guard.trailer("X", "a\nb"));
    judge(post("Transfer-Encoding: chunked\r\n"), guard);
    BOOST_TEST(!guard.trailer("X", std::string(9000, 'v')));
    BOOST_TEST(guard.result().status == 431);
}

BOOST_AUTO_TEST_SUITE_END()
