#include "lib/wire/head_splitter.hpp"

#include "lib/wire/raw_head_check.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

using namespace cogate::wire;

namespace {

std::size_t slow_prefix(std::string_view text, unsigned bits)
{
    std::size_t n = 0;
    while (n < text.size() && has_class(text[n], bits)) {
        ++n;
    }
    return n;
}

/// Whether a head passes, fed whole and byte by byte; both must agree.
bool passes(std::string_view head, raw_head_check::limits const& caps)
{
    raw_head_check whole(caps);
    const std::size_t used = whole.feed(head);
    raw_head_check bytes(caps);
    std::size_t taken = 0;
    for (std::size_t i = 0; i != head.size() && bytes.result().ok && !bytes.done(); ++i) {
        taken += bytes.feed(head.substr(i, 1));
    }
    if (whole.result().ok) {
        BOOST_TEST(used == taken);
    }
    BOOST_TEST(whole.done() == bytes.done());
    BOOST_TEST(std::string(whole.result().reason) == bytes.result().reason);
    BOOST_TEST(whole.result().status == bytes.result().status);
    return whole.done();
}

} // namespace

BOOST_AUTO_TEST_SUITE(wire_head_splitter)

BOOST_AUTO_TEST_CASE(takes_a_head_apart)
{
    const std::string head = "POST /v1/x?y=1 HTTP/1.1\r\nHost: a\r\nempty:\r\nX-B:\t two words \r\n\r\n";
    head_splitter split(head);
    const request_line line = split.take_request_line();
    BOOST_TEST(line.method == "POST");
    BOOST_TEST(line.target == "/v1/x?y=1");
    BOOST_TEST(line.version == 11u);
    std::vector<header> fields;
    for (header field; split.take_field(field);) {
        fields.push_back(field);
    }
    BOOST_TEST_REQUIRE(fields.size() == 3u);
    BOOST_TEST(fields[0].name == "Host");
    BOOST_TEST(fields[0].value == "a");
    BOOST_TEST(fields[1].name == "empty");
    BOOST_TEST(fields[1].value == "");
    BOOST_TEST(fields[2].value == "two words");
}

BOOST_AUTO_TEST_CASE(versions)
{
    const auto version = [](std::string const& text) {
        const std::string head = "GET / " + text + "\r\n\r\n";
        return head_splitter(head).take_request_line().version;
    };
    BOOST_TEST(version("HTTP/1.0") == 10u);
    BOOST_TEST(version("HTTP/2.0") == 20u);
    for (const char* text : {"HTTP/1", "HTTP/1.", "HTTP/11.1", "http/1.1", "HTTP/1.1x", "HTTP/1,1", "x"}) {
        BOOST_TEST(version(text) == 0u, text);
    }
}

BOOST_AUTO_TEST_CASE(prefixes_agree_with_the_table_at_every_place)
{
    for (std::size_t size = 0; size != 40; ++size) {
        const std::string plain(size, 'a');
        BOOST_TEST(token_prefix(plain) == size);
        BOOST_TEST(field_value_prefix(plain) == size);
        for (std::size_t place = 0; place != size; ++place) {
            for (int c = 0; c != 256; ++c) {
                std::string text = plain;
                text[place] = static_cast<char>(c);
                BOOST_TEST_REQUIRE(token_prefix(text) == slow_prefix(text, char_token), size << ' ' << c);
                BOOST_TEST_REQUIRE(field_value_prefix(text) == slow_prefix(text, char_value),
                                   size << ' ' << c);
            }
        }
    }
    const std::string tabs(50, '\t');
    BOOST_TEST(field_value_prefix(tabs) == tabs.size());
}

BOOST_AUTO_TEST_CASE(whole_lines_are_judged_as_bytes_are)
{
    const std::string head = "GET / HTTP/1.1\r\nHost: a.example\r\nUser_Agent: x/1\r\nb:\r\n\r\n";
    BOOST_TEST(passes(head, {}));
    for (std::size_t place = 0; place != head.size(); ++place) {
        for (const char c : {'\0', '\t', '\n', '\r', ' ', ':', '_', 'a', '\x7f', '\x80'}) {
            std::string damaged = head;
            damaged[place] = c;
            passes(damaged, {});
            passes(head.substr(0, place) + c + head.substr(place), {});
        }
    }
    for (std::size_t bytes = 1; bytes <= head.size(); ++bytes) {
        // The last byte of a head is not held against it.
        BOOST_TEST(passes(head, {.max_head_bytes = bytes}) == (bytes + 1 >= head.size()));
    }
    for (std::size_t fields = 0; fields != 5; ++fields) {
        BOOST_TEST(passes(head, {.max_fields = fields}) == (fields >= 3));
    }
}

BOOST_AUTO_TEST_SUITE_END()
