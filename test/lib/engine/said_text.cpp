#include "lib/engine/said_text.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <utility>
#include <vector>

using cogate::engine::said_text;
using cogate::engine::with_prefill;
using cogate::engine::with_tokens_left;

namespace {

std::string delta(std::string const& members, std::string const& finish = "null")
{
    return R"(data: {"choices":[{"index":0,"delta":{)" + members + R"(},"finish_reason":)" + finish +
           "}]}\n\n";
}

cogate::chat_chunk chunk(cogate::chat_delta said)
{
    cogate::chat_chunk out{.id = "d", .model = "other", .choices = {}};
    out.choices.push_back(std::move(said));
    return out;
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
          delta(R"("content":"x","thinking_blocks":[{"type":"thinking"}])"),
          delta(R"("of_tomorrow":{"a":1})"), delta(R"("of_tomorrow":"x")"), delta(R"("of_tomorrow":false)"),
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

BOOST_AUTO_TEST_CASE(empty_members_say_nothing_known_or_not)
{
    said_text said;
    said.add(delta(R"("content":"one","annotations":[],"of_tomorrow":null,"audio":null,"other":"")"));
    BOOST_TEST(said.is_plain());
    BOOST_TEST(said.text() == "one");
}

BOOST_AUTO_TEST_CASE(chunks_are_heard_like_events)
{
    using namespace cogate;
    said_text said;
    said.add(chat_chunk{.id = "c", .created = 5, .model = "up", .choices = {{.has_role = true}}});
    BOOST_TEST(!said.is_plain());
    chat_delta text{.content = "one "};
    text.message_extra.set("of_tomorrow", {"null"});
    said.add(chunk(text));
    said.add(chunk({.content = "two"}));
    BOOST_TEST(said.is_plain());
    BOOST_TEST(said.text() == "one two");
    BOOST_TEST((said.name() == chat_chunk{.id = "c", .created = 5, .model = "up", .choices = {}}));

    chat_delta unknown{.content = "x"};
    unknown.message_extra.set("of_tomorrow", {"[1]"});
    for (chat_delta const& odd :
         {chat_delta{.index = 1, .content = "x"}, chat_delta{.refusal = "no"}, chat_delta{.reasoning = "hm"},
          chat_delta{.tool_calls = {{.index = 0}}}, chat_delta{.annotations = {"[1]"}}, unknown,
          chat_delta{.finish_reason = finish_reason::stop}}) {
        said_text other;
        other.add(chunk({.content = "one"}));
        BOOST_TEST(other.is_plain());
        other.add(chunk(odd));
        BOOST_TEST(!other.is_plain());
    }
}

BOOST_AUTO_TEST_CASE(limits_are_lessened_by_what_was_said)
{
    BOOST_TEST(with_tokens_left(R"({"n":1})", 7).value() == R"({"n":1})");
    BOOST_TEST(with_tokens_left(R"({"max_tokens": 10,"n":1})", 7).value() == R"({"max_tokens": 3,"n":1})");
    BOOST_TEST(with_tokens_left(R"({"max_tokens":10,"max_completion_tokens":20})", 7).value() ==
               R"({"max_tokens":3,"max_completion_tokens":13})");
    BOOST_TEST(with_tokens_left(R"({"max_completion_tokens":20,"a":{},"max_tokens":10})", 9).value() ==
               R"({"max_completion_tokens":11,"a":{},"max_tokens":1})");
    BOOST_TEST(!with_tokens_left(R"({"max_completion_tokens":20,"max_tokens":10})", 10).has_value());
    // none, or what the provider refuses
    for (std::string const odd :
         {R"({"max_tokens":null})", R"({"max_tokens":"9"})", R"({"max_tokens":-1})", "{"}) {
        BOOST_TEST(with_tokens_left(odd, 100).value() == odd);
    }
    cogate::chat_request asked;
    asked.max_tokens = 10;
    BOOST_TEST(with_tokens_left(asked, 4).value().max_tokens.value() == 6);
    BOOST_TEST(!with_tokens_left(asked, 10).has_value());
    asked.max_tokens.reset();
    BOOST_TEST((with_tokens_left(asked, 100).value() == asked));
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

    cogate::chat_request asked{.model = "m", .messages = {cogate::user("a")}};
    auto const again = with_prefill(asked, "b").value();
    BOOST_TEST((again.messages == std::vector{cogate::user("a"), cogate::assistant("b")}));
    BOOST_TEST(!with_prefill(again, "c").has_value());
    asked.messages.clear();
    BOOST_TEST(!with_prefill(asked, "b").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
