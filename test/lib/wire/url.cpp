#include "lib/wire/url.hpp"

#include "lib/wire/authority.hpp"

#include <boost/test/unit_test.hpp>

using namespace cogate::wire;

BOOST_AUTO_TEST_SUITE(wire_url)

BOOST_AUTO_TEST_CASE(accepted)
{
    struct row {
        const char* text;
        const char* origin;
        const char* path;
        const char* host_header;
        bool tls;
    };
    const row rows[] = {
        {"https://api.openai.com/v1", "https://api.openai.com:443", "/v1", "api.openai.com", true},
        {"https://api.openai.com/v1/", "https://api.openai.com:443", "/v1", "api.openai.com", true},
        {"HTTPS://API.OpenAI.com", "https://api.openai.com:443", "", "api.openai.com", true},
        {"http://localhost:11434/", "http://localhost:11434", "", "localhost:11434", false},
        {"http://127.0.0.1:80/a/b", "http://127.0.0.1:80", "/a/b", "127.0.0.1", false},
        {"http://h:443/", "http://h:443", "", "h:443", false},
        {"https://[::1]:8443/x", "https://[::1]:8443", "/x", "[::1]:8443", true},
        {"https://[2001:DB8::1]", "https://[2001:db8::1]:443", "", "[2001:db8::1]", true},
        {"https://h/a%20b//", "https://h:443", "/a%20b", "h", true},
        {"https://h/.well/..x", "https://h:443", "/.well/..x", "h", true},
        {"demo://local", "demo://local:0", "", "local", false},
        {"demo://", "demo://:0", "", "", false},
    };
    for (const row& one : rows) {
        BOOST_TEST_CONTEXT(one.text)
        {
            const char* why = "unset";
            const std::optional<url> got = parse_url(one.text, &why);
            BOOST_REQUIRE(got.has_value());
            BOOST_TEST(why == nullptr);
            BOOST_TEST(got->origin() == one.origin);
            BOOST_TEST(got->path == one.path);
            BOOST_TEST(got->host_header() == one.host_header);
            BOOST_TEST(got->tls == one.tls);
        }
    }
}

BOOST_AUTO_TEST_CASE(refused)
{
    const std::string_view rows[] = {
        "",
        "api.openai.com",
        "/v1",
        "//h/v1",
        "https:/h",
        "https://",
        "https:///v1",
        "ftp://h",
        "file:///etc/passwd",
        "https://user@h",
        "https://user:pw@h/",
        "https://h/#f",
        "https://h#f",
        "https://h/?q",
        "https://h?q=1",
        "https://h:0",
        "https://h:",
        "https://h:65536",
        "https://h:99999999999",
        "https://h:+1",
        "https://h:08",
        "https://h:8x",
        "https://h h/",
        "https://h/a b",
        "https://h/\r\nX: y",
        " https://h",
        "https://h/\xC3\xA9",
        "https://h\\x",
        "https://h/a\\b",
        "https://[::1",
        "https://[::1]x",
        "https://[::1]:",
        "https://[fe80::1%25eth0]",
        "https://::1/",
        "https://h,i/",
        "https://h/../x",
        "https://h/a/..",
        "https://h/./",
        "https://h%00/",
    };
    for (const std::string_view text : rows) {
        const char* why = nullptr;
        BOOST_TEST(!parse_url(text, &why).has_value(), text);
        BOOST_TEST(why != nullptr, text);
    }
    BOOST_TEST(!parse_url(std::string_view("https://h/\0", 11)).has_value());
    BOOST_TEST(!parse_url("https://h/" + std::string(3000, 'a')).has_value());
}

BOOST_AUTO_TEST_CASE(ipv6_texts)
{
    for (const char* good : {"::", "::1", "1::", "1:2:3:4:5:6:7:8", "1::8", "::ffff:1.2.3.4",
                             "1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8"}) {
        BOOST_TEST(valid_ipv6(good), good);
    }
    for (const char* bad :
         {"", ":", ":::", "1", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "g::", "1:", ":1",
          "::1.2.3", "::1.2.3.256", "::1.2.3.4.5", "1:2:3:4:5:6:7:1.2.3.4", "::01.2.3.4",
          "1:2:3:4:5:6:7:8::", "::1%eth0", "1.2.3.4"}) {
        BOOST_TEST(!valid_ipv6(bad), bad);
    }
}

BOOST_AUTO_TEST_CASE(percent_coding)
{
    BOOST_TEST(percent_decode("a%20b%2Fc%C3%A9").value() == "a b/c\xC3\xA9");
    BOOST_TEST(percent_decode("").value().empty());
    for (const char* bad : {"%", "%2", "a%", "a%4", "%zz", "%00", "%0d%0a", "%7f", "a\nb"}) {
        BOOST_TEST(!percent_decode(bad).has_value(), bad);
    }
    std::string out = "/";
    append_percent_encoded(out, "a/b c.~-_\xC3\xA9:?");
    BOOST_TEST(out == "/a%2Fb%20c.~-_%C3%A9%3A%3F");
    std::string all;
    for (int c = 0x20; c < 256; ++c) {
        all.push_back(static_cast<char>(c == 0x7f ? 'x' : c));
    }
    std::string coded;
    append_percent_encoded(coded, all);
    BOOST_TEST(percent_decode(coded).value() == all);
}

BOOST_AUTO_TEST_SUITE_END()
