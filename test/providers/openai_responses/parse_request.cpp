#include "test/providers/openai_responses/support.hpp"

namespace cogate::test::responses {

namespace {

chat_request good(std::string_view body)
{
    auto parsed = parse(body);
    BOOST_REQUIRE_MESSAGE(parsed.has_value(), (parsed ? "" : parsed.error()->message));
    return std::move(parsed->request);
}

std::string bad(std::string_view body)
{
    auto const parsed = parse(body);
    BOOST_REQUIRE_MESSAGE(!parsed.has_value(), body);
    BOOST_TEST(parsed.error()->status == 400);
    return code_of(parsed.error());
}

} // namespace

BOOST_AUTO_TEST_SUITE(providers_openai_responses_parse_request)

BOOST_AUTO_TEST_CASE(text_and_instructions)
{
    chat_request const r = good(R"({"model":"m","input":"hi","instructions":"brief","max_output_tokens":3,
        "reasoning":{"effort":"low","summary":"auto"},"text":{"verbosity":"high","format":{"type":"json_object"}},
        "truncation":"disabled","background":false,"previous_response_id":null})");
    BOOST_REQUIRE_EQUAL(r.messages.size(), 2U);
    BOOST_TEST((r.messages[0] == system("brief")));
    BOOST_TEST((r.messages[1] == user("hi")));
    BOOST_TEST(*r.max_completion_tokens == 3);
    BOOST_TEST(r.reasoning.effort == "low");
    BOOST_TEST(r.reasoning.summary == "auto");
    BOOST_TEST(r.verbosity == "high");
    BOOST_TEST((r.response_format->type == response_format::kind::json_object));
    BOOST_TEST(r.extra.empty());
    BOOST_TEST(r.extra_dialect == "openai_responses");
}

BOOST_AUTO_TEST_CASE(a_run_of_the_assistant_is_one_message)
{
    chat_request const r = good(R"({"model":"m","input":[
        {"role":"user","content":[{"type":"input_text","text":"q"},{"type":"input_image","image_url":"data:image/png;base64,QQ=="}]},
        {"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"t"}],"encrypted_content":"e"},
        {"type":"message","role":"assistant","id":"msg_1","status":"completed","phase":"commentary",
         "content":[{"type":"output_text","text":"a","annotations":[]}]},
        {"type":"function_call","id":"fc_1","call_id":"c1","name":"f","arguments":"{}","status":"completed"},
        {"type":"custom_tool_call","call_id":"c2","name":"g","input":"x"},
        {"type":"function_call_output","call_id":"c1","output":"1"},
        {"type":"custom_tool_call_output","call_id":"c2","output":[{"type":"input_text","text":"2"}]},
        {"type":"web_search_call","id":"ws","status":"completed"},
        {"role":"assistant","content":"b"},
        {"role":"assistant","content":"c"}]})");
    BOOST_REQUIRE_EQUAL(r.messages.size(), 6U);
    message const& turn = r.messages[1];
    BOOST_REQUIRE_EQUAL(turn.content.size(), 2U);
    auto const& reasoning = std::get<reasoning_part>(turn.content[0]);
    BOOST_TEST(reasoning.text == "t");
    BOOST_TEST(reasoning.redacted == "e");
    BOOST_TEST(reasoning.id == "rs_1");
    BOOST_TEST(turn.text() == "a");
    BOOST_TEST(turn.extra.find("phase")->text == "\"commentary\"");
    BOOST_REQUIRE_EQUAL(turn.tool_calls.size(), 2U);
    BOOST_TEST(turn.tool_calls[0].id == "c1");
    BOOST_TEST(turn.tool_calls[0].extra.empty());
    BOOST_TEST(turn.tool_calls[1].type == "custom");
    BOOST_TEST(r.messages[2].tool_call_id == "c1");
    BOOST_TEST(r.messages[3].text() == "2");
    BOOST_TEST(std::get<unknown_part>(r.messages[4].content[0]).type == "web_search_call");
    BOOST_TEST(r.messages[4].text() == "b");
    BOOST_TEST(r.messages[5].text() == "c");
}

BOOST_AUTO_TEST_CASE(results_follow_their_calls)
{
    // Text and reasoning between calls that wait must not part them: other dialects refuse that.
    chat_request const r = good(R"({"model":"m","input":[
        {"role":"user","content":"q"},
        {"type":"reasoning","id":"r1","summary":[]},
        {"type":"function_call","call_id":"c1","name":"f","arguments":""},
        {"type":"reasoning","id":"r2","summary":[]},
        {"role":"assistant","content":"wait"},
        {"type":"function_call","call_id":"c2","name":"f","arguments":"{}"},
        {"type":"function_call_output","call_id":"c1","output":"1"},
        {"type":"function_call_output","call_id":"c2","output":"2"}]})");
    BOOST_REQUIRE_EQUAL(r.messages.size(), 4U);
    BOOST_TEST(r.messages[1].tool_calls.size() == 2U);
    BOOST_TEST(r.messages[1].tool_calls[0].arguments == "{}");
    BOOST_TEST((r.messages[2].role == role::tool));
}

BOOST_AUTO_TEST_CASE(marks_of_ours_come_back)
{
    chat_request const r = good(R"({"model":"m","input":[
        {"type":"reasoning","id":"rs_cogate_abc","summary":[{"type":"summary_text","text":"t"}],"encrypted_content":"cogate.signature.SIG"},
        {"type":"function_call","call_id":"c1::signature::G","name":"f","arguments":"{}"},
        {"type":"function_call_output","call_id":"c1::signature::G","output":"1"}]})");
    auto const& reasoning = std::get<reasoning_part>(r.messages[0].content[0]);
    BOOST_TEST(reasoning.signature == "SIG");
    BOOST_TEST(reasoning.redacted.empty());
    BOOST_TEST(reasoning.id.empty());
    BOOST_TEST(r.messages[0].tool_calls[0].id == "c1");
    BOOST_TEST(r.messages[0].tool_calls[0].signature == "G");
    BOOST_TEST(r.messages[1].tool_call_id == "c1");
}

BOOST_AUTO_TEST_CASE(what_only_this_dialect_has)
{
    chat_request const r =
        good(R"({"model":"m","input":[{"type":"item_reference","id":"x"}],"previous_response_id":"resp_1",
        "include":["reasoning.encrypted_content","message.output_text.logprobs"],"reasoning":{"context":"all_turns"},
        "truncation":"auto","tools":[{"type":"web_search"}]})");
    BOOST_TEST(r.extra.find("previous_response_id")->text == "\"resp_1\"");
    BOOST_TEST(r.extra.find("reasoning")->text == R"({"context":"all_turns"})");
    BOOST_TEST(r.extra.find("truncation") != nullptr);
    BOOST_TEST(*r.logprobs);
    BOOST_TEST(r.tools[0].type == "web_search");
    BOOST_TEST(std::get<unknown_part>(r.messages[0].content[0]).type == "item_reference");
    // The same dialect says all of it again.
    auto const body = oracle(encode(r).value().body);
    BOOST_TEST(body.at("previous_response_id") == "resp_1");
    BOOST_TEST(body.at("input") == oracle(R"([{"type":"item_reference","id":"x"}])"));
    BOOST_TEST(body.at("reasoning") == oracle(R"({"context":"all_turns"})"));
    // Nothing is added to a stored conversation, but an empty input stays one.
    auto const stored = oracle(encode(good(R"({"model":"m","conversation":"c"})")).value().body).as_object();
    BOOST_TEST(!stored.contains("input"));
    BOOST_TEST(
        oracle(encode(good(R"({"model":"m","input":[]})")).value().body).at("input").as_array().empty());
    // Another one refuses by name.
    chat_request chained = good(R"({"model":"m","input":"q","previous_response_id":"resp_1"})");
    chained.extra_dialect = "elsewhere";
    BOOST_TEST(code_of(encode(chained).error()) == "unsupported_parameter previous_response_id");
}

BOOST_AUTO_TEST_CASE(refusals_name_the_field)
{
    BOOST_TEST(bad("[]") == "invalid_json ");
    BOOST_TEST(bad("{") == "invalid_json ");
    BOOST_TEST(bad(R"({"model":"m","model":"n","input":"x"})") == "duplicate_field model");
    BOOST_TEST(bad(R"({"input":"x"})") == "missing_required_parameter model");
    BOOST_TEST(bad(R"({"model":"m"})") == "missing_required_parameter input");
    BOOST_TEST(bad(R"({"model":"m","input":7})") == "invalid_type input");
    BOOST_TEST(bad(R"({"model":"m","input":[7]})") == "invalid_type input[0]");
    BOOST_TEST(bad(R"({"model":"m","input":[{"content":"x"}]})") ==
               "missing_required_parameter input[0].role");
    BOOST_TEST(bad(R"({"model":"m","input":[{"role":"god","content":"x"}]})") ==
               "invalid_value input[0].role");
    BOOST_TEST(bad(R"({"model":"m","input":[{"role":"user"}]})") ==
               "missing_required_parameter input[0].content");
    BOOST_TEST(bad(R"({"model":"m","input":[{"role":"user","content":[{"type":"input_text"}]}]})") ==
               "missing_required_parameter input[0].content[0].text");
    BOOST_TEST(bad(R"({"model":"m","input":[{"role":"user","content":[{"type":"input_image"}]}]})") ==
               "missing_required_parameter input[0].content[0].image_url");
    BOOST_TEST(bad(R"({"model":"m","input":[{"type":"function_call","name":"f"}]})") ==
               "missing_required_parameter input[0].call_id");
    BOOST_TEST(bad(R"({"model":"m","input":[{"type":"function_call_output","output":"f"}]})") ==
               "missing_required_parameter input[0].call_id");
    BOOST_TEST(bad(R"({"model":"m","input":"x","tools":[{"type":"function"}]})") ==
               "missing_required_parameter tools[0].name");
    BOOST_TEST(bad(R"({"model":"m","input":"x","tool_choice":7})") == "invalid_type tool_choice");
    BOOST_TEST(bad(R"({"model":"m","input":"x","text":{"format":{"type":"json_schema"}}})") ==
               "missing_required_parameter text.format.schema");
    BOOST_TEST(bad(R"({"model":"m","input":"x","reasoning":"high"})") == "invalid_type reasoning");
    BOOST_TEST(bad(R"({"model":"m","input":"x","include":[1]})") == "invalid_type include[0]");
    BOOST_TEST(bad(R"({"model":"m","input":"x","background":true})") == "invalid_value background");
    BOOST_TEST(bad(R"({"model":"m","input":"x","stream":"yes"})") == "invalid_type stream");
    BOOST_TEST(bad(R"({"model":"m","input":"x","temperature":"hot"})") == "invalid_type temperature");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test::responses
