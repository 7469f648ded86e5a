#include "lib/core/json/writer.hpp"

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>

#include <boost/test/unit_test.hpp>

#include "lib/core/json/document.hpp"
#include "lib/core/json/number.hpp"
#include "test/lib/core/json/generator.hpp"

using namespace cogate;

namespace {

template <class T>
std::string written(const T& value)
{
    std::string out;
    json::writer(out).value(value);
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(core_json_writer)

BOOST_AUTO_TEST_CASE(structure)
{
    std::string out = "data: ";
    json::writer w(out);
    w.begin_object();
    w.member("model", "gpt").member("n", 1).member("stream", true).member("stop", nullptr).member("t", 0.7);
    w.key("a")
        .begin_array()
        .value(1)
        .value("x")
        .begin_array()
        .end_array()
        .begin_object()
        .end_object()
        .end_array();
    w.raw_member("raw", R"({"k":[]})").key("o").begin_object().member("", std::string("s")).end_object();
    w.end_object();
    BOOST_TEST(out == R"(data: {"model":"gpt","n":1,"stream":true,"stop":null,"t":0.7,"a":[1,"x",[],{}],)"
                      R"("raw":{"k":[]},"o":{"":"s"}})");
}

BOOST_AUTO_TEST_CASE(strings_are_escaped_as_little_as_possible)
{
    BOOST_TEST(written("") == R"("")");
    BOOST_TEST(written("a\"b\\c/d") == R"("a\"b\\c/d")");
    BOOST_TEST(written("\b\f\n\r\t") == R"("\b\f\n\r\t")");
    BOOST_TEST(written(std::string("\0\x01\x1F\x7F", 4)) == "\"\\u0000\\u0001\\u001f\x7F\"");
    BOOST_TEST(written("caf\xC3\xA9 \xF0\x9F\x98\x80") == "\"caf\xC3\xA9 \xF0\x9F\x98\x80\"");
    std::string out;
    json::writer(out).begin_object().member("k\n\"", 1).end_object();
    BOOST_TEST(out == R"({"k\n\"":1})");
}

BOOST_AUTO_TEST_CASE(ill_formed_utf8_is_replaced)
{
    const std::string fffd = "\xEF\xBF\xBD";
    BOOST_TEST(written("a\xFFz") == "\"a" + fffd + "z\"");
    BOOST_TEST(written("\xE2\x82") == "\"" + fffd + "\"");
    BOOST_TEST(written("\xE2\x82z") == "\"" + fffd + "z\"");
    BOOST_TEST(written("\xC0\x80") == "\"" + fffd + fffd + "\"");
    BOOST_TEST(written("\xED\xA0\x80") == "\"" + fffd + fffd + fffd + "\"");
    BOOST_TEST(written("\xF0\x9F\x98\xC3\xA9") == "\"" + fffd + "\xC3\xA9\"");
}

BOOST_AUTO_TEST_CASE(doubles_read_like_numbers_people_write)
{
    BOOST_TEST(written(0.7) == "0.7");
    BOOST_TEST(written(1.0) == "1.0");
    BOOST_TEST(written(-0.0) == "-0.0");
    BOOST_TEST(written(0.1 + 0.2) == "0.30000000000000004");
    BOOST_TEST(written(100.0) == "100.0");
    BOOST_TEST(written(1e-6) == "0.000001");
    BOOST_TEST(written(1e-7) == "1e-07");
    BOOST_TEST(written(1e20) == "100000000000000000000.0");
    BOOST_TEST(written(1e21) == "1e+21");
    BOOST_TEST(written(1.5e300) == "1.5e+300");
    BOOST_TEST(written(std::numeric_limits<double>::denorm_min()) == "5e-324");
    BOOST_TEST(written(std::nan("")) == "null");
    BOOST_TEST(written(-std::numeric_limits<double>::infinity()) == "null");
    BOOST_TEST(written(0.5f) == "0.5");
}

BOOST_AUTO_TEST_CASE(integers_keep_every_digit)
{
    BOOST_TEST(written(std::int64_t{9007199254740993}) == "9007199254740993");
    BOOST_TEST(written(std::numeric_limits<std::uint64_t>::max()) == "18446744073709551615");
    BOOST_TEST(written(std::numeric_limits<std::int64_t>::min()) == "-9223372036854775808");
    BOOST_TEST(written(std::int16_t{-5}) == "-5");
    BOOST_TEST(written(std::size_t{5}) == "5");
}

BOOST_AUTO_TEST_CASE(strings_come_back)
{
    json_test::generator random(1);
    json::document doc;
    json::parse_error error;
    for (int i = 0; i < 20'000; ++i) {
        const std::string text = random.text();
        const std::string out = written(text);
        BOOST_TEST_REQUIRE(doc.parse(out, error), out << ": " << to_string(error));
        BOOST_TEST_REQUIRE(doc.root().string() == text);
    }
}

BOOST_AUTO_TEST_CASE(any_bytes_give_valid_text)
{
    json_test::generator random(2);
    json::document doc;
    json::parse_error error;
    for (int i = 0; i < 20'000; ++i) {
        std::string bytes;
        for (std::uint64_t n = random.below(40); n != 0; --n) {
            bytes += static_cast<char>(random.below(4) == 0 ? random.below(256) : 0xC0 + random.below(64));
            bytes += static_cast<char>(0x80 + random.below(64));
        }
        const std::string out = written(bytes);
        BOOST_TEST_REQUIRE(doc.parse(out, error), to_string(error));
    }
}

BOOST_AUTO_TEST_CASE(doubles_come_back)
{
    json_test::generator random(3);
    for (int i = 0; i < 50'000; ++i) {
        const double value = random.finite_double();
        const std::string out = written(value);
        BOOST_TEST_REQUIRE(json::nearest_double(out).value() == value, out);
    }
}

BOOST_AUTO_TEST_SUITE_END()
