#include "providers/ollama/dialect.hpp"
#include "test/providers/natives.hpp"

namespace cogate::test::natives {

namespace {

auto encode(chat_request const& r, provider_context const& context = provider_context("llama3"))
{
    return providers::ollama::client().encode_chat(r, context);
}

} // namespace

BOOST_AUTO_TEST_SUITE(providers_ollama_encode_request)

BOOST_AUTO_TEST_CASE(parameters_are_options)
{
    chat_request r = ask("hi");
    r.temperature = number_text(0.5);
    r.top_p = number_text(0.25);
    r.top_k = 4;
    r.max_tokens = 10;
    r.stop = {"x"};
    r.seed = 7;
    r.presence_penalty = number_text(1.5);
    r.frequency_penalty = number_text(-1.5);
    auto const encoded = encode(r);
    BOOST_REQUIRE(encoded.has_value());
    BOOST_TEST(encoded->path == "/api/chat");
    BOOST_TEST(body_of(encoded) == oracle(R"({"model":"llama3","messages":[{"role":"user","content":"hi"}],
        "stream":false,"options":{"num_predict":10,"temperature":0.5,"top_p":0.25,"top_k":4,"seed":7,
        "presence_penalty":1.5,"frequency_penalty":-1.5,"stop":["x"]}})"));
    // Streams are what Ollama does unless told otherwise.
    BOOST_TEST(body_of(encode(ask("hi"))) ==
               oracle(R"({"model":"llama3","messages":[{"role":"user","content":"hi"}],"stream":false})"));
    BOOST_TEST(body_of(encode(ask("hi"), provider_context("llama3", true))).at("stream").as_bool());
}

BOOST_AUTO_TEST_CASE(members_of_its_own)
{
    chat_request r = ask("hi");
    r.temperature = number_text(0.5);
    r.seed = 3;
    r.extra.set("num_ctx", raw_json{"4096"});
    r.extra.set("keep_alive", raw_json{"\"5m\""});
    r.extra.set("options", raw_json{R"({"seed":9,"mirostat":1})"});
    auto const body = body_of(encode(r));
    BOOST_TEST(body.at("options") == oracle(R"({"temperature":0.5,"seed":9,"mirostat":1,"num_ctx":4096})"));
    BOOST_TEST(text_at(body, "keep_alive") == "5m");
    r.extra.set("options", raw_json{"[]"});
    BOOST_TEST(encode(r).error()->param == "options");
}

BOOST_AUTO_TEST_CASE(tool_turns)
{
    chat_request r = ask("weather?");
    message call{.role = role::assistant, .content = {}};
    call.content.emplace_back(reasoning_part{.text = "hm"});
    call.tool_calls.push_back({.id = "c1", .name = "weather", .arguments = R"({"city":"Paris"})"});
    call.tool_calls.push_back({.id = "c2", .name = "clock", .arguments = ""});
    r.messages.push_back(call);
    r.messages.push_back(tool_result("c2", "noon"));
    r.messages.push_back(tool_result("c9", "?"));
    BOOST_TEST(body_of(encode(r)).at("messages") == oracle(R"([{"role":"user","content":"weather?"},
        {"role":"assistant","content":"","thinking":"hm","tool_calls":[
          {"function":{"name":"weather","arguments":{"city":"Paris"}}},{"function":{"name":"clock","arguments":{}}}]},
        {"role":"tool","content":"noon","tool_name":"clock"},{"role":"tool","content":"?"}])"));
    r.messages[1].tool_calls[1].arguments = "{\"cut";
    auto const refused = encode(r);
    BOOST_REQUIRE(!refused.has_value());
    BOOST_TEST(refused.error()->param == "messages[1].tool_calls[1].function.arguments");
}

BOOST_AUTO_TEST_CASE(tools_cannot_be_forced)
{
    chat_request r = ask("hi");
    r.tools = {weather_tool()};
    BOOST_TEST(body_of(encode(r)).at("tools") == oracle(R"([{"type":"function","function":{"name":"weather",
        "description":"looks","parameters":{"type":"object"}}}])"));
    r.tool_choice = tool_choice{.how = tool_choice::mode::none};
    BOOST_TEST(!body_of(encode(r)).as_object().contains("tools"));
    r.tool_choice->how = tool_choice::mode::required;
    BOOST_TEST(encode(r).error()->param == "tool_choice");
    provider_context dropping("llama3");
    dropping.rules().drop_params = true;
    BOOST_TEST(body_of(encode(r, dropping)).as_object().contains("tools"));
    r.tool_choice.reset();
    r.n = 3;
    BOOST_TEST(encode(r).error()->param == "n");
}

BOOST_AUTO_TEST_CASE(pictures_are_base64)
{
    chat_request r;
    message m{.role = role::user, .content = {}};
    m.content.emplace_back(text_part{.text = "what?"});
    m.content.emplace_back(picture("AA==", "image/png"));
    r.messages = {m};
    BOOST_TEST(body_of(encode(r)).at("messages") ==
               oracle(R"([{"role":"user","content":"what?","images":["AA=="]}])"));
    r.messages[0].content.emplace_back(linked_picture("https://x.y/z"));
    auto const refused = encode(r);
    BOOST_REQUIRE(!refused.has_value());
    BOOST_TEST(refused.error()->code == "unsupported_content");
    BOOST_TEST(refused.error()->param == "messages[0].content[2]");
}

BOOST_AUTO_TEST_CASE(format_and_think)
{
    chat_request r = ask("hi");
    r.response_format = response_format{.type = response_format::kind::json_object};
    BOOST_TEST(text_at(body_of(encode(r)), "format") == "json");
    r.response_format = response_format{
        .type = response_format::kind::json_schema, .name = "n", .schema = raw_json{R"({"type":"object"})"}};
    BOOST_TEST(body_of(encode(r)).at("format") == oracle(R"({"type":"object"})"));
    auto const think = [&](std::string_view effort, std::string model) {
        r.reasoning.effort = effort;
        return body_of(encode(r, provider_context(std::move(model)))).at("think");
    };
    BOOST_TEST(think("none", "qwen3") == oracle("false"));
    BOOST_TEST(think("high", "qwen3") == oracle("true"));
    BOOST_TEST(think("minimal", "gpt-oss:20b") == oracle("\"low\""));
    BOOST_TEST(think("xhigh", "gpt-oss:20b") == oracle("\"high\""));
    BOOST_TEST(think("max", "gpt-oss:20b") == oracle("\"max\""));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test::natives
