#include "lib/catalog/tokens/tool_text.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

using cogate::raw_json;
using cogate::tool;

BOOST_AUTO_TEST_SUITE(catalog_tool_text)

namespace {

std::string text_of(tool one)
{
    std::vector<tool> const tools{std::move(one)};
    return cogate::catalog::tool_text(tools);
}

std::string framed(std::string const& inner)
{
    return "namespace functions {\n\n" + inner + "} // namespace functions";
}

} // namespace

BOOST_AUTO_TEST_CASE(a_function_without_parameters)
{
    BOOST_TEST(text_of({.name = "now"}) == framed("type now = () => any;\n\n"));
    BOOST_TEST(text_of({.name = "now", .parameters = raw_json{R"({"type":"object","properties":{}})"}}) ==
               framed("type now = () => any;\n\n"));
    BOOST_TEST(text_of({.name = "now", .parameters = raw_json{"{broken"}}) ==
               framed("type now = () => any;\n\n"));
    BOOST_TEST(text_of({}) == framed(""));
}

BOOST_AUTO_TEST_CASE(types_of_every_kind)
{
    tool const one{.name = "f", .parameters = raw_json{R"({"properties":{
        "i":{"type":"integer","enum":[1,2]},"n":{"type":"null"},"b":{"type":"boolean"},
        "u":{"type":["string","null"]},
        "l":{"type":"array"},"m":{"type":"array","items":{"type":"array","items":{"type":"string"}}},
        "o":{"type":"object","description":""},"odd":17}})"}};
    BOOST_TEST(text_of(one) ==
               framed("type f = (_: {\ni?: \"1\" | \"2\",\nn?: null,\nb?: boolean,\nu?: any,\nl?: any[],\n"
                      "m?: string[][],\no?: {\n\n},\nodd?: any,\n}) => any;\n\n"));
}

BOOST_AUTO_TEST_CASE(tools_that_are_no_functions)
{
    auto const other = [](std::string definition) {
        return text_of({.name = "", .type = "custom", .definition = raw_json{std::move(definition)}});
    };
    std::string const f = framed("// d\ntype f = (_: {\nx?: string,\n}) => any;\n\n");
    BOOST_TEST(
        other(R"({"name":"f","description":"d","input_schema":{"properties":{"x":{"type":"string"}}}})") ==
        f);
    BOOST_TEST(other(
                   R"({"function":{"name":"f","description":"d",
                         "parameters":{"properties":{"x":{"type":"string"}}}}})") == f);
    BOOST_TEST(other(R"({"functionDeclarations":[{"name":"f","description":"d",
                         "parameters":{"properties":{"x":{"type":"string"}}}}]})") == f);
    BOOST_TEST(other(R"({"type":"web_search_20250305","name":"web_search"})") ==
               framed("type web_search = () => any;\n\n"));
    BOOST_TEST(other("nonsense") == framed(""));
}

BOOST_AUTO_TEST_SUITE_END()
