#include <cogate/chat.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <limits>

namespace cogate::test {

namespace {

chat_chunk chunk(chat_delta delta)
{
    chat_chunk out{.id = "i", .created = 3, .model = "m", .choices = {}};
    out.choices.push_back(std::move(delta));
    return out;
}

chat_delta text(std::string content, std::int64_t index = 0)
{
    chat_delta d;
    d.index = index;
    d.content = std::move(content);
    d.has_content = true;
    return d;
}

} // namespace

BOOST_AUTO_TEST_SUITE(core_chat_fold)

BOOST_AUTO_TEST_CASE(interleaved_choices_come_out_in_order)
{
    chat_delta last;
    last.index = 1;
    last.finish_reason = finish_reason::length;
    const chat_response r = fold(
        {chunk(text("b", 1)), chunk(text("a", 0)), chunk(text("B", 1)), chunk(text("A", 0)), chunk(last)});
    BOOST_REQUIRE_EQUAL(r.choices.size(), 2U);
    BOOST_TEST(r.id == "i");
    BOOST_TEST(r.choices[0].message.text() == "aA");
    BOOST_TEST(r.choices[1].message.text() == "bB");
    BOOST_TEST((r.choices[1].finish_reason == finish_reason::length));
    BOOST_TEST(r.choices[0].message.content.size() == 1U);
}

BOOST_AUTO_TEST_CASE(signed_reasoning_is_not_added_to)
{
    const auto thought = [](std::string words, std::string signature, std::string redacted = "") {
        chat_delta d;
        d.reasoning = std::move(words);
        d.reasoning_signature = std::move(signature);
        d.reasoning_redacted = std::move(redacted);
        return chunk(d);
    };
    const chat_response r = fold({thought("a", ""), thought("b", ""), thought("", "s1"), thought("c", "s2"),
                                  thought("", "", "zz"), chunk(text("x"))});
    auto const& parts = r.choices[0].message.content;
    BOOST_REQUIRE_EQUAL(parts.size(), 4U);
    BOOST_TEST(std::get<reasoning_part>(parts[0]).text == "ab");
    BOOST_TEST(std::get<reasoning_part>(parts[0]).signature == "s1");
    BOOST_TEST(std::get<reasoning_part>(parts[1]).signature == "s2");
    BOOST_TEST(std::get<reasoning_part>(parts[2]).redacted == "zz");
    BOOST_TEST(r.text() == "x");
}

BOOST_AUTO_TEST_CASE(lists_in_pieces_grow)
{
    const auto piece = [](std::string logprobs, std::string annotations, std::string audio) {
        chat_delta d;
        d.logprobs = {std::move(logprobs)};
        d.annotations = {std::move(annotations)};
        d.audio = {std::move(audio)};
        d.message_extra.set("reasoning_details", {"[ 1 ]"});
        d.message_extra.set("function_call", {R"({"name":"f","arguments":"{"})"});
        return chunk(d);
    };
    const chat_response r =
        fold({piece(R"({"content":[{"t":1}],"refusal":null})", "[1]", R"({"id":"a","data":"QU"})"),
              piece(R"({"content":[{"t":2},{"t":3}],"refusal":null})", "[]", R"({"transcript":"hi"})"),
              piece(R"({"content":null,"refusal":[{"r":1}]})", "[2,3]", R"({"data":"JD","expires_at":5})"),
              piece(R"({"content":[],"refusal":[{"r":2}]})", "", "")});
    chat_choice const& c = r.choices[0];
    BOOST_TEST(c.logprobs.text == R"({"content":[{"t":1},{"t":2},{"t":3}],"refusal":[{"r":1},{"r":2}]})");
    BOOST_TEST(c.message.annotations.text == "[1,2,3]");
    BOOST_TEST(c.message.audio.text == R"({"id":"a","expires_at":5,"data":"QUJD","transcript":"hi"})");
    BOOST_TEST(c.message.extra.find("reasoning_details")->text == "[ 1 ,1,1,1]");
    BOOST_TEST(c.message.extra.find("function_call")->text == R"({"name":"f","arguments":"{{{{"})");
}

BOOST_AUTO_TEST_CASE(texts_within_objects_grow_in_place)
{
    const auto audio = [](std::string text) {
        chat_delta d;
        d.audio = {std::move(text)};
        return chunk(d);
    };
    const auto call = [](std::string text) {
        chat_delta d;
        d.message_extra.set("function_call", {std::move(text)});
        return chunk(d);
    };
    const chat_response r =
        fold({audio(R"({"id":"a","data":"QU"})"), audio(R"({"data":"JD"})"), audio(R"({"transcript":"a\""})"),
              audio(R"({"transcript":"b\u00e9"})"), audio(R"({"data":"RE"})"), audio(R"({"data":5})"),
              call(R"({"name":"f","arguments":"{\"x\":"})"), call(R"({"arguments":"\"1\""})"),
              call(R"({"arguments":"}"})"), call(R"({"name":"g","arguments":""})")});
    message const& m = r.choices[0].message;
    BOOST_TEST(m.audio.text == "{\"id\":\"a\",\"data\":\"QUJDRE\",\"transcript\":\"a\\\"b\xC3\xA9\"}");
    BOOST_TEST(m.extra.find("function_call")->text == R"({"name":"g","arguments":"{\"x\":\"1\"}"})");
}

BOOST_AUTO_TEST_CASE(tool_calls_by_index)
{
    const auto call = [](std::int64_t index, std::string id, std::string arguments) {
        chat_delta d;
        d.tool_calls.push_back(
            {.index = index, .id = std::move(id), .name = "n", .arguments = std::move(arguments)});
        return chunk(d);
    };
    const chat_response r = fold({call(7, "a", "1"), call(-2, "b", "2"), call(7, "", "3")});
    auto const& calls = r.choices[0].message.tool_calls;
    BOOST_REQUIRE_EQUAL(calls.size(), 2U);
    BOOST_TEST(calls[0].arguments == "13");
    BOOST_TEST(calls[1].id == "b");
}

BOOST_AUTO_TEST_CASE(numbers_keep_their_text)
{
    BOOST_TEST(number_text(0.7).text() == "0.7");
    BOOST_TEST(number_text(1).text() == "1");
    BOOST_TEST(number_text(-2.5).text() == "-2.5");
    BOOST_TEST(number_text(0.0001).text() == "0.0001");
    BOOST_TEST(number_text(1e20).text() == "100000000000000000000");
    BOOST_TEST(number_text(1e300).text() == "1e+300");
    BOOST_TEST(number_text::from_json("0.70").text() == "0.70");
    BOOST_TEST(number_text(0.1).value() == 0.1);
    BOOST_TEST(number_text().value() == 0.0);
    BOOST_TEST(number_text().empty());
    BOOST_TEST(!number_text(std::numeric_limits<double>::infinity()).empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test
