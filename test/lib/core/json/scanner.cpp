#include "lib/core/json/scanner.hpp"

#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "test/lib/core/json/recorded.hpp"
#include "test/lib/core/json/samples.hpp"

using namespace cogate;
using json::scan_errc;
using json_test::outcome;
using json_test::scan_pieces;
using json_test::scan_whole;

namespace {

std::vector<std::string_view> byte_by_byte(std::string_view text)
{
    std::vector<std::string_view> pieces;
    for (std::size_t i = 0; i < text.size(); ++i) {
        pieces.push_back(text.substr(i, 1));
    }
    return pieces;
}

void check_every_split(std::string_view text)
{
    const outcome whole = scan_whole(text);
    BOOST_TEST(scan_pieces(byte_by_byte(text)) == whole, text);
    for (std::size_t i = 0; i <= text.size(); ++i) {
        BOOST_TEST(scan_pieces({text.substr(0, i), text.substr(i)}) == whole, text << " split at " << i);
        for (std::size_t j = i; text.size() < 40 && j <= text.size(); ++j) {
            BOOST_TEST(scan_pieces({text.substr(0, i), text.substr(i, j - i), text.substr(j)}) == whole,
                       text << " split at " << i << " and " << j);
        }
    }
}

std::string message_for(std::string_view text, json::scan_options options = {})
{
    return to_string(scan_whole(text, options).error);
}

std::string object_with(std::size_t members)
{
    std::string text = "{";
    for (std::size_t i = 0; i < members; ++i) {
        text += (i == 0 ? "\"k" : ",\"k") + std::to_string(i) + "\":" + std::to_string(i);
    }
    return text + "}";
}

} // namespace

BOOST_AUTO_TEST_SUITE(core_json_scanner)

BOOST_AUTO_TEST_CASE(accepts_what_the_standard_accepts)
{
    for (const std::string_view text : json_test::accepted) {
        const outcome got = scan_whole(text);
        BOOST_TEST(got.good, text << ": " << to_string(got.error));
    }
}

BOOST_AUTO_TEST_CASE(refuses_what_the_standard_refuses)
{
    for (const std::string_view text : json_test::refused) {
        const outcome got = scan_whole(text);
        BOOST_TEST(!got.good, text);
        BOOST_TEST((got.error.code != scan_errc::none));
        BOOST_TEST(got.error.offset <= text.size());
    }
}

BOOST_AUTO_TEST_CASE(every_split_tells_the_same)
{
    for (const std::string_view text : json_test::accepted) {
        check_every_split(text);
    }
    for (const std::string_view text : json_test::refused) {
        check_every_split(text);
    }
}

BOOST_AUTO_TEST_CASE(every_split_of_long_runs_tells_the_same)
{
    for (const std::size_t size : {15u, 16u, 17u, 63u, 64u, 65u, 130u}) {
        const std::string run(size, 'x');
        check_every_split("{\"" + run + "\":\"" + run + "\",\"b\":[\"" + run + "\xE2\x82\xAC" + run + "\"]}");
        check_every_split("{\"a\":\"" + run + "\x01" + run + "\"}");
        check_every_split("{\"a\":\"" + run + "\xE2\x82" + run + "\"}");
    }
}

BOOST_AUTO_TEST_CASE(members_have_their_places)
{
    const std::string text =
        R"( {"model" : "gpt-4o", "n":12 ,"messages":[{"model":1}],"o":{"a":[]},"t":true,"z":null} )";
    const outcome got = scan_whole(text);
    BOOST_TEST_REQUIRE(got.good);
    BOOST_TEST((got.root == json::kind::object));
    struct row {
        std::string_view key, value, member;
        json::kind kind;
    };
    const std::vector<row> expected = {
        {"model", R"("gpt-4o")", R"("model" : "gpt-4o")", json::kind::string},
        {"n", "12", R"("n":12)", json::kind::number},
        {"messages", R"([{"model":1}])", R"("messages":[{"model":1}])", json::kind::array},
        {"o", R"({"a":[]})", R"("o":{"a":[]})", json::kind::object},
        {"t", "true", R"("t":true)", json::kind::boolean},
        {"z", "null", R"("z":null)", json::kind::null},
    };
    BOOST_TEST_REQUIRE(got.members.size() == expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const auto& m = got.members[i];
        BOOST_TEST(m.key == expected[i].key);
        BOOST_TEST((m.kind == expected[i].kind));
        BOOST_TEST(text.substr(m.value_begin, m.value_end - m.value_begin) == expected[i].value);
        BOOST_TEST(text.substr(m.member_begin, m.member_end - m.member_begin) == expected[i].member);
    }
}

BOOST_AUTO_TEST_CASE(other_roots_have_no_members)
{
    BOOST_TEST(scan_whole(R"([{"a":1}])").members.empty());
    BOOST_TEST((scan_whole("[]").root == json::kind::array));
    BOOST_TEST((scan_whole("12").root == json::kind::number));
    const json::scan_options object_only{.require_object = true};
    BOOST_TEST(message_for(" [1]", object_only) == "expected an object at byte 1");
    BOOST_TEST(message_for("12 ", object_only) == "expected an object at byte 0");
    BOOST_TEST(message_for("12", object_only) == "expected an object at byte 0");
    BOOST_TEST(scan_whole("{}", object_only).good);
}

BOOST_AUTO_TEST_CASE(errors_say_what_and_where)
{
    BOOST_TEST(message_for(R"({"a":1 "b":2})") == "expected ',' or '}' at byte 7");
    BOOST_TEST(message_for("[1 2]") == "expected ',' or ']' at byte 3");
    BOOST_TEST(message_for("{\"a\" 1}") == "expected ':' at byte 5");
    BOOST_TEST(message_for("{a:1}") == "expected a key in double quotes or '}' at byte 1");
    BOOST_TEST(message_for("{\"a\":1,}") == "expected a key in double quotes at byte 7");
    BOOST_TEST(message_for("[,]") == "expected a value or ']' at byte 1");
    BOOST_TEST(message_for("[1,]") == "expected a value at byte 3");
    BOOST_TEST(message_for("{} x") == "unexpected bytes after the JSON text at byte 3");
    BOOST_TEST(message_for("{\"a\":\"b") == "unexpected end of JSON text at byte 7");
    BOOST_TEST(message_for("[01]") == "invalid number at byte 2");
    BOOST_TEST(message_for("[nulx]") == "invalid literal at byte 4");
    BOOST_TEST(message_for(R"(["\q"])") == "invalid escape in a string at byte 3");
    BOOST_TEST(message_for(R"(["\u00g0"])") == "invalid escape in a string at byte 6");
    BOOST_TEST(message_for("[\"a\nb\"]") == "unescaped control character in a string at byte 3");
    BOOST_TEST(message_for("[\"a\xE2\x82z\"]") == "invalid UTF-8 in a string at byte 5");
    BOOST_TEST(message_for("[[[1]]]", {.max_depth = 2}) == "arrays or objects nested too deeply at byte 2");
    BOOST_TEST(message_for(R"({"a":1,"a":2})") == "duplicate key at byte 7");
    BOOST_TEST(to_string(json::scan_error{}) == "no error");
}

BOOST_AUTO_TEST_CASE(an_equal_key_is_a_duplicate_however_it_is_written)
{
    const std::vector<std::string_view> texts = {
        R"({"model":1,"model":2})",
        R"({"model":1,"\u006dodel":2})",
        R"({"\u006D\u006fdel":1,"a":0,"model":2})",
        R"({"":1,"":2})",
        R"({"/":1,"\/":2})",
        "{\"\xF0\x9F\x98\x80\":1,\"\\uD83D\\ude00\":2}",
        R"({"\uD800":1,"\ud800":2})",
    };
    for (const std::string_view text : texts) {
        BOOST_TEST((scan_whole(text).error.code == scan_errc::duplicate_key), text);
    }
}

BOOST_AUTO_TEST_CASE(depth_is_limited)
{
    const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
    BOOST_TEST(scan_whole(nested(128)).good);
    BOOST_TEST((scan_whole(nested(129)).error == json::scan_error{scan_errc::too_deep, 128}));
    BOOST_TEST(scan_whole(nested(1024), {.max_depth = 1'000'000}).good);
    BOOST_TEST(!scan_whole(nested(1025), {.max_depth = 1'000'000}).good);
    BOOST_TEST((scan_whole(std::string(1'000'000, '[')).error.code == scan_errc::too_deep));
    std::string mixed;
    for (int i = 0; i < 64; ++i) {
        mixed += R"({"a":[)";
    }
    std::string closed = mixed;
    for (int i = 0; i < 64; ++i) {
        closed += "]}";
    }
    check_every_split(closed);
    BOOST_TEST(!scan_whole(mixed + "}" + closed.substr(mixed.size() + 1)).good);
}

BOOST_AUTO_TEST_CASE(members_are_counted)
{
    const outcome most = scan_whole(object_with(512));
    BOOST_TEST(most.good);
    BOOST_TEST(most.members.size() == 512u);
    BOOST_TEST((scan_whole(object_with(513)).error.code == scan_errc::too_many_members));
    BOOST_TEST(scan_whole("{\"a\":" + object_with(600) + "}").good);
    // Duplicates are found beyond the size where the set of keys changes its form, wherever the first one
    // stood.
    for (const std::size_t size : {1u, 15u, 16u, 17u, 18u, 200u, 511u}) {
        for (const std::size_t again : {std::size_t{0}, size / 2, size - 1}) {
            std::string text = object_with(size);
            text.back() = ',';
            text += "\"k" + std::to_string(again) + "\":0}";
            BOOST_TEST((scan_whole(text).error.code == scan_errc::duplicate_key), size << " " << again);
        }
    }
}

BOOST_AUTO_TEST_CASE(long_keys_are_bounded_and_still_told_apart)
{
    for (const std::size_t size : {127u, 128u, 129u, 255u, 256u, 257u, 100'000u}) {
        const std::string key(size, 'k');
        const outcome got = scan_whole("{\"" + key + "a\":1,\"" + key + "b\":2,\"" + key + "\":3}");
        BOOST_TEST(got.good, size);
        BOOST_TEST_REQUIRE(got.members.size() == 3u);
        BOOST_TEST(got.members[0].key_size == size + 1);
        BOOST_TEST(got.members[0].key == (key + "a").substr(0, json::longest_key));
        BOOST_TEST(
            (scan_whole("{\"" + key + "\":1,\"" + key + "\":2}").error.code == scan_errc::duplicate_key));
    }
    const std::string key(300, 'k');
    BOOST_TEST(scan_whole("{\"a" + key + "\":1,\"b" + key + "\":2}").good);
    BOOST_TEST(scan_whole("{\"" + key + "a" + key + "\":1,\"" + key + "b" + key + "\":2}").good);
    check_every_split("{\"" + key + "\\n\":1,\"" + key + "\":2,\"" + key + "\\u000a\":3}");
}

BOOST_AUTO_TEST_CASE(keys_are_decoded)
{
    const outcome got = scan_whole(
        R"({"\u006dodel":1,"\uD83D\uDE00":2,"a\"\\\/\n":3,"\uD800":4,"\uD801":5,"\uDC00\uD800x":6})");
    BOOST_TEST_REQUIRE(got.good);
    BOOST_TEST(got.members[0].key == "model");
    BOOST_TEST(got.members[1].key == "\xF0\x9F\x98\x80");
    BOOST_TEST(got.members[2].key == "a\"\\/\n");
    BOOST_TEST(got.members[3].key == "\xED\xA0\x80");
}

BOOST_AUTO_TEST_CASE(a_scanner_is_used_again)
{
    json_test::recorder sink;
    json::scanner scan(&sink);
    BOOST_TEST(!scan.feed(R"({"a":1,"a")"));
    BOOST_TEST(!scan.feed("{}"));
    BOOST_TEST(!scan.finish());
    scan.reset();
    BOOST_TEST(scan.feed(R"({"a":1})"));
    BOOST_TEST(scan.finish());
    BOOST_TEST(scan.member_count() == 1u);
    BOOST_TEST(sink.members.size() == 2u);
    scan.reset();
    BOOST_TEST(!scan.finish());
}

BOOST_AUTO_TEST_CASE(find_members_fills_queries)
{
    const std::string_view text = R"({"stream":true,"model":"m","x":[{"user":"inner"}]})";
    std::vector<json::member_query> wanted = {{"model"}, {"stream"}, {"user"}, {"x"}};
    json::scan_error error;
    BOOST_TEST_REQUIRE(json::find_members(text, wanted, error));
    BOOST_TEST(!error);
    BOOST_TEST(wanted[0].value_in(text) == R"("m")");
    BOOST_TEST(wanted[1].value_in(text) == "true");
    BOOST_TEST((wanted[1].kind == json::kind::boolean));
    BOOST_TEST(!wanted[2].found);
    BOOST_TEST(wanted[2].value_in(text) == "");
    BOOST_TEST(wanted[3].value_in(text) == R"([{"user":"inner"}])");
    BOOST_TEST(text.substr(wanted[0].member_begin, wanted[0].member_end - wanted[0].member_begin) ==
               R"("model":"m")");

    BOOST_TEST(!json::find_members(R"({"model":"m",})", wanted, error));
    BOOST_TEST(to_string(error) == "expected a key in double quotes at byte 13");
    BOOST_TEST(!wanted[0].found);
    BOOST_TEST(!json::find_members("[]", wanted, error));
    BOOST_TEST(!json::find_members("", wanted, error));
    BOOST_TEST(json::find_members("{}", {}, error));
}

BOOST_AUTO_TEST_CASE(long_strings_cost_no_memory)
{
    const std::string text =
        "{\"a\":\"" + std::string(10'000'000, 'x') + "\",\"b\":\"" + std::string(100, '\xC3') + "\"}";
    const outcome got = scan_whole(text);
    BOOST_TEST((got.error.code == scan_errc::invalid_utf8));
    BOOST_TEST(got.members.size() == 1u);
    static_assert(sizeof(json::scanner) < 8 * 1024);
}

BOOST_AUTO_TEST_SUITE_END()
