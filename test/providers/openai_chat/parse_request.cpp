#include "test/providers/openai_chat/support.hpp"

namespace cogate::test {

namespace {

result<chat_request> parse(std::string_view body)
{
    bool stream = false;
    return test::parse_chat(body, stream);
}

std::string with(std::string const& members)
{
    return R"({"model":"m","messages":[{"role":"user","content":"x"}],)" + members + "}";
}

std::string with_message(std::string const& message)
{
    return R"({"model":"m","messages":[{"role":"user","content":"x"},)" + message + "]}";
}

void refuses(std::string const& body, std::string const& param)
{
    BOOST_TEST_CONTEXT(body)
    {
        result<chat_request> const r = parse(body);
        BOOST_REQUIRE(!r.has_value());
        BOOST_TEST(r.error()->param == param);
        BOOST_TEST(r.error()->status == 400);
        BOOST_TEST((r.error()->kind == error_kind::invalid_request));
        BOOST_TEST(r.error().type() == "invalid_request_error");
        BOOST_TEST(r.error()->message.find(param) != std::string::npos);
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(providers_openai_chat_parse_request)

BOOST_AUTO_TEST_CASE(every_wrong_type_names_its_field)
{
    for (char const* name : {"temperature",
                             "top_p",
                             "presence_penalty",
                             "frequency_penalty",
                             "max_tokens",
                             "max_completion_tokens",
                             "n",
                             "seed",
                             "top_logprobs",
                             "top_k",
                             "logprobs",
                             "store",
                             "stream",
                             "parallel_tool_calls",
                             "stop",
                             "tools",
                             "metadata",
                             "logit_bias",
                             "audio",
                             "prediction",
                             "web_search_options",
                             "stream_options",
                             "modalities"}) {
        refuses(
            with("\"" + std::string(name) + "\":" + (std::string_view(name) == "stop" ? "1" : "\"text\"")),
            name);
    }
    for (char const* name : {"user", "service_tier", "verbosity", "reasoning_effort", "safety_identifier",
                             "prompt_cache_key", "tool_choice", "response_format"}) {
        refuses(with("\"" + std::string(name) + "\":3"), name);
    }
    refuses(with(R"("n":1.5)"), "n");
    refuses(with(R"("seed":12345678901234567890)"), "seed");
    refuses(with(R"("stop":["a",2])"), "stop[1]");
    refuses(with(R"("modalities":["text",null])"), "modalities[1]");
    refuses(with(R"("stream_options":{"include_usage":1})"), "stream_options.include_usage");
    refuses(with(R"("tools":[7])"), "tools[0]");
    refuses(with(R"("tools":[{"type":"function"}])"), "tools[0].function");
    refuses(with(R"("tools":[{"type":"function","function":{"parameters":{}}}])"), "tools[0].function.name");
    refuses(with(R"("tools":[{"type":"function","function":{"name":"f","parameters":"{}"}}])"),
            "tools[0].function.parameters");
    refuses(with(R"("response_format":{"type":"json_schema"})"), "response_format.json_schema");
    refuses(with(R"("response_format":{"type":"json_schema","json_schema":{"name":"a","schema":[]}})"),
            "response_format.json_schema.schema");
}

BOOST_AUTO_TEST_CASE(messages_are_checked)
{
    refuses(R"({"messages":[{"role":"user","content":"x"}]})", "model");
    refuses(R"({"model":"","messages":[{"role":"user","content":"x"}]})", "model");
    refuses(R"({"model":1,"messages":[{"role":"user","content":"x"}]})", "model");
    refuses(R"({"model":"m"})", "messages");
    refuses(R"({"model":"m","messages":null})", "messages");
    refuses(R"({"model":"m","messages":[]})", "messages");
    refuses(R"({"model":"m","messages":"x"})", "messages");
    refuses(with_message("7"), "messages[1]");
    refuses(with_message(R"({"content":"x"})"), "messages[1].role");
    refuses(with_message(R"({"role":"king","content":"x"})"), "messages[1].role");
    refuses(with_message(R"({"role":"user"})"), "messages[1].content");
    refuses(with_message(R"({"role":"user","content":null})"), "messages[1].content");
    refuses(with_message(R"({"role":"user","content":5})"), "messages[1].content");
    refuses(with_message(R"({"role":"tool","content":"x"})"), "messages[1].tool_call_id");
    refuses(with_message(R"({"role":"user","content":[5]})"), "messages[1].content[0]");
    refuses(with_message(R"({"role":"user","content":[{"text":"x"}]})"), "messages[1].content[0].type");
    refuses(
        with_message(R"({"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":1}]})"),
        "messages[1].content[1].text");
    refuses(with_message(R"({"role":"user","content":[{"type":"image_url","image_url":{"url":1}}]})"),
            "messages[1].content[0].image_url.url");
    refuses(with_message(R"({"role":"user","content":[{"type":"input_audio","input_audio":{}}]})"),
            "messages[1].content[0].input_audio.data");
    refuses(with_message(R"({"role":"assistant","tool_calls":{}})"), "messages[1].tool_calls");
    refuses(with_message(R"({"role":"assistant","tool_calls":[{"id":"a","type":"function"}]})"),
            "messages[1].tool_calls[0].function");
    refuses(
        with_message(
            R"({"role":"assistant","tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":{}}}]})"),
        "messages[1].tool_calls[0].function.arguments");
}

BOOST_AUTO_TEST_CASE(what_is_no_json_object_is_refused)
{
    for (std::string const& body :
         {std::string(), std::string("[]"), std::string("{"), std::string("nul"), with(R"("a":1,)"),
          with("\"user\":\"\xff\""), with(R"("a":01)"), std::string(200, '[')}) {
        result<chat_request> const r = parse(body);
        BOOST_REQUIRE(!r.has_value());
        BOOST_TEST(r.error()->code == "invalid_json");
        BOOST_TEST(r.error()->status == 400);
    }
    result<chat_request> const twice = parse(with(R"("mod\u0065l":"other")"));
    BOOST_REQUIRE(!twice.has_value());
    BOOST_TEST(twice.error()->code == "duplicate_field");
}

BOOST_AUTO_TEST_CASE(values_arrive)
{
    bool stream = false;
    auto const r = test::parse_chat(
        with(
            R"("temperature":0.7,"top_p":1E-1,"stop":"end","seed":9007199254740993,"max_tokens":1e2,"stream":true,
               "stream_options":{"include_usage":true,"include_obfuscation":false},"x_big":12345678901234567890,
               "x_exact":0.10000000000000000000001,"x_null":null,"tool_choice":{"type":"function","function":{"name":"f"}},
               "response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"a" : 1},"strict":true}})"),
        stream);
    BOOST_REQUIRE(r.has_value());
    BOOST_TEST(stream);
    BOOST_TEST(r->temperature.text() == "0.7");
    BOOST_TEST(r->top_p.text() == "1E-1");
    BOOST_TEST(r->stop_is_text);
    BOOST_TEST(*r->seed == 9007199254740993);
    BOOST_TEST(*r->max_tokens == 100);
    BOOST_TEST(r->include_usage);
    BOOST_TEST(r->stream_options_extra.text == R"({"include_obfuscation":false})");
    BOOST_TEST(r->extra.find("x_big")->text == "12345678901234567890");
    BOOST_TEST(r->extra.find("x_exact")->text == "0.10000000000000000000001");
    BOOST_TEST(r->extra.find("x_null")->text == "null");
    BOOST_TEST(r->extra.size() == 3U);
    BOOST_TEST((r->tool_choice->how == tool_choice::mode::function));
    BOOST_TEST(r->response_format->schema.text == "{\"a\" : 1}");
}

BOOST_AUTO_TEST_CASE(parts_and_marks_arrive)
{
    auto const r = parse(R"({"model":"m","messages":[
        {"role":"system","content":[{"type":"text","text":"s","cache_control":{"type":"ephemeral","ttl":"1h"}}]},
        {"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,QUJD","detail":"low","x":1}},
            {"type":"input_audio","input_audio":{"data":"QQ==","format":"wav"}},
            {"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,QQ=="}},{"type":"new","a":[1]}]},
        {"role":"assistant","content":null,"refusal":null,"thinking_blocks":[{"type":"thinking","thinking":"hm","signature":"s1"},
            {"type":"redacted_thinking","data":"zz"}],"tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{"},
            "extra_content":{"google":{"thought_signature":"tt"}}},{"id":"d","type":"custom","custom":{"name":"g","input":"raw"}}]},
        {"role":"function","name":"f","content":"old"}]})");
    BOOST_REQUIRE_MESSAGE(r.has_value(), (r ? "" : r.error()->message));
    BOOST_TEST(std::get<text_part>(r->messages[0].content[0]).cache->ttl == "1h");
    auto const& image = std::get<image_part>(r->messages[1].content[0]);
    BOOST_TEST(image.source.data == "QUJD");
    BOOST_TEST(image.source.media_type == "image/png");
    BOOST_TEST(image.detail == "low");
    BOOST_TEST(image.extra.find("image_url")->text == R"({"x":1})");
    BOOST_TEST(std::get<audio_part>(r->messages[1].content[1]).format == "wav");
    BOOST_TEST(std::get<file_part>(r->messages[1].content[2]).source.media_type == "application/pdf");
    BOOST_TEST(std::get<unknown_part>(r->messages[1].content[3]).value.text == R"({"type":"new","a":[1]})");
    message const& answer = r->messages[2];
    BOOST_TEST(std::get<reasoning_part>(answer.content[0]).signature == "s1");
    BOOST_TEST(std::get<reasoning_part>(answer.content[1]).redacted == "zz");
    BOOST_TEST(answer.tool_calls[0].signature == "tt");
    BOOST_TEST(answer.tool_calls[1].arguments == "raw");
    BOOST_TEST((r->messages[3].role == role::tool));

    auto const sent = test::encode_chat(*r, "m", false);
    BOOST_REQUIRE(sent.has_value());
    bool stream = false;
    auto const again = test::parse_chat(sent->body, stream);
    BOOST_REQUIRE(again.has_value());
    BOOST_TEST((*again == *r));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test
