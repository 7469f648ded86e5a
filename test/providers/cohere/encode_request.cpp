#include "providers/cohere/dialect.hpp"
#include "test/providers/natives.hpp"

namespace cogate::test::natives {

namespace {

auto encode(chat_request const& r, provider_context const& context = provider_context("command"))
{
    return providers::cohere::client().encode_chat(r, context);
}

void check_refused(chat_request const& r, std::string_view code, std::string_view param)
{
    auto const encoded = encode(r);
    BOOST_REQUIRE(!encoded.has_value());
    BOOST_TEST((encoded.error()->kind == error_kind::invalid_request));
    BOOST_TEST(encoded.error()->code == code);
    BOOST_TEST(encoded.error()->param == param);
}

} // namespace

BOOST_AUTO_TEST_SUITE(providers_cohere_encode_request)

BOOST_AUTO_TEST_CASE(parameters_get_coheres_names_and_ranges)
{
    chat_request r = ask("hi");
    r.temperature = number_text(1.7);
    r.top_p = number_text(1.0);
    r.top_k = 900;
    r.max_tokens = 10;
    r.max_completion_tokens = 20;
    r.stop = {"a", "b"};
    r.seed = 7;
    r.presence_penalty = number_text(-0.5);
    r.frequency_penalty = number_text(0.25);
    r.logprobs = true;
    auto const encoded = encode(r);
    BOOST_REQUIRE(encoded.has_value());
    BOOST_TEST(encoded->path == "/v2/chat");
    BOOST_TEST(body_of(encoded) == oracle(R"({"model":"command","messages":[{"role":"user","content":"hi"}],
        "temperature":1,"p":0.99,"k":500,"max_tokens":20,"stop_sequences":["a","b"],"seed":7,
        "presence_penalty":0,"frequency_penalty":0.25,"logprobs":true,"stream":false})"));
    BOOST_TEST(body_of(encode(ask("x"), provider_context("command", true))).at("stream").as_bool());
}

BOOST_AUTO_TEST_CASE(what_cohere_lacks_is_refused_by_name_or_dropped)
{
    chat_request r = ask("hi");
    r.n = 2;
    check_refused(r, "unsupported_parameter", "n");
    provider_context dropping("command");
    dropping.rules().drop_params = true;
    BOOST_TEST(encode(r, dropping).has_value());
    chat_request json = ask("hi");
    json.tools.push_back(weather_tool());
    json.response_format = response_format{.type = response_format::kind::json_object};
    check_refused(json, "unsupported_parameter", "response_format");
    BOOST_TEST(!body_of(encode(json, dropping)).as_object().contains("response_format"));
}

BOOST_AUTO_TEST_CASE(tools_and_choices)
{
    chat_request r = ask("hi");
    r.tools = {weather_tool(), tool{.name = "clock", .parameters = raw_json{"{}"}, .strict = true}};
    BOOST_TEST(body_of(encode(r)).at("tools") == oracle(R"([{"type":"function","function":{"name":"weather",
        "description":"looks","parameters":{"type":"object"}}},{"type":"function","function":{"name":"clock","parameters":{}}}])"));
    BOOST_TEST(body_of(encode(r)).at("strict_tools").as_bool());
    r.tool_choice = tool_choice{.how = tool_choice::mode::automatic};
    BOOST_TEST(!body_of(encode(r)).as_object().contains("tool_choice"));
    r.tool_choice->how = tool_choice::mode::none;
    BOOST_TEST(text_at(body_of(encode(r)), "tool_choice") == "NONE");
    r.tool_choice->how = tool_choice::mode::required;
    BOOST_TEST(text_at(body_of(encode(r)), "tool_choice") == "REQUIRED");
    r.tool_choice = tool_choice{.how = tool_choice::mode::function, .name = "clock"};
    auto const one = body_of(encode(r));
    BOOST_TEST(text_at(one, "tool_choice") == "REQUIRED");
    BOOST_TEST(one.at("tools").as_array().size() == 1U);
    r.tool_choice->name = "nobody";
    check_refused(r, "invalid_value", "tool_choice");
}

BOOST_AUTO_TEST_CASE(json_output)
{
    chat_request r = ask("hi");
    r.response_format = response_format{
        .type = response_format::kind::json_schema, .name = "n", .schema = raw_json{R"({"type":"object"})"}};
    BOOST_TEST(body_of(encode(r)).at("response_format") ==
               oracle(R"({"type":"json_object","json_schema":{"type":"object"}})"));
}

BOOST_AUTO_TEST_CASE(thinking)
{
    chat_request r = ask("hi");
    r.reasoning.effort = "none";
    BOOST_TEST(body_of(encode(r)).at("thinking") == oracle(R"({"type":"disabled"})"));
    r.reasoning.effort = "low";
    BOOST_TEST(body_of(encode(r)).at("thinking") == oracle(R"({"type":"enabled","token_budget":1024})"));
    r.reasoning = {};
    r.reasoning.budget_tokens = 300;
    BOOST_TEST(body_of(encode(r)).at("thinking") == oracle(R"({"type":"enabled","token_budget":300})"));
    r.reasoning = {};
    r.reasoning.enabled = true;
    BOOST_TEST(body_of(encode(r)).at("thinking") == oracle(R"({"type":"enabled"})"));
}

BOOST_AUTO_TEST_CASE(a_tool_turn_keeps_its_plan_and_results)
{
    chat_request r = ask("weather?");
    r.messages.insert(r.messages.begin(), text_message(role::developer, "be brief"));
    message call{.role = role::assistant, .content = {}};
    call.content.emplace_back(reasoning_part{.text = "I will look.", .field = "reasoning_content"});
    call.tool_calls.push_back({.id = "c1", .name = "weather", .arguments = ""});
    r.messages.push_back(call);
    r.messages.push_back(tool_result("c1", "sunny"));
    BOOST_TEST(body_of(encode(r)).at("messages") == oracle(R"([{"role":"system","content":"be brief"},
        {"role":"user","content":"weather?"},
        {"role":"assistant","tool_calls":[{"id":"c1","type":"function","function":{"name":"weather","arguments":"{}"}}],
         "tool_plan":"I will look."},
        {"role":"tool","tool_call_id":"c1","content":"sunny"}])"));
}

BOOST_AUTO_TEST_CASE(thoughts_and_pictures_are_parts)
{
    chat_request r;
    message said{.role = role::assistant, .content = {}};
    said.content.emplace_back(reasoning_part{.text = "hm", .field = "thinking"});
    said.content.emplace_back(text_part{.text = "yes"});
    message asked{.role = role::user, .content = {}};
    asked.content_is_text = false;
    asked.content.emplace_back(text_part{.text = "what?"});
    image_part detailed = natives::picture("AA==", "image/gif");
    detailed.detail = "low";
    asked.content.emplace_back(std::move(detailed));
    asked.content.emplace_back(linked_picture("https://x.y/z.png"));
    r.messages = {said, asked};
    BOOST_TEST(body_of(encode(r)).at("messages") == oracle(R"([
        {"role":"assistant","content":[{"type":"thinking","thinking":"hm"},{"type":"text","text":"yes"}]},
        {"role":"user","content":[{"type":"text","text":"what?"},
         {"type":"image_url","image_url":{"url":"data:image/gif;base64,AA==","detail":"low"}},
         {"type":"image_url","image_url":{"url":"https://x.y/z.png"}}]}])"));
    r.messages[1].content.emplace_back(audio_part{.source = natives::picture("AA==").source});
    check_refused(r, "unsupported_content", "messages[1].content[3]");
}

BOOST_AUTO_TEST_CASE(fields_of_its_own_pass_and_foreign_ones_do_not)
{
    chat_request r = ask("hi");
    r.extra.set("safety_mode", raw_json{"\"OFF\""});
    r.extra_dialect = "cohere";
    BOOST_TEST(text_at(body_of(encode(r)), "safety_mode") == "OFF");
    r.extra_dialect = "gemini";
    check_refused(r, "unsupported_parameter", "safety_mode");
    r.extra_dialect.clear();
    r.extra.set("model", raw_json{"\"other\""});
    BOOST_TEST(!encode(r).has_value());
    r.extra = {};
    r.extra.set("broken", raw_json{"{"});
    BOOST_TEST(!encode(r).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test::natives
