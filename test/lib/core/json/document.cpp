#include "lib/core/json/document.hpp"

#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "test/lib/core/json/recorded.hpp"
#include "test/lib/core/json/samples.hpp"

using namespace cogate;
using json::scan_errc;

namespace {

// A document with its text.
struct parsed {
    explicit parsed(std::string source, json::parse_options options = {})
        : text(std::move(source)), good(doc.parse(text, error, options))
    {}

    json::value root() const { return doc.root(); }

    std::string text;
    json::document doc;
    json::parse_error error;
    bool good;
};

std::optional<std::int64_t> int64_of(const std::string& number)
{
    return parsed(number).root().as_int64();
}

std::optional<std::uint64_t> uint64_of(const std::string& number)
{
    return parsed(number).root().as_uint64();
}

std::string string_of(const std::string& literal)
{
    return parsed(literal).root().string();
}

} // namespace

BOOST_AUTO_TEST_SUITE(core_json_document)

BOOST_AUTO_TEST_CASE(accepts_and_refuses_as_the_scanner_does)
{
    for (const std::string_view text : json_test::accepted) {
        BOOST_TEST(parsed(std::string(text)).good, text);
    }
    for (const std::string_view text : json_test::refused) {
        const parsed p{std::string(text)};
        BOOST_TEST(!p.good, text);
        BOOST_TEST((p.error == json_test::scan_whole(text).error), text);
        BOOST_TEST(!p.root().exists());
    }
}

BOOST_AUTO_TEST_CASE(navigates)
{
    const parsed p(
        R"({"choices":[{"index":0,"message":{"role":"assistant","content":"Hi"}},{"index":1}],"n":null})");
    BOOST_TEST_REQUIRE(p.good);
    const json::value root = p.root();
    BOOST_TEST(root.is_object());
    BOOST_TEST(root.size() == 2u);
    BOOST_TEST(root["choices"].size() == 2u);
    BOOST_TEST(root["choices"][0]["message"]["content"].string() == "Hi");
    BOOST_TEST(root["choices"][1]["index"].as_int64().value() == 1);
    BOOST_TEST(root["n"].is_null());
    BOOST_TEST(root.contains("n"));
    BOOST_TEST(!root.contains("choice"));
    BOOST_TEST(p.doc["n"].exists());
    BOOST_TEST(root["choices"][1].raw() == R"({"index":1})");
    BOOST_TEST(root["choices"][0]["message"].raw() == R"({"role":"assistant","content":"Hi"})");
    BOOST_TEST(root["choices"][0]["message"]["role"].raw() == R"("assistant")");
    BOOST_TEST(root.raw() == p.text);
}

BOOST_AUTO_TEST_CASE(a_missing_value_answers_everything)
{
    const parsed p(R"({"a":[1],"s":"x"})");
    for (const json::value v :
         {p.root()["nope"]["deeper"][3]["x"], p.root()["a"][1], p.root()[0], p.root()["s"]["x"],
          p.root()["a"]["x"], json::value(), json::document().root()}) {
        BOOST_TEST(!v.exists());
        BOOST_TEST(!v);
        BOOST_TEST((v.kind() == json::kind::missing));
        BOOST_TEST(!v.is_null());
        BOOST_TEST(v.size() == 0u);
        BOOST_TEST(v.raw() == "");
        BOOST_TEST(v.string() == "");
        BOOST_TEST(!v.equals(""));
        BOOST_TEST(!v.string_view_if_plain());
        BOOST_TEST(!v.as_int64());
        BOOST_TEST(!v.as_uint64());
        BOOST_TEST(!v.as_double());
        BOOST_TEST(!v.as_bool());
        BOOST_TEST((v.begin() == v.end()));
        BOOST_TEST((v.members().begin() == v.members().end()));
    }
    BOOST_TEST(!p.root()["s"].as_int64());
    BOOST_TEST(!p.root()["a"].as_double());
}

BOOST_AUTO_TEST_CASE(walks_elements_and_members)
{
    const parsed p(R"({"a":[1,[2,[3]],{"x":4},"s"],"b\n":{},"\u00e9":[],"a":5})");
    std::vector<std::string> elements;
    for (const json::value v : p.root()["a"]) {
        elements.emplace_back(v.raw());
    }
    BOOST_TEST(elements.empty()); // the last "a" is no array
    const json::value first = (*p.root().members().begin()).val;
    for (const json::value v : first) {
        elements.emplace_back(v.raw());
    }
    const std::vector<std::string> expected = {"1", "[2,[3]]", R"({"x":4})", R"("s")"};
    BOOST_TEST(elements == expected, boost::test_tools::per_element());
    BOOST_TEST(first[3].string() == "s");

    std::string seen;
    for (const auto [key, val] : p.root().members()) {
        seen += std::string(key) + "=" + std::string(val.raw()) + ";";
    }
    BOOST_TEST(seen == "a=[1,[2,[3]],{\"x\":4},\"s\"];b\n={};\xC3\xA9=[];a=5;");
    BOOST_TEST(p.root().size() == 4u);
    BOOST_TEST(p.root()["b\n"].is_object());
    BOOST_TEST(p.root()["\xC3\xA9"].is_array());
}

BOOST_AUTO_TEST_CASE(duplicate_keys)
{
    const json::parse_options strict{.refuse_duplicate_top_level = true};
    const parsed loose(R"({"a":1,"b":{"x":1,"x":2},"a":3})");
    BOOST_TEST(loose.root()["a"].as_int64().value() == 3);
    BOOST_TEST(loose.root()["b"]["x"].as_int64().value() == 2);
    BOOST_TEST(parsed(R"({"a":1,"b":{"x":1,"x":2}})", strict).good);
    BOOST_TEST(parsed(R"([{"x":1,"x":2}])", strict).good);
    BOOST_TEST(parsed("{}", strict).good);
    const parsed twice(R"({"a":1,"b":{"x":1,"x":2},"a":3})", strict);
    BOOST_TEST(!twice.good);
    BOOST_TEST(to_string(twice.error) == "duplicate key at byte 25");
    BOOST_TEST(to_string(parsed(R"({"a":1,"b":{"c":[{"d":"e"} ] } , "\u0061":3,"b":1})", strict).error) ==
               "duplicate key at byte 33");
    // Of several the first in the text is told, whichever key it is.
    BOOST_TEST(parsed(R"({"a":1,"b":1,"a":1,"b":1})", strict).error.offset == 13u);
    BOOST_TEST(parsed(R"({"a":1,"b":1,"b":1,"a":1})", strict).error.offset == 13u);
}

BOOST_AUTO_TEST_CASE(strings)
{
    BOOST_TEST(string_of(R"("a\"\\\/\b\f\n\r\t\u0041z")") == "a\"\\/\b\f\n\r\tAz");
    BOOST_TEST(string_of(R"("\u00e9\u20ac\ud83d\ude00")") == "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80");
    const std::string fffd = "\xEF\xBF\xBD";
    BOOST_TEST(string_of(R"("\ud800")") == fffd);
    BOOST_TEST(string_of(R"("\udc00x")") == fffd + "x");
    BOOST_TEST(string_of(R"("\ud800\ud83d\ude00")") == fffd + "\xF0\x9F\x98\x80");
    BOOST_TEST(string_of(R"("\ud800\u0041")") == fffd + "A");
    BOOST_TEST(string_of(R"("\ud800\n")") == fffd + "\n");
    BOOST_TEST(string_of(R"("\u0000")") == std::string(1, '\0'));

    const parsed p(R"(["plain","es\u0063aped","",7])");
    BOOST_TEST(p.root()[0].string_view_if_plain().value() == "plain");
    BOOST_TEST(!p.root()[1].string_view_if_plain());
    BOOST_TEST(p.root()[2].string_view_if_plain().value() == "");
    BOOST_TEST(!p.root()[3].string_view_if_plain());
    std::string scratch = "old";
    BOOST_TEST(p.root()[0].view(scratch) == "plain");
    BOOST_TEST(scratch == "old");
    BOOST_TEST(p.root()[1].view(scratch) == "escaped");
    BOOST_TEST(p.root()[3].view(scratch) == "");
    BOOST_TEST(p.root()[1].equals("escaped"));
    BOOST_TEST(p.root()[0].equals("plain"));
    BOOST_TEST(!p.root()[0].equals("Plain"));
    BOOST_TEST(!p.root()[3].equals("7"));
}

BOOST_AUTO_TEST_CASE(integers_are_exact)
{
    BOOST_TEST(int64_of("9007199254740993").value() == 9007199254740993);
    BOOST_TEST(int64_of("-9223372036854775808").value() == std::numeric_limits<std::int64_t>::min());
    BOOST_TEST(int64_of("9223372036854775807").value() == std::numeric_limits<std::int64_t>::max());
    BOOST_TEST(int64_of("-9223372036854775808.0").value() == std::numeric_limits<std::int64_t>::min());
    BOOST_TEST(!int64_of("-9223372036854775809.0"));
    BOOST_TEST(!int64_of("9223372036854775808.0"));
    BOOST_TEST(!int64_of("9223372036854775808"));
    BOOST_TEST(!int64_of("-9223372036854775809"));
    BOOST_TEST(uint64_of("18446744073709551615").value() == std::numeric_limits<std::uint64_t>::max());
    BOOST_TEST(!uint64_of("18446744073709551616"));
    BOOST_TEST(!uint64_of("-1"));
    BOOST_TEST(uint64_of("-0").value() == 0u);
    BOOST_TEST(int64_of("1e3").value() == 1000);
    BOOST_TEST(int64_of("1.0").value() == 1);
    BOOST_TEST(int64_of("-1.50e1").value() == -15);
    BOOST_TEST(int64_of("0.0012e4").value() == 12);
    BOOST_TEST(int64_of("1200e-2").value() == 12);
    BOOST_TEST(int64_of("100.000").value() == 100);
    BOOST_TEST(int64_of("-0.0").value() == 0);
    BOOST_TEST(int64_of("0e99999999999999999999").value() == 0);
    BOOST_TEST(int64_of("9.223372036854775807e18").value() == std::numeric_limits<std::int64_t>::max());
    BOOST_TEST(uint64_of("1.8446744073709551615e19").value() == std::numeric_limits<std::uint64_t>::max());
    for (const std::string text : {"1.5", "1e-1", "0.1", "1e19", "1e400", "1e99999999999999999999",
                                   "1e-99999999999999999999", "123e-3", "9.2233720368547758075e18"}) {
        BOOST_TEST(!int64_of(text), text);
    }
    BOOST_TEST(!uint64_of("1e20"));
    BOOST_TEST(!uint64_of("1.8446744073709551616e19"));
    BOOST_TEST(!int64_of("1" + std::string(100'000, '0')));
    BOOST_TEST(int64_of("1" + std::string(100'000, '0') + "e-100000").value() == 1);
}

BOOST_AUTO_TEST_CASE(doubles)
{
    const auto of = [](const std::string& text) { return parsed(text).root().as_double(); };
    BOOST_TEST(of("0.7").value() == 0.7);
    BOOST_TEST(of("1e308").value() == 1e308);
    BOOST_TEST(of("5e-324").value() == 5e-324);
    BOOST_TEST(of("9007199254740993").value() == 9007199254740992.0);
    BOOST_TEST(of("1e-400").value() == 0.0);
    BOOST_TEST(std::signbit(of("-1e-400").value()));
    BOOST_TEST(of("0e999").value() == 0.0);
    BOOST_TEST(of("0." + std::string(400, '0') + "1e401").value() == 1.0);
    BOOST_TEST(!of("1e309"));
    BOOST_TEST(!of("-1e99999999999999999999"));
    BOOST_TEST(of("12").value() == 12.0);
    BOOST_TEST(parsed("[0.70]").root()[0].raw() == "0.70");
    BOOST_TEST(parsed("true").root().as_bool().value());
    BOOST_TEST(!parsed("false").root().as_bool().value());
    BOOST_TEST(!parsed("null").root().as_bool());
}

BOOST_AUTO_TEST_CASE(hostile_texts_are_bounded)
{
    BOOST_TEST((parsed(std::string(1'000'000, '[')).error == json::parse_error{scan_errc::too_deep, 128}));
    const std::string deep = std::string(1000, '[') + std::string(1000, ']');
    BOOST_TEST(!parsed(deep).good);
    BOOST_TEST(parsed(deep, {.max_depth = 1000}).good);

    const parsed long_string("\"" + std::string(10'000'000, 'x') + "\"");
    BOOST_TEST(long_string.root().string_view_if_plain().value().size() == 10'000'000u);

    std::string keys = "{";
    for (int i = 0; i < 100'000; ++i) {
        keys += (i == 0 ? "\"k" : ",\"k") + std::to_string(i) + "\":" + std::to_string(i);
    }
    const parsed many(keys + "}", {.refuse_duplicate_top_level = true});
    BOOST_TEST(many.good);
    BOOST_TEST(many.root().size() == 100'000u);
    BOOST_TEST(many.root()["k99999"].as_int64().value() == 99'999);
    BOOST_TEST((parsed(keys + ",\"k5\":1}", {.refuse_duplicate_top_level = true}).error.code ==
                scan_errc::duplicate_key));

    BOOST_TEST(parsed("[1,2,3]", {.max_values = 4}).good);
    BOOST_TEST(
        (parsed("[1,2,3]", {.max_values = 3}).error == json::parse_error{scan_errc::too_many_values, 5}));
}

BOOST_AUTO_TEST_CASE(a_document_is_used_again)
{
    json::document doc;
    json::parse_error error;
    std::string large = "[0";
    for (int i = 0; i < 100'000; ++i) {
        large += ",1";
    }
    large += "]";
    BOOST_TEST(doc.parse(large, error));
    BOOST_TEST(!doc.parse("[1", error));
    BOOST_TEST(!doc.root());
    BOOST_TEST(doc.parse(R"({"\u0061":1})", error));
    BOOST_TEST(!error);
    BOOST_TEST(doc["a"].as_int64().value() == 1);
    BOOST_TEST(doc.parse(R"({"\u0062":2})", error));
    BOOST_TEST(!doc["a"]);
    BOOST_TEST(doc["b"].as_int64().value() == 2);
}

BOOST_AUTO_TEST_SUITE_END()
