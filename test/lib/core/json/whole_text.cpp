/// The short way for whole texts must not be told from the machine that takes pieces.

#include "lib/core/json/scanner.hpp"

#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "test/lib/core/json/generator.hpp"
#include "test/lib/core/json/recorded.hpp"
#include "test/lib/core/json/samples.hpp"

using namespace cogate;
using json_test::outcome;

namespace {

outcome taken(std::string_view text, json::scan_options options = {})
{
    const std::vector<char> copy(text.begin(), text.end());
    json_test::recorder sink;
    json::scanner scan(&sink, options);
    const bool good = scan.take_whole({copy.data(), copy.size()});
    // What was told before the short way gave up is told again.
    std::vector<json_test::told_member>& told = sink.members;
    const outcome expected = json_test::scan_whole(text, options);
    BOOST_TEST_REQUIRE(told.size() >= expected.members.size(), text);
    told.erase(told.begin(), told.end() - static_cast<std::ptrdiff_t>(expected.members.size()));
    return {good, scan.error(), scan.root(), std::move(told)};
}

void check(std::string_view text, json::scan_options options = {})
{
    BOOST_TEST_REQUIRE(taken(text, options) == json_test::scan_whole(text, options), text);
}

} // namespace

BOOST_AUTO_TEST_SUITE(core_json_whole_text)

BOOST_AUTO_TEST_CASE(samples)
{
    for (const std::string_view text : json_test::accepted) {
        check(text);
        check(text, {.require_object = true});
    }
    for (const std::string_view text : json_test::refused) {
        check(text);
    }
}

BOOST_AUTO_TEST_CASE(every_cut)
{
    for (const std::string_view text : json_test::accepted) {
        for (std::size_t size = 0; size != text.size(); ++size) {
            check(text.substr(0, size));
        }
    }
}

BOOST_AUTO_TEST_CASE(generated_and_damaged_texts)
{
    json_test::generator random(21);
    for (int i = 0; i < 10'000; ++i) {
        const std::string text = random.json_text();
        check(text);
        check(random.damaged(text));
    }
}

BOOST_AUTO_TEST_CASE(keys_that_need_the_machine)
{
    const std::string longest(json::longest_key, 'k');
    check("{\"" + longest + "\":1}");
    check("{\"" + longest + "k\":1}");
    check("{\"" + longest + "k\":1,\"" + longest + "k\":2}");
    check(R"({"a":1,"\u0061":2})");
    check(R"({"a":1,"a":2})");
    check(R"({"a":1,"b\n":2,"c":3})");
}

BOOST_AUTO_TEST_CASE(depth)
{
    for (const std::size_t depth : {1U, 2U, 63U, 64U, 65U, 127U, 128U, 129U, 1024U, 1025U}) {
        for (const unsigned limit : {1U, 64U, 128U, 5'000U}) {
            check(std::string(depth, '[') + std::string(depth, ']'), {.max_depth = limit});
            std::string mixed;
            for (std::size_t i = 0; i != depth; ++i) {
                mixed += i % 2 == 0 ? "{\"a\":" : "[";
            }
            mixed += "0";
            for (std::size_t i = depth; i != 0; --i) {
                mixed += i % 2 == 1 ? "}" : "]";
            }
            check(mixed, {.max_depth = limit});
        }
    }
}

BOOST_AUTO_TEST_CASE(many_members)
{
    for (const std::size_t members : {16U, 17U, 33U, 512U, 513U}) {
        std::string text = "{";
        for (std::size_t i = 0; i != members; ++i) {
            text += (i == 0 ? "\"k" : ",\"k") + std::to_string(i) + "\":" + std::to_string(i);
        }
        check(text + "}");
        check(text + ",\"k0\":0}");
    }
}

BOOST_AUTO_TEST_CASE(list_of_keys)
{
    json::scan_error error;
    json::key_list keys;
    BOOST_TEST_REQUIRE(json::find_members(R"({"a":{"deep":1},"bc":[]})", {}, error, keys));
    BOOST_TEST(keys.complete);
    BOOST_TEST(keys.count == 2u);
    BOOST_TEST(keys.may_have("a"));
    BOOST_TEST(keys.may_have("bc"));
    BOOST_TEST(!keys.may_have("deep"));
    BOOST_TEST(!keys.may_have("b"));

    json::key_list escaped;
    BOOST_TEST_REQUIRE(json::find_members(R"({"a":1,"\u0062":2})", {}, error, escaped));
    BOOST_TEST(!escaped.complete);
    BOOST_TEST(escaped.may_have("b"));

    std::string text = "{\"k\":0";
    for (int i = 0; i != 40; ++i) {
        text += ",\"k" + std::to_string(i) + "\":0";
    }
    json::key_list many;
    BOOST_TEST_REQUIRE(json::find_members(text + "}", {}, error, many));
    BOOST_TEST(!many.complete);
    BOOST_TEST(many.may_have("k39"));
}

BOOST_AUTO_TEST_SUITE_END()
