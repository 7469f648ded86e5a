#include "lib/core/text.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

using namespace cogate;

BOOST_AUTO_TEST_SUITE(core_text)

BOOST_AUTO_TEST_CASE(case_is_ascii_only)
{
    BOOST_TEST(core::iequals("Content-Type", "content-tYPE"));
    BOOST_TEST(core::iequals("", ""));
    BOOST_TEST(!core::iequals("a", "ab"));
    BOOST_TEST(!core::iequals("[", "{"));
    BOOST_TEST(!core::iequals("\xC3\x84", "\xC3\xA4"));
    BOOST_TEST(core::ilower("A-Z[\xC3\x84") == "a-z[\xC3\x84");
}

BOOST_AUTO_TEST_CASE(trims_and_splits)
{
    BOOST_TEST(core::trim(" \t\r\n a b \n") == "a b");
    BOOST_TEST(core::trim(" \n ") == "");
    BOOST_TEST(core::trim("") == "");
    const auto joined = [](std::string_view text) {
        std::string out;
        for (const std::string_view piece : core::split(text, ',')) {
            out += "<" + std::string(piece) + ">";
        }
        return out;
    };
    BOOST_TEST(joined("a,,b") == "<a><><b>");
    BOOST_TEST(joined("") == "<>");
    BOOST_TEST(joined(",") == "<><>");
    const auto halves = core::split_once("k=v=w", '=');
    BOOST_TEST(halves->first == "k");
    BOOST_TEST(halves->second == "v=w");
    BOOST_TEST(!core::split_once("k", '='));
}

BOOST_AUTO_TEST_CASE(integers)
{
    BOOST_TEST(core::parse_int<int>("-12").value() == -12);
    BOOST_TEST(core::parse_int<std::uint64_t>("18446744073709551615").value() == 18446744073709551615u);
    for (const std::string_view text : {"", " 1", "1 ", "+1", "1.0", "0x1", "99999999999", "-", "1e3"}) {
        BOOST_TEST(!core::parse_int<int>(text), text);
    }
    BOOST_TEST(!core::parse_int<unsigned>("-1"));
    BOOST_TEST(!core::parse_int<std::uint8_t>("256"));
}

BOOST_AUTO_TEST_CASE(did_you_mean)
{
    const std::array<std::string_view, 4> keys = {"temperature", "top_p", "max_tokens", "stream"};
    const auto best = [&keys](std::string_view word) { return core::nearest(word, keys).value_or("-"); };
    BOOST_TEST(best("temprature") == "temperature");
    BOOST_TEST(best("maxtokens") == "max_tokens");
    BOOST_TEST(best("MAX_TOKENS") == "max_tokens");
    BOOST_TEST(best("steram") == "stream");
    BOOST_TEST(best("top-p") == "top_p");
    BOOST_TEST(best("banana") == "-");
    BOOST_TEST(best("") == "-");
    BOOST_TEST(best(std::string(1000, 'a')) == "-");
    const std::array<std::string_view, 3> close = {"abcx", "abcd", "abcy"};
    BOOST_TEST(core::nearest("abcd", close).value() == "abcd");
    BOOST_TEST(core::nearest("abcz", close).value() == "abcx");
}

BOOST_AUTO_TEST_CASE(base64)
{
    const std::vector<std::pair<std::string, std::string>> pairs = {
        {"", ""},        {"f", "Zg=="},          {"fo", "Zm8="},
        {"foo", "Zm9v"}, {"foobar", "Zm9vYmFy"}, {"\xFF\xFE\xFB", "//77"}};
    for (const auto& [bytes, text] : pairs) {
        BOOST_TEST(core::base64_encode(bytes) == text);
        BOOST_TEST(core::base64_decode(text).value() == bytes);
    }
    std::string all;
    for (int i = 0; i < 256; ++i) {
        all += static_cast<char>(i);
        BOOST_TEST(core::base64_decode(core::base64_encode(all)).value() == all);
    }
    for (const std::string_view text : {"Z", "Zg", "Zg=", "Zg==Zg==", "Zh==", "Zm9=", "Zg=a",
                                        "=g==", "Zm9v\n", "Z m9", "Zm9-", "====", "Z===", "Zm8_"}) {
        BOOST_TEST(!core::base64_decode(text), text);
    }
}

BOOST_AUTO_TEST_SUITE_END()
