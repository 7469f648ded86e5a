#include "lib/core/json/valid.hpp"

#include "lib/core/json/document.hpp"

#include <string>
#include <string_view>

#include <boost/test/unit_test.hpp>

#include "test/lib/core/json/samples.hpp"

using namespace cogate;

BOOST_AUTO_TEST_SUITE(core_json_valid)

BOOST_AUTO_TEST_CASE(agrees_with_the_document)
{
    json::document doc;
    json::parse_error error;
    for (auto const* const samples : {&json_test::accepted, &json_test::refused}) {
        for (std::string_view const text : *samples) {
            const bool good = doc.parse(text, error);
            BOOST_TEST(json::is_valid(text) == good, text);
            BOOST_TEST(json::is_valid_object(text) == (good && doc.root().is_object()), text);
        }
    }
}

BOOST_AUTO_TEST_CASE(many_members_and_repeated_ones_are_valid)
{
    std::string text = "{";
    for (int i = 0; i != 2000; ++i) {
        text += '"' + std::to_string(i % 1500) + "\":1,";
    }
    text.back() = '}';
    BOOST_TEST(json::is_valid(text));
    BOOST_TEST(json::is_valid_object(text));
}

BOOST_AUTO_TEST_CASE(depth_is_bounded)
{
    const std::string deep = std::string(128, '[') + std::string(128, ']');
    BOOST_TEST(json::is_valid(deep));
    BOOST_TEST(!json::is_valid('[' + deep + ']'));
    BOOST_TEST(json::is_valid("[[1]]", 2));
    BOOST_TEST(!json::is_valid("[[1]]", 1));
    BOOST_TEST(!json::is_valid(std::string(1'000'000, '[')));
}

BOOST_AUTO_TEST_SUITE_END()
