#include "test/providers/gemini/support.hpp"

namespace cogate::test::google {

namespace {

chat_request good(std::string_view body)
{
    auto parsed = parse(body);
    BOOST_REQUIRE_MESSAGE(parsed.has_value(), (parsed ? "" : parsed.error()->message));
    return std::move(parsed->request);
}

std::string with_contents(std::string const& more)
{
    return R"({"contents":[{"parts":[{"text":"hi"}]}])" + more + "}";
}

} // namespace

BOOST_AUTO_TEST_SUITE(providers_gemini_parse_request)

BOOST_AUTO_TEST_CASE(path_and_texts)
{
    auto const parsed = parse(
        R"({"system_instruction":{"parts":{"text":"be"}},"contents":[{"role":"user","parts":[{"text":"hi"}]},
        {"role":"model","parts":[{"text":"a"},{"text":"b","thoughtSignature":"s"}]}]})",
        "g", true);
    BOOST_REQUIRE(parsed.has_value());
    BOOST_TEST(parsed->stream);
    chat_request const& r = parsed->request;
    BOOST_TEST(r.model == "g");
    BOOST_REQUIRE_EQUAL(r.messages.size(), 3U);
    BOOST_TEST((r.messages[0] == system("be")));
    BOOST_TEST((r.messages[1] == user("hi")));
    BOOST_TEST(r.messages[2].text() == "ab");
    BOOST_TEST(std::get<reasoning_part>(r.messages[2].content[2]).signature == googles("s"));
    BOOST_TEST(r.extra_dialect.empty());
    BOOST_TEST(!parse("{}", "").has_value());
}

BOOST_AUTO_TEST_CASE(calls_and_results_find_each_other)
{
    const chat_request r = good(R"({"contents":[{"role":"user","parts":[{"text":"q"}]},
        {"role":"model","parts":[{"functionCall":{"name":"f","args":{"a": 1}},"thought_signature":"s"},{"function_call":{"name":"f"}},
                                 {"functionCall":{"id":"own","name":"g"}}]},
        {"role":"user","parts":[{"functionResponse":{"name":"f","response":{"result":"one"}}},
                                {"function_response":{"name":"f","response":{"error":"two"}}},
                                {"functionResponse":{"id":"own","name":"g","response":{"x":[1]}}},{"text":"go on"}]}]})");
    BOOST_REQUIRE_EQUAL(r.messages.size(), 6U);
    std::vector<tool_call> const& list = r.messages[1].tool_calls;
    BOOST_REQUIRE_EQUAL(list.size(), 3U);
    BOOST_TEST(list[0].arguments == R"({"a":1})");
    BOOST_TEST(list[0].signature == "s");
    BOOST_TEST(list[0].id != list[1].id);
    BOOST_TEST(r.messages[2].tool_call_id == list[0].id);
    BOOST_TEST(r.messages[2].text() == "one");
    BOOST_TEST(r.messages[3].tool_call_id == list[1].id);
    BOOST_TEST(r.messages[3].tool_error);
    BOOST_TEST(r.messages[4].tool_call_id == "own");
    BOOST_TEST(r.messages[4].text() == R"({"x":[1]})");
    BOOST_TEST((r.messages[5] == user("go on")));
}

BOOST_AUTO_TEST_CASE(media_parts)
{
    const chat_request r = good(R"({"contents":[{"parts":[{"inlineData":{"mimeType":"image/png","data":"AA"}},
        {"inline_data":{"mime_type":"audio/mpeg","data":"BB"}},{"fileData":{"mimeType":"application/pdf","fileUri":"gs://x"}},
        {"fileData":{"fileUri":"https://v","mimeType":"video/mp4"},"videoMetadata":{"fps":1}}]}]})");
    std::vector<content_part> const& parts = r.messages.at(0).content;
    BOOST_REQUIRE_EQUAL(parts.size(), 4U);
    BOOST_TEST(std::get<image_part>(parts[0]).source.media_type == "image/png");
    BOOST_TEST(std::get<audio_part>(parts[1]).format == "mp3");
    BOOST_TEST(std::get<file_part>(parts[2]).source.url == "gs://x");
    BOOST_TEST(std::get<file_part>(parts[3]).extra.find("videoMetadata") != nullptr);
}

BOOST_AUTO_TEST_CASE(tools_and_their_choice)
{
    chat_request r =
        good(with_contents(R"(,"tools":[{"functionDeclarations":[{"name":"f","description":"d","parameters":
        {"type":"OBJECT","properties":{"type":{"type":"STRING","nullable":true,"minLength":"2"},"l":{"type":"ARRAY","items":{"type":"INTEGER"}}}}},
        {"name":"g","parametersJsonSchema":{"type":"object"}}]},{"google_search":{}},{"codeExecution":{}}],
        "toolConfig":{"functionCallingConfig":{"mode":"ANY","allowedFunctionNames":["f"]}})"));
    BOOST_REQUIRE_EQUAL(r.tools.size(), 3U);
    BOOST_TEST((oracle(r.tools[0].parameters.text) == oracle(R"({"type":"object","properties":{
        "type":{"type":["string","null"],"minLength":2},"l":{"type":"array","items":{"type":"integer"}}}})")));
    BOOST_TEST(r.tools[1].parameters.text == R"({"type":"object"})");
    BOOST_TEST(r.tools[2].type == "codeExecution");
    BOOST_TEST(r.tools[2].definition.text == R"({"codeExecution":{}})");
    BOOST_TEST(r.web_search_options.text == "{}");
    BOOST_TEST((r.tool_choice->how == tool_choice::mode::function));
    BOOST_TEST(r.tool_choice->name == "f");
    const auto choice = [](std::string const& config) {
        return good(with_contents(R"(,"tool_config":{"function_calling_config":)" + config + "}"));
    };
    BOOST_TEST((choice(R"({"mode":"NONE"})").tool_choice->how == tool_choice::mode::none));
    BOOST_TEST((choice(R"({"mode":"any"})").tool_choice->how == tool_choice::mode::required));
    BOOST_TEST((choice(R"({"mode":"ANY","allowed_function_names":["a","b"]})").tool_choice->how ==
                tool_choice::mode::other));
    r = choice(R"({"mode":"VALIDATED"})");
    BOOST_TEST((r.tool_choice->how == tool_choice::mode::automatic));
    BOOST_TEST(r.extra.find("toolConfig") != nullptr);
    BOOST_TEST(r.extra_dialect == "gemini");
}

BOOST_AUTO_TEST_CASE(configuration)
{
    chat_request r = good(
        with_contents(R"(,"generationConfig":{"temperature":0.5,"topP":0.9,"top_k":3.0,"maxOutputTokens":9,
        "candidateCount":2,"stopSequences":["x"],"seed":1,"presencePenalty":1,"frequencyPenalty":2,"responseLogprobs":true,
        "logprobs":4,"responseMimeType":"application/json","responseSchema":{"type":"STRING"},"responseModalities":["TEXT"],
        "thinkingConfig":{"includeThoughts":true,"thinkingLevel":"HIGH"},"mediaResolution":"X"},"safetySettings":[])"));
    BOOST_TEST(r.temperature.text() == "0.5");
    BOOST_TEST(*r.top_k == 3);
    BOOST_TEST(*r.max_completion_tokens == 9);
    BOOST_TEST(*r.n == 2);
    BOOST_TEST(r.stop.at(0) == "x");
    BOOST_TEST(*r.top_logprobs == 4);
    BOOST_TEST(r.response_format->schema.text == R"({"type":"string"})");
    BOOST_TEST(r.modalities.at(0) == "text");
    BOOST_TEST(r.reasoning.effort == "high");
    BOOST_TEST(r.reasoning.summary == "auto");
    BOOST_TEST(r.extra.find("generationConfig")->text == R"({"mediaResolution":"X"})");
    BOOST_TEST(r.extra.find("safetySettings")->text == "[]");
    BOOST_TEST(r.extra_dialect == "gemini");
    r = good(with_contents(
        R"(,"generation_config":{"thinking_config":{"thinking_budget":-1},"response_mime_type":"application/json"})"));
    BOOST_TEST(r.reasoning.enabled.value());
    BOOST_TEST((r.response_format->type == response_format::kind::json_object));
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_named)
{
    struct row {
        char const* body;
        char const* param;
        char const* code;
    };
    for (row const& r : {
             row{"[]", "", "invalid_json"},
             row{"{}", "contents", "missing_required_parameter"},
             row{R"({"contents":[],"contents":[]})", "contents", "duplicate_field"},
             row{R"({"contents":[]})", "contents", "invalid_value"},
             row{R"({"contents":"x"})", "contents", "invalid_type"},
             row{R"({"contents":[1]})", "contents[0]", "invalid_type"},
             row{R"({"contents":[{"role":"user"}]})", "contents[0].parts", "missing_required_parameter"},
             row{R"({"contents":[{"role":"bot","parts":[]}]})", "contents[0].role", "invalid_value"},
             row{R"({"contents":[{"parts":[{"text":1}]}]})", "contents[0].parts[0].text", "invalid_type"},
             row{R"({"contents":[{"parts":[{"functionResponse":{}}]}]})",
                 "contents[0].parts[0].functionResponse.name", "missing_required_parameter"},
             row{R"({"contents":[{"parts":[]}],"generationConfig":{"temperature":"x"}})",
                 "generationConfig.temperature", "invalid_type"},
             row{R"({"contents":[{"parts":[]}],"generationConfig":{"stop_sequences":[1]}})",
                 "generationConfig.stopSequences[0]", "invalid_type"},
             row{R"({"contents":[{"parts":[]}],"tools":[{"functionDeclarations":[{}]}]})",
                 "tools[0].functionDeclarations[0].name", "missing_required_parameter"},
         }) {
        BOOST_TEST_CONTEXT(r.body)
        {
            auto const parsed = parse(r.body);
            BOOST_REQUIRE(!parsed.has_value());
            BOOST_TEST(parsed.error()->status == 400);
            BOOST_TEST(parsed.error()->param == r.param);
            BOOST_TEST(parsed.error()->code == r.code);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test::google
