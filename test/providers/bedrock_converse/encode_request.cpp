#include "providers/bedrock_converse/dialect.hpp"
#include "test/providers/bedrock_converse/support.hpp"

namespace cogate::test::bedrock {

namespace {

constexpr char claude[] = "anthropic.claude-sonnet-4-5-20250929-v1:0";

result<providers::encoded_request> encode(chat_request const& request, std::string model = claude,
                                          bool stream = false)
{
    return providers::bedrock_converse::client().encode_chat(request,
                                                             provider_context(std::move(model), stream));
}

void check_body(chat_request const& request, std::string_view expected, std::string model = claude)
{
    const auto encoded = encode(request, std::move(model));
    BOOST_REQUIRE_MESSAGE(encoded.has_value(), (encoded ? "" : encoded.error()->message));
    BOOST_TEST((oracle(encoded->body) == oracle(expected)), encoded->body);
}

void check_refused(chat_request const& request, std::string_view code, std::string_view param,
                   std::string model = claude)
{
    const auto encoded = encode(request, std::move(model));
    BOOST_REQUIRE(!encoded);
    BOOST_TEST((encoded.error()->kind == error_kind::invalid_request));
    BOOST_TEST(encoded.error()->code == code);
    BOOST_TEST(encoded.error()->param == param);
}

message calling(std::vector<tool_call> calls)
{
    message m;
    m.role = role::assistant;
    m.tool_calls = std::move(calls);
    return m;
}

message with(content_part part, role who = role::user)
{
    message m;
    m.role = who;
    m.content.push_back(std::move(part));
    return m;
}

tool weather()
{
    return {.name = "weather", .parameters = {R"({"type":"object"})"}};
}

file_part pdf(std::string name)
{
    file_part part;
    part.source.data = "JVBERi0=";
    part.source.media_type = "application/pdf";
    part.filename = std::move(name);
    return part;
}

} // namespace

BOOST_AUTO_TEST_SUITE(providers_bedrock_converse_encode_request)

BOOST_AUTO_TEST_CASE(the_model_stands_encoded_in_the_path)
{
    const chat_request ask{.model = "m", .messages = {user("hi")}};
    BOOST_TEST(encode(ask)->path == "/model/anthropic.claude-sonnet-4-5-20250929-v1%3A0/converse");
    BOOST_TEST(encode(ask, "converse/amazon.nova-lite-v1:0", true)->path ==
               "/model/amazon.nova-lite-v1%3A0/converse-stream");
    BOOST_TEST(encode(ask, "arn:aws:bedrock:us-east-1:1:inference-profile/x")->path ==
               "/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A1%3Ainference-profile%2Fx/converse");
    BOOST_TEST(providers::bedrock_converse::client().stream_accept() == "application/vnd.amazon.eventstream");
    BOOST_TEST(providers::bedrock_converse::client().streams_as("Application/vnd.amazon.eventstream; x"));
    BOOST_TEST(!providers::bedrock_converse::client().streams_as("text/event-stream"));
}

BOOST_AUTO_TEST_CASE(sampling_goes_to_inference_config)
{
    chat_request ask{.model = "m", .messages = {user("hi")}};
    check_body(ask, R"({"messages":[{"role":"user","content":[{"text":"hi"}]}]})");
    ask.temperature = number_text::from_json("0.7");
    ask.top_p = 1.0;
    ask.max_tokens = 10;
    ask.stop = {"|"};
    ask.top_k = 5;
    check_body(ask, R"({"messages":[{"role":"user","content":[{"text":"hi"}]}],
        "inferenceConfig":{"maxTokens":10,"temperature":0.7,"topP":1,"stopSequences":["|"]},
        "additionalModelRequestFields":{"top_k":5}})");
    check_body(ask, R"({"messages":[{"role":"user","content":[{"text":"hi"}]}],
        "inferenceConfig":{"maxTokens":10,"temperature":0.7,"topP":1,"stopSequences":["|"]},
        "additionalModelRequestFields":{"inferenceConfig":{"topK":5}}})",
               "us.amazon.nova-micro-v1:0");
}

BOOST_AUTO_TEST_CASE(roles_alternate_and_system_texts_stand_apart)
{
    const chat_request ask{.model = "m",
                           .messages = {system("a"), user("b"), user("c"), assistant("d"), system("e"),
                                        assistant("f"), user("g")}};
    check_body(ask, R"({"system":[{"text":"a"},{"text":"e"}],"messages":[
        {"role":"user","content":[{"text":"b"},{"text":"c"}]},
        {"role":"assistant","content":[{"text":"d"},{"text":"f"}]},
        {"role":"user","content":[{"text":"g"}]}]})");
}

BOOST_AUTO_TEST_CASE(blank_texts_are_left_out_with_their_turn)
{
    const chat_request ask{.model = "m", .messages = {system(""), user("a"), assistant(" \n"), user("b")}};
    check_body(ask, R"({"messages":[{"role":"user","content":[{"text":"a"},{"text":"b"}]}]})");
}

BOOST_AUTO_TEST_CASE(results_of_tools_are_one_turn_of_the_user)
{
    message failed = tool_result("b", "broken");
    failed.tool_error = true;
    const chat_request ask{.model = "m",
                           .messages = {user("go"),
                                        calling({{.id = "a", .name = "weather", .arguments = R"({"x":1})"},
                                                 {.id = "b", .name = "weather", .arguments = ""}}),
                                        tool_result("a", "fine"), failed, tool_result("a", "")},
                           .tools = {weather()}};
    check_body(ask, R"+({"messages":[{"role":"user","content":[{"text":"go"}]},
        {"role":"assistant","content":[{"toolUse":{"toolUseId":"a","name":"weather","input":{"x":1}}},
                                       {"toolUse":{"toolUseId":"b","name":"weather","input":{}}}]},
        {"role":"user","content":[{"toolResult":{"toolUseId":"a","content":[{"text":"fine"}]}},
            {"toolResult":{"toolUseId":"b","content":[{"text":"broken"}],"status":"error"}},
            {"toolResult":{"toolUseId":"a","content":[{"text":"(no output)"}]}}]}],
        "toolConfig":{"tools":[{"toolSpec":{"name":"weather",
            "inputSchema":{"json":{"type":"object"}}}}]}})+");
}

BOOST_AUTO_TEST_CASE(arguments_that_are_no_object_are_wrapped)
{
    const chat_request ask{
        .model = "m",
        .messages = {user("go"), calling({{.id = "a", .name = "f", .arguments = "{\"x\":"}})},
        .tools = {weather()}};
    const auto body = oracle(encode(ask)->body);
    BOOST_TEST((body.at("messages").at(1).at("content").at(0).at("toolUse").at("input") ==
                oracle(R"({"input":"{\"x\":"})")));
}

BOOST_AUTO_TEST_CASE(ids_that_bedrock_refuses_are_replaced_one_to_one)
{
    const std::string strange = "call|with/odd letters";
    const std::string long_one(100, 'x');
    const chat_request ask{.model = "m",
                           .messages = {user("go"),
                                        calling({{.id = strange, .name = "f", .arguments = "{}"},
                                                 {.id = long_one, .name = "f", .arguments = "{}"},
                                                 {.id = "good", .name = "f", .arguments = "{}"}}),
                                        tool_result(strange, "1"), tool_result(long_one, "2"),
                                        tool_result("good", "3")}};
    const auto ids = [&](std::string const& model) {
        std::vector<std::string> out;
        const bj::value body = oracle(encode(ask, model)->body);
        for (int i = 0; i != 3; ++i) {
            out.push_back(text_at(body.at("messages").at(1).at("content").at(i).at("toolUse"), "toolUseId"));
            BOOST_TEST(out.back() ==
                       text_at(body.at("messages").at(2).at("content").at(i).at("toolResult"), "toolUseId"));
        }
        return out;
    };
    const std::vector<std::string> made = ids(claude);
    BOOST_TEST(made[0].size() == 29U);
    BOOST_TEST(made[0].starts_with("call_"));
    BOOST_TEST(made[0] != made[1]);
    BOOST_TEST(made[2] == "good");
    BOOST_TEST(ids(claude) == made, boost::test_tools::per_element());
    for (std::string const& id : ids("mistral.mistral-large-2407-v1:0")) {
        BOOST_TEST(id.size() == 9U);
        BOOST_TEST(id.find_first_not_of("0123456789abcdefghijklmnopqrstuvwxyz") == std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(a_history_with_calls_brings_tools_along)
{
    const chat_request ask{.model = "m",
                           .messages = {user("go"), calling({{.id = "a", .name = "f", .arguments = "{}"}}),
                                        tool_result("a", "1")}};
    const bj::value tools = oracle(encode(ask)->body).at("toolConfig");
    BOOST_TEST((tools == oracle(R"({"tools":[{"toolSpec":{"name":"f",
        "inputSchema":{"json":{"type":"object","properties":{}}}}}]})")));
}

BOOST_AUTO_TEST_CASE(choices_of_tools)
{
    chat_request ask{.model = "m", .messages = {user("go")}, .tools = {weather()}};
    const auto choice = [&](tool_choice how) {
        ask.tool_choice = std::move(how);
        const bj::value body = oracle(encode(ask)->body);
        bj::value const* config = at(body, "toolConfig");
        bj::value const* found = config == nullptr ? nullptr : at(*config, "toolChoice");
        return std::string(config == nullptr  ? "no tools"
                           : found == nullptr ? "none"
                                              : bj::serialize(*found));
    };
    BOOST_TEST(choice({.how = tool_choice::mode::automatic}) == R"({"auto":{}})");
    BOOST_TEST(choice({.how = tool_choice::mode::required}) == R"({"any":{}})");
    BOOST_TEST(choice({.how = tool_choice::mode::function, .name = "weather"}) ==
               R"({"tool":{"name":"weather"}})");
    BOOST_TEST(choice({.how = tool_choice::mode::none}) == "no tools");
    ask.messages = {user("go"), calling({{.id = "a", .name = "weather", .arguments = "{}"}}),
                    tool_result("a", "1")};
    BOOST_TEST(choice({.how = tool_choice::mode::none}) == "none");
}

BOOST_AUTO_TEST_CASE(tools_of_other_dialects_are_refused_and_bedrocks_own_go_through)
{
    chat_request ask{.model = "m", .messages = {user("go")}};
    ask.tools = {weather(), {.name = "", .type = "web_search", .definition = {R"({"type":"web_search"})"}}};
    check_refused(ask, "unsupported_content", "tools[1]");
    ask.tools[1].definition.text = R"({"systemTool":{"name":"nova_grounding"}})";
    BOOST_TEST((oracle(encode(ask)->body).at("toolConfig").at("tools").at(1) ==
                oracle(ask.tools[1].definition.text)));
}

BOOST_AUTO_TEST_CASE(marks_become_cache_points_where_the_model_has_a_cache)
{
    chat_request ask{.model = "m", .messages = {system("s"), user("u")}, .tools = {weather()}};
    std::get<text_part>(ask.messages[0].content[0]).cache = cache_mark{};
    ask.messages[1].cache = cache_mark{.ttl = "1h"};
    ask.tools[0].cache = cache_mark{};
    check_body(ask,
               R"({"messages":[{"role":"user","content":[{"text":"u"},
            {"cachePoint":{"type":"default","ttl":"1h"}}]}],
        "system":[{"text":"s"},{"cachePoint":{"type":"default"}}],
        "toolConfig":{"tools":[{"toolSpec":{"name":"weather","inputSchema":{"json":{"type":"object"}}}},
                               {"cachePoint":{"type":"default"}}]}})");
    BOOST_TEST(encode(ask, "meta.llama3-70b-instruct-v1:0")->body.find("cachePoint") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(media_go_as_bytes_or_from_s3)
{
    image_part image;
    image.source.data = "iVBORw0KGgo=";
    chat_request ask{.model = "m", .messages = {with(image)}};
    check_body(ask, R"({"messages":[{"role":"user","content":[
        {"image":{"format":"png","source":{"bytes":"iVBORw0KGgo="}}}]}]})");
    image.source = {};
    image.source.url = "s3://bucket/a.jpg";
    ask.messages = {with(image)};
    check_body(ask, R"({"messages":[{"role":"user","content":[
        {"image":{"format":"jpeg","source":{"s3Location":{"uri":"s3://bucket/a.jpg"}}}}]}]})");
    audio_part audio{.source = {.url = "", .data = "AAAA", .file_id = "", .media_type = ""}, .format = "wav"};
    ask.messages = {with(audio)};
    check_body(ask, R"({"messages":[{"role":"user","content":[
        {"audio":{"format":"wav","source":{"bytes":"AAAA"}}}]}]})");
}

BOOST_AUTO_TEST_CASE(content_that_bedrock_cannot_take_is_named)
{
    image_part image;
    image.source.url = "https://example.com/a.png";
    check_refused({.model = "m", .messages = {user("a"), with(image)}}, "unsupported_content",
                  "messages[1].content[0]");
    image.source = {.url = "", .data = "AAAA", .file_id = "", .media_type = "image/tiff"};
    check_refused({.model = "m", .messages = {with(image)}}, "unsupported_content", "messages[0].content[0]");
    file_part file;
    file.source.file_id = "file-1";
    check_refused({.model = "m", .messages = {with(file)}}, "unsupported_content", "messages[0].content[0]");
    file.source = {.url = "", .data = "AAAA", .file_id = "", .media_type = "application/zip"};
    check_refused({.model = "m", .messages = {with(file)}}, "unsupported_content", "messages[0].content[0]");
    check_refused({.model = "m", .messages = {with(unknown_part{.type = "input_video", .value = {"{}"}})}},
                  "unsupported_content", "messages[0].content[0]");
    image.source = {.url = "", .data = "iVBORw0KGgo=", .file_id = "", .media_type = "image/png"};
    check_refused({.model = "m", .messages = {with(image, role::system), user("a")}}, "unsupported_content",
                  "messages[0].content[0]");
}

BOOST_AUTO_TEST_CASE(blocks_of_converse_go_through_whole)
{
    const std::string block = R"({"guardContent":{"text":{"text":"x"}}})";
    const chat_request ask{.model = "m",
                           .messages = {with(unknown_part{.type = "guardContent", .value = {block}})}};
    BOOST_TEST((oracle(encode(ask)->body).at("messages").at(0).at("content").at(0) == oracle(block)));
}

BOOST_AUTO_TEST_CASE(documents_have_clean_names_and_a_text_beside)
{
    message both = with(pdf("a_b  c.v2.PDF"));
    both.content.emplace_back(pdf("a_b  c.v2.PDF"));
    both.content.emplace_back(pdf("///"));
    const bj::value body = oracle(encode({.model = "m", .messages = {both}})->body);
    bj::array const& content = body.at("messages").at(0).at("content").as_array();
    BOOST_REQUIRE_EQUAL(content.size(), 4U);
    BOOST_TEST(text_at(content[0].at("document"), "name") == "a b c v2");
    BOOST_TEST(text_at(content[1].at("document"), "name") == "a b c v2 2");
    BOOST_TEST(text_at(content[2].at("document"), "name") == "document");
    BOOST_TEST(text_at(content[0].at("document"), "format") == "pdf");
    BOOST_TEST(text_at(content[3], "text") == "See the attached document.");
}

BOOST_AUTO_TEST_CASE(sealed_reasoning_goes_back_untouched_and_other_does_not)
{
    message said;
    said.role = role::assistant;
    said.content = {reasoning_part{.text = "hm", .signature = "c2ln"},
                    reasoning_part{.text = "", .redacted = "cmVk"}, reasoning_part{.text = "unsigned"},
                    text_part{.text = "yes"}};
    const chat_request ask{.model = "m", .messages = {user("a"), said}};
    BOOST_TEST((oracle(encode(ask)->body).at("messages").at(1).at("content") == oracle(R"([
        {"reasoningContent":{"reasoningText":{"text":"hm","signature":"c2ln"}}},
        {"reasoningContent":{"redactedContent":"cmVk"}},{"text":"yes"}])")));
}

BOOST_AUTO_TEST_CASE(a_wish_for_reasoning_in_the_models_words)
{
    chat_request ask{.model = "m", .messages = {user("a")}};
    const auto fields = [&](std::string model) {
        const bj::value body = oracle(encode(ask, std::move(model))->body);
        bj::value const* found = at(body, "additionalModelRequestFields");
        return found == nullptr ? std::string() : std::string(bj::serialize(*found));
    };
    ask.reasoning.effort = "medium";
    BOOST_TEST(fields(claude) == R"({"thinking":{"type":"enabled","budget_tokens":2048}})");
    BOOST_TEST(fields("anthropic.claude-opus-4-6-v1") ==
               R"({"thinking":{"type":"adaptive"},"output_config":{"effort":"medium"}})");
    BOOST_TEST(fields("us.amazon.nova-2-lite-v1:0") ==
               R"({"reasoningConfig":{"type":"enabled","maxReasoningEffort":"medium"}})");
    BOOST_TEST(fields("openai.gpt-oss-20b-1:0") == R"({"reasoning_effort":"medium"})");
    ask.reasoning = {.budget_tokens = 4000};
    BOOST_TEST(fields(claude) == R"({"thinking":{"type":"enabled","budget_tokens":4000}})");
    ask.reasoning = {.effort = "none"};
    BOOST_TEST(fields(claude) == R"({"thinking":{"type":"disabled"}})");
    ask.reasoning = {.effort = "low"};
    check_refused(ask, "unsupported_parameter", "reasoning_effort", "anthropic.claude-3-haiku-20240307-v1:0");
    ask.max_tokens = 500;
    BOOST_TEST(number_at(oracle(encode(ask)->body).at("inferenceConfig"), "maxTokens") == 1524);
}

BOOST_AUTO_TEST_CASE(a_schema_goes_to_output_config_or_to_a_forced_tool)
{
    chat_request ask{.model = "m", .messages = {user("a")}};
    ask.response_format = response_format{
        .type = response_format::kind::json_schema, .name = "n", .schema = {R"({"type":"object"})"}};
    check_body(ask, R"({"messages":[{"role":"user","content":[{"text":"a"}]}],
        "outputConfig":{"textFormat":{"type":"json_schema","structure":{"jsonSchema":{
            "schema":"{\"type\":\"object\"}","name":"n"}}}}})");
    const bj::value forced = oracle(encode(ask, "us.amazon.nova-lite-v1:0")->body);
    BOOST_TEST(at(forced, "outputConfig") == nullptr);
    BOOST_TEST((forced.at("toolConfig").at("toolChoice") ==
                oracle(R"({"tool":{"name":"cogate_structured_answer"}})")));
    ask.tools = {weather()};
    BOOST_TEST((oracle(encode(ask, "us.amazon.nova-lite-v1:0")->body).at("toolConfig").at("toolChoice") ==
                oracle(R"({"any":{}})")));
    ask.tools.clear();
    ask.reasoning.effort = "low"; // a model that thinks cannot be forced
    BOOST_TEST(at(oracle(encode(ask, "anthropic.claude-sonnet-4-20250514-v1:0")->body).at("toolConfig"),
                  "toolChoice") == nullptr);
    ask.reasoning = {};
    ask.response_format->type = response_format::kind::json_object;
    BOOST_TEST((oracle(encode(ask)->body).at("toolConfig").at("tools").as_array().size() == 1U));
}

BOOST_AUTO_TEST_CASE(fields_of_converse_stand_at_the_top_and_others_are_the_models)
{
    chat_request ask{.model = "m", .messages = {user("a")}};
    ask.service_tier = "flex";
    ask.top_k = 3;
    ask.extra.set("guardrailConfig", {R"({"guardrailIdentifier":"g"})"});
    ask.extra.set("anthropic_beta", {R"(["x"])"});
    ask.extra.set("additionalModelRequestFields", {R"({"top_k":4,"k":5})"});
    check_body(ask, R"({"messages":[{"role":"user","content":[{"text":"a"}]}],"serviceTier":{"type":"flex"},
        "guardrailConfig":{"guardrailIdentifier":"g"},
        "additionalModelRequestFields":{"top_k":4,"anthropic_beta":["x"],"k":5}})");
    ask.extra.set("additionalModelRequestFields", {"[]"});
    check_refused(ask, "invalid_type", "additionalModelRequestFields");
}

BOOST_AUTO_TEST_CASE(parameters_without_counterpart_are_named)
{
    chat_request ask{.model = "m", .messages = {user("a")}};
    ask.seed = 1;
    check_refused(ask, "unsupported_parameter", "seed");
    provider_context dropping(claude);
    dropping.rules().drop_params = true;
    BOOST_TEST(providers::bedrock_converse::client().encode_chat(ask, dropping).has_value());
    ask.seed.reset();
    ask.web_search_options = {"{}"};
    check_refused(ask, "unsupported_parameter", "web_search_options");
    BOOST_TEST(encode(ask, "us.amazon.nova-2-lite-v1:0")->body.find("nova_grounding") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(json_by_hand_that_is_none_is_refused)
{
    chat_request ask{.model = "m", .messages = {user("a")}, .tools = {weather()}};
    ask.tools[0].parameters.text = "{";
    check_refused(ask, "invalid_json", "json");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test::bedrock
