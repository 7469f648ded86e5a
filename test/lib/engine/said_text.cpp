#include "lib/engine/said_text.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using cogate::engine::said_text;
using cogate::engine::with_prefill;

namespace {

std::string delta(std::string const& members, std::string const& finish = "null")
{
    return R"(data: {"choices":[{"index":0,"delta":{)" + members + R"(},"finish_reason":)" + finish +
           "}]}\n\n";
}

} // namespace

BOOST_AUTO_TEST_SUITE(engine_said_text)

BOOST_AUTO_TEST_CASE(text_is_gathered_until_the_end)
{
    said_text said;
    BOOST_TEST(!said.is_plain()); // nothing was said
    said.add(delta(R"("role":"assistant","content":"","refusal":null)"));
    BOOST_TEST(!said.is_plain());
    said.add(": a comment\n\n" + delta(R"("content":"one ","tool_calls":[])") +
             delta(R"("content":"\u00e9\n")"));
    BOOST_TEST(said.is_plain());
    BOOST_TEST(said.text() == "one \u00e9\n");
    said.add("data: {\"choices\":[],\"usage\":{}}\r\n\r\n");
    BOOST_TEST(said.is_plain());
    said.add(delta(R"("content":"!")", "\"stop\""));
    BOOST_TEST(!said.is_plain());
    BOOST_TEST(said.text() == "one \u00e9\n!");
}

BOOST_AUTO_TEST_CASE(anything_but_one_text_is_not_plain)
{
    for (std::string const& odd :
         {delta(R"("tool_calls":[{"index":0}])"), delta(R"("refusal":"no")"),
          delta(R"("reasoning_content":"hm")"), delta(R"("content":[])"), delta(R"("function_call":{})"),
          std::string("data: {\"choices\":[{\"index\":1,\"delta\":{\"content\":\"x\"}}]}\n\n"),
          std::string("data: no JSON\n\n"), std::string("data: [DONE]\n\n")}) {
        said_text said;
        said.add(delta(R"("content":"one")"));
        BOOST_TEST(said.is_plain());
        said.add(odd);
        BOOST_TEST(!said.is_plain(), odd);
    }
    said_text much;
    much.add(delta("\"content\":\"" + std::string(256 * 1024 + 1, 'x') + '"'));
    BOOST_TEST(!much.is_plain());
}

BOOST_AUTO_TEST_CASE(the_answer_so_far_becomes_the_last_message)
{
    BOOST_TEST(
        with_prefill(R"({"messages": [ {"role":"user","content":"a"} ],"n":1})", "b\"").value() ==
        R"({"messages": [ {"role":"user","content":"a"} ,{"role":"assistant","content":"b\""}],"n":1})");
    BOOST_TEST(!with_prefill(R"({"messages":[]})", "b").has_value());
    BOOST_TEST(!with_prefill(R"({"model":"m"})", "b").has_value());
    BOOST_TEST(!with_prefill(R"({"messages":[{"role":"assistant","content":"a"}]})", "b").has_value());
    BOOST_TEST(!with_prefill("{", "b").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
