#include "providers/common/event_shape.hpp"

#include "lib/core/json/document.hpp"
#include "lib/core/json/string.hpp"
#include "test/lib/core/json/samples.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace cogate;
using providers::event_shape;

namespace {

std::string event(std::string const& content, std::string const& finish = "null")
{
    return R"({"id":"x","choices":[{"index":0,"delta":{"content":")" + content + R"("},"finish_reason":)" +
           finish + R"(}],"obfuscation":"ab"})";
}

} // namespace

BOOST_AUTO_TEST_SUITE(providers_event_shape)

BOOST_AUTO_TEST_CASE(other_tokens_fit)
{
    event_shape shape;
    BOOST_TEST(!shape.fits(event("a")));
    shape.learn(event("a"));
    for (std::string const& content :
         {"", "a", "longer than before", R"(line\n \"quoted\" \u00e9)", "caf\xC3\xA9", R"(\\)"}) {
        BOOST_TEST(shape.fits(event(content)), content);
    }
    std::string other = event("z");
    BOOST_TEST(shape.fits(other.replace(other.find("\"ab\""), 4, "\"\"")));
}

BOOST_AUTO_TEST_CASE(all_else_does_not)
{
    event_shape shape;
    shape.learn(event("a"));
    BOOST_TEST(!shape.fits(""));
    BOOST_TEST(!shape.fits(event("a", "\"stop\"")));
    BOOST_TEST(!shape.fits(event("a") + "\n"));
    BOOST_TEST(!shape.fits(event("a").substr(1)));
    BOOST_TEST(!shape.fits(event(R"(","more":")")));
    for (std::string const& content : {"\n", "\"", "\\", R"(\x)", R"(\u12)", "\xC3", "\xFF", "a\x01z"}) {
        BOOST_TEST(!shape.fits(event(content)), content);
    }
    const std::string whole = event("abc");
    for (std::size_t size = 0; size != whole.size(); ++size) {
        BOOST_TEST(!shape.fits(whole.substr(0, size)));
    }
}

BOOST_AUTO_TEST_CASE(what_fits_is_valid_json)
{
    event_shape shape;
    shape.learn(event("seed"));
    const std::string whole = event("seed");
    json::document doc;
    json::scan_error error;
    int fitted = 0;
    for (std::size_t place = 0; place != whole.size(); ++place) {
        for (int c = 0; c != 256; ++c) {
            std::string damaged = whole;
            damaged[place] = static_cast<char>(c);
            if (shape.fits(damaged)) {
                ++fitted;
                BOOST_TEST(doc.parse(damaged, error), damaged);
            }
        }
    }
    BOOST_TEST(fitted > 100);
}

BOOST_AUTO_TEST_CASE(learning_ends_where_it_does_not_pay)
{
    event_shape shape;
    for (int i = 0; i != 16; ++i) {
        shape.learn(event("a", std::to_string(i)));
    }
    shape.learn(event("a"));
    BOOST_TEST(!shape.fits(event("a")));

    event_shape paid;
    for (int i = 0; i != 40; ++i) {
        paid.learn(event("a", std::to_string(i)));
        BOOST_TEST(paid.fits(event("b", std::to_string(i))));
    }
}

BOOST_AUTO_TEST_CASE(string_bodies)
{
    // As the parser sees them: a text that is one string has this body and nothing behind it.
    json::document doc;
    json::scan_error error;
    for (auto const* samples : {&json_test::accepted, &json_test::refused}) {
        for (std::string_view const text : *samples) {
            for (std::size_t at = 0; at != text.size(); ++at) {
                if (text[at] != '"') {
                    continue;
                }
                const std::size_t size = json::string_body_size(text.substr(at + 1));
                for (std::size_t end = at + 1; end != text.size(); ++end) {
                    const bool whole = text[end] == '"' && doc.parse(text.substr(at, end + 1 - at), error);
                    BOOST_TEST(whole == (size == end - at - 1), text << ' ' << at << ' ' << end);
                }
            }
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
