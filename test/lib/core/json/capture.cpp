#include "lib/core/json/capture.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <boost/test/unit_test.hpp>

using namespace cogate;

namespace {

const std::string body =
    R"({"model":"gpt\u002d4o","n": -12.50 ,"big":"0123456789","messages":[{"model":"x"}],)"
    R"("usage":{"total_tokens":7,"d":[1,2]},"flag":true,"last":0})";

void check_captured(const json::member_capture& capture)
{
    BOOST_TEST(capture.value("model") == R"("gpt\u002d4o")");
    BOOST_TEST(capture.value("n") == "-12.50");
    BOOST_TEST(capture.value("usage") == R"({"total_tokens":7,"d":[1,2]})");
    BOOST_TEST(capture.value("flag") == "true");
    BOOST_TEST(capture.value("last") == "0");
    BOOST_TEST(capture.value("messages") == "");
    BOOST_TEST(capture.value("absent") == "");
    BOOST_TEST(!capture.find("absent")->complete);
    BOOST_TEST(capture.find("messages") == nullptr);
    const json::captured_member& big = *capture.find("big");
    BOOST_TEST(big.too_long);
    BOOST_TEST(big.complete);
    BOOST_TEST(big.bytes == "");
    BOOST_TEST(body.substr(big.value_begin, big.value_end - big.value_begin) == R"("0123456789")");
    BOOST_TEST((capture.find("n")->kind == json::kind::number));
}

void watch_all(json::member_capture& capture)
{
    for (const std::string_view key : {"model", "n", "usage", "flag", "last", "absent"}) {
        capture.watch(key);
    }
    capture.watch("big", 11);
}

} // namespace

BOOST_AUTO_TEST_SUITE(core_json_capture)

BOOST_AUTO_TEST_CASE(every_split_captures_the_same)
{
    json::member_capture capture;
    watch_all(capture);
    for (std::size_t i = 0; i <= body.size(); ++i) {
        for (std::size_t j = i; j <= body.size(); j += 3) {
            capture.reset();
            BOOST_TEST_REQUIRE(capture.feed(body.substr(0, i)));
            BOOST_TEST_REQUIRE(capture.feed(body.substr(i, j - i)));
            BOOST_TEST_REQUIRE(capture.feed(body.substr(j)));
            BOOST_TEST_REQUIRE(capture.finish());
            check_captured(capture);
        }
    }
    capture.reset();
    for (const char c : body) {
        BOOST_TEST_REQUIRE(capture.feed({&c, 1}));
    }
    BOOST_TEST(capture.finish());
    check_captured(capture);
}

BOOST_AUTO_TEST_CASE(a_value_in_progress_is_not_told)
{
    json::member_capture capture;
    capture.watch("model");
    BOOST_TEST(capture.feed(R"({"model":"gp)"));
    BOOST_TEST(!capture.find("model")->complete);
    BOOST_TEST(capture.find("model")->bytes == "\"gp");
    BOOST_TEST(capture.value("model") == "");
    BOOST_TEST(capture.feed(R"(t")"));
    BOOST_TEST(capture.value("model") == "\"gpt\"");
}

BOOST_AUTO_TEST_CASE(an_endless_value_is_not_kept)
{
    json::member_capture capture;
    capture.watch("model", 1000);
    BOOST_TEST(capture.feed("{\"model\":\""));
    const std::string piece(300, 'x');
    for (int i = 0; i < 10'000; ++i) {
        BOOST_TEST_REQUIRE(capture.feed(piece));
        BOOST_TEST_REQUIRE(capture.find("model")->bytes.size() <= 1000u);
    }
    BOOST_TEST(capture.find("model")->too_long);
}

BOOST_AUTO_TEST_CASE(exactly_the_cap_is_kept)
{
    json::member_capture capture;
    capture.watch("a", 5);
    BOOST_TEST(capture.feed(R"({"a":"xyz"})"));
    BOOST_TEST(capture.value("a") == R"("xyz")");
}

BOOST_AUTO_TEST_SUITE_END()
