#include "lib/wire/head_builder.hpp"

#include "lib/wire/header.hpp"

#include <boost/test/unit_test.hpp>

#include <functional>

using namespace cogate::wire;
using namespace std::string_literals;

BOOST_AUTO_TEST_SUITE(wire_head_builder)

BOOST_AUTO_TEST_CASE(request_golden)
{
    std::string out = "before";
    request_head_builder head(out);
    head.start("POST", "/v1", "/chat/completions?x=1");
    head.add("Host", "api.example.com:8443").add("Authorization", "Bearer sk-1").content_length(42);
    head.add("x-count", 7).add("x-empty", "").add("x-tab", "a\tb").add("x-high", "\xC3\xA9");
    BOOST_TEST(head.finish());
    BOOST_TEST(out == "beforePOST /v1/chat/completions?x=1 HTTP/1.1\r\nHost: api.example.com:8443\r\n"
                      "Authorization: Bearer sk-1\r\nContent-Length: 42\r\nx-count: 7\r\nx-empty: \r\n"
                      "x-tab: a\tb\r\nx-high: \xC3\xA9\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(response_golden)
{
    std::string out;
    response_head_builder head(out);
    head.start(429).add("Retry-After", 3).chunked();
    BOOST_TEST(head.finish());
    BOOST_TEST(out ==
               "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 3\r\nTransfer-Encoding: chunked\r\n\r\n");
    out.clear();
    response_head_builder unknown(out);
    unknown.start(599);
    BOOST_TEST(unknown.finish());
    BOOST_TEST(out == "HTTP/1.1 599 \r\n\r\n");
}

BOOST_AUTO_TEST_CASE(every_control_character_poisons)
{
    for (int c = 0; c < 256; ++c) {
        const bool legal = c == '\t' || (c >= 0x20 && c != 0x7f);
        std::string out = "kept";
        response_head_builder head(out);
        head.start(200).add("x-test", "a"s + static_cast<char>(c) + "b").add("x-more", "fine");
        BOOST_TEST(head.finish() == legal, "byte " << c);
        BOOST_TEST((legal || out == "kept"));
    }
}

BOOST_AUTO_TEST_CASE(the_wide_value_scan_equals_the_table)
{
    for (std::size_t size = 1; size < 28; ++size) {
        for (std::size_t at = 0; at < size; ++at) {
            for (int c = 0; c < 256; ++c) {
                std::string text(size, c % 2 == 0 ? '\t' : '\xFF');
                text[at] = static_cast<char>(c);
                const std::size_t want = has_class(text[at], char_value) ? size : at;
                BOOST_REQUIRE(field_value_prefix(text) == want);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(every_byte_of_a_name_must_be_a_token)
{
    for (int c = 0; c < 256; ++c) {
        const char byte = static_cast<char>(c);
        const bool alnum = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        const bool legal = alnum || (c != 0 && "!#$%&'*+-.^_`|~"s.find(byte) != std::string::npos);
        std::string out;
        response_head_builder head(out);
        head.start(200).add("x"s + byte, "v");
        BOOST_TEST(head.finish() == legal, "byte " << c);
        BOOST_TEST(valid_field_name("x"s + byte) == legal);
    }
}

BOOST_AUTO_TEST_CASE(refused_heads_leave_the_string_alone)
{
    using build = std::function<void(request_head_builder&)>;
    const std::pair<const char*, build> rows[] = {
        {"no start", [](auto& h) { h.add("a", "b"); }},
        {"two starts", [](auto& h) { h.start("GET", "/").start("GET", "/"); }},
        {"empty method", [](auto& h) { h.start("", "/"); }},
        {"method with space", [](auto& h) { h.start("GET /x", "/"); }},
        {"empty target", [](auto& h) { h.start("GET", ""); }},
        {"target with space", [](auto& h) { h.start("GET", "/a HTTP/1.1"); }},
        {"target with CRLF", [](auto& h) { h.start("GET", "/\r\nX: y"); }},
        {"target with NUL", [](auto& h) { h.start("GET", std::string_view("/\0", 2)); }},
        {"target not ASCII", [](auto& h) { h.start("GET", "/\xC3\xA9"); }},
        {"target with fragment", [](auto& h) { h.start("GET", "/a#b"); }},
        {"bad base path", [](auto& h) { h.start("GET", "/a b", "/c"); }},
        {"empty name", [](auto& h) { h.start("GET", "/").add("", "b"); }},
        {"injected line", [](auto& h) { h.start("GET", "/").add("a", "b\r\nc: d"); }},
        {"two lengths", [](auto& h) { h.start("GET", "/").content_length(1).content_length(1); }},
        {"length and chunked", [](auto& h) { h.start("GET", "/").content_length(1).chunked(); }},
        {"length by name", [](auto& h) { h.start("GET", "/").chunked().add("content-length", "5"); }},
        {"bad length", [](auto& h) { h.start("GET", "/").add("Content-Length", "5, 5"); }},
        {"coding by name", [](auto& h) { h.start("GET", "/").add("transfer-encoding", "gzip"); }},
        {"two hosts", [](auto& h) { h.start("GET", "/").add("Host", "a").add("host", "a"); }},
    };
    for (const auto& [name, apply] : rows) {
        std::string out = "kept";
        request_head_builder head(out);
        apply(head);
        BOOST_TEST(!head.ok(), name);
        head.add("x-late", "fine");
        BOOST_TEST(!head.finish(), name);
        BOOST_TEST(out == "kept", name);
    }
    std::string out = "kept";
    response_head_builder status(out);
    status.start(99);
    BOOST_TEST(!status.finish());
    BOOST_TEST(out == "kept");
}

BOOST_AUTO_TEST_CASE(framing_by_name_is_counted_too)
{
    std::string out;
    request_head_builder head(out);
    head.start("GET", "/").add("Content-Length", 12);
    BOOST_TEST(head.finish());
    BOOST_TEST(out == "GET / HTTP/1.1\r\nContent-Length: 12\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(find_ignores_case)
{
    const header fields[] = {{"Content-Type", "a"}, {"X-A", "1"}, {"x-a", "2"}};
    BOOST_TEST((find_header(fields, "content-type") == "a"));
    BOOST_TEST((find_header(fields, "X-a") == "1"));
    BOOST_TEST(!find_header(fields, "x-b").has_value());
    BOOST_TEST(valid_target("/a?b=%20"));
    BOOST_TEST(!valid_target(""));
    BOOST_TEST(!valid_target("/a b"));
}

BOOST_AUTO_TEST_CASE(a_block_of_fields_is_checked_once_and_copied)
{
    field_block block;
    BOOST_TEST(block.add("Host", "a.test"));
    BOOST_TEST(block.add("x-key", "secret"));
    BOOST_TEST(!block.add("Host", "b.test"));
    BOOST_TEST(!block.add("Content-Length", "5"));
    BOOST_TEST(!block.add("transfer-encoding", "chunked"));
    BOOST_TEST(!block.add("x-evil", "a\r\nb: c"));
    BOOST_TEST(!block.add("x evil", "a"));

    std::string out;
    request_head_builder head(out);
    head.start("POST", "/v1").add(block).content_length(3);
    BOOST_TEST(head.finish());
    BOOST_TEST(out == "POST /v1 HTTP/1.1\r\nHost: a.test\r\nx-key: secret\r\nContent-Length: 3\r\n\r\n");

    std::string twice;
    request_head_builder second(twice);
    second.start("POST", "/v1").add("host", "b.test").add(block);
    BOOST_TEST(!second.finish());
    BOOST_TEST(twice.empty());

    std::string early;
    request_head_builder third(early);
    third.add(block);
    BOOST_TEST(!third.finish());
}

BOOST_AUTO_TEST_SUITE_END()
