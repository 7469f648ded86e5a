#include "test/providers/gemini/support.hpp"

namespace cogate::test::google {

BOOST_AUTO_TEST_SUITE(providers_gemini_encode_request)

BOOST_AUTO_TEST_CASE(the_model_stands_in_the_path)
{
    auto const whole = encode(ask("hi"), "gemini-2.5-flash");
    BOOST_REQUIRE(whole.has_value());
    BOOST_TEST(whole->path == "/models/gemini-2.5-flash:generateContent");
    BOOST_TEST(encode(ask("hi"), "gemini-2.5-flash", true)->path ==
               "/models/gemini-2.5-flash:streamGenerateContent?alt=sse");
    BOOST_TEST(encode(ask("hi"), "models/gemini-x")->path == "/models/gemini-x:generateContent");
    BOOST_TEST(encode(ask("hi"), "tunedModels/mine")->path == "/tunedModels/mine:generateContent");
    BOOST_TEST(encode(ask("hi"), "a/../b:predict?x@y")->path ==
               "/models/a%2F..%2Fb%3Apredict%3Fx@y:generateContent");
    BOOST_TEST((oracle(whole->body) == oracle(R"({"contents":[{"role":"user","parts":[{"text":"hi"}]}]})")));
}

BOOST_AUTO_TEST_CASE(instructions_lead_or_become_a_turn)
{
    chat_request r = ask("hi");
    r.messages.insert(r.messages.begin(), {system("a"), system("b")});
    r.messages.push_back(system("later"));
    BOOST_TEST(
        (body_of(r) == oracle(R"({"systemInstruction":{"parts":[{"text":"a"},{"text":"b"}]},"contents":[
        {"role":"user","parts":[{"text":"hi"}]},{"role":"user","parts":[{"text":"later"}]}]})")));
    chat_request only;
    only.messages = {system("a")};
    BOOST_TEST((body_of(only) == oracle(R"({"contents":[{"role":"user","parts":[{"text":"a"}]}]})")));
    chat_request gemma = ask("hi");
    gemma.messages.insert(gemma.messages.begin(), system("a"));
    BOOST_TEST(body_of(gemma, "gemma-3-27b-it").as_object().contains("systemInstruction") == false);
}

BOOST_AUTO_TEST_CASE(results_of_one_turn_stand_in_one_content_in_the_order_of_the_calls)
{
    chat_request r = ask("q");
    r.messages.push_back(calls({{.id = "one", .name = "f", .arguments = R"({"a":1})"},
                                {.id = "two", .name = "g", .arguments = ""}}));
    r.messages.push_back(tool_result("two", "[1]"));
    r.messages.push_back(tool_result("one", R"({"ok":true})"));
    r.messages.back().tool_error = false;
    r.messages.push_back(user("and now"));
    BOOST_TEST((body_of(r).at("contents") == oracle(R"([
        {"role":"user","parts":[{"text":"q"}]},
        {"role":"model","parts":[{"functionCall":{"id":"one","name":"f","args":{"a":1}}},
                                 {"functionCall":{"id":"two","name":"g","args":{}}}]},
        {"role":"user","parts":[{"functionResponse":{"id":"one","name":"f","response":{"ok":true}}},
                                {"functionResponse":{"id":"two","name":"g","response":{"result":"[1]"}}},
                                {"text":"and now"}]}])")));
    r.messages[2].tool_error = true;
    BOOST_TEST((body_of(r).at("contents").at(2).at("parts").at(1).at("functionResponse").at("response") ==
                oracle(R"({"error":"[1]"})")));
}

BOOST_AUTO_TEST_CASE(ids_that_google_never_made_stay_here)
{
    chat_request r = ask("q");
    r.messages.push_back(calls({{.id = "call_abcdefghijklmnopqrstuvwx", .name = "f", .arguments = "{}"}}));
    r.messages.push_back(tool_result("call_abcdefghijklmnopqrstuvwx", "x"));
    const bj::value body = body_of(r);
    BOOST_TEST((body.at("contents").at(1).at("parts").at(0) ==
                oracle(R"({"functionCall":{"name":"f","args":{}}})")));
    BOOST_TEST((body.at("contents").at(2).at("parts").at(0) ==
                oracle(R"({"functionResponse":{"name":"f","response":{"result":"x"}}})")));
}

BOOST_AUTO_TEST_CASE(a_result_without_its_call_is_refused)
{
    chat_request r = ask("q");
    r.messages.push_back(tool_result("nowhere", "x"));
    auto const encoded = encode(r);
    BOOST_REQUIRE(!encoded.has_value());
    BOOST_TEST(encoded.error()->param == "messages[1].tool_call_id");
}

BOOST_AUTO_TEST_CASE(signatures_go_back_where_they_were)
{
    chat_request r = ask("q");
    message m = calls({{.id = "a", .name = "f", .arguments = "{}", .signature = "c2ln"},
                       {.id = "b", .name = "f", .arguments = "{}"}});
    m.content = {reasoning_part{.text = "hm"}, text_part{.text = "so"},
                 reasoning_part{.text = {}, .signature = googles("dA==")},
                 reasoning_part{.text = {}, .redacted = "secret"}};
    r.messages.push_back(m);
    BOOST_TEST((body_of(r).at("contents").at(1).at("parts") == oracle(R"([{"text":"hm","thought":true},
        {"text":"so","thoughtSignature":"dA=="},
        {"functionCall":{"id":"a","name":"f","args":{}},"thoughtSignature":"c2ln"},
        {"functionCall":{"id":"b","name":"f","args":{}}}])")));
}

BOOST_AUTO_TEST_CASE(a_history_without_signatures_gets_the_sentinel_for_models_that_insist)
{
    chat_request r = ask("q");
    r.messages.push_back(
        calls({{.id = "a", .name = "f", .arguments = "{}"}, {.id = "b", .name = "f", .arguments = "{}"}}));
    for (char const* model : {"gemini-3-flash-preview", "gemini-3.1-pro-preview", "gemini-flash-latest"}) {
        const bj::value body = body_of(r, model);
        bj::array const& parts = body.at("contents").at(1).at("parts").as_array();
        BOOST_TEST(text_at(parts[0], "thoughtSignature") == "skip_thought_signature_validator");
        BOOST_TEST(!parts[1].as_object().contains("thoughtSignature"));
    }
    BOOST_TEST(encode(r, "gemini-2.5-pro")->body.find("thoughtSignature") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(media)
{
    chat_request r;
    message m;
    media_source uploaded;
    uploaded.file_id = "files/abc";
    m.content = {image_part{.source = inlined("AAAA", "image/jpeg")},
                 image_part{.source = linked("https://x.test/a.png?b")},
                 audio_part{.source = inlined("BBBB"), .format = "mp3"},
                 file_part{.source = inlined("CCCC"), .filename = "a.csv"},
                 file_part{.source = inlined("DDDD")},
                 file_part{.source = uploaded},
                 unknown_part{.type = "executableCode", .value = {R"({"executableCode":{"code":"1"}})"}}};
    r.messages = {m};
    BOOST_TEST((body_of(r).at("contents").at(0).at("parts") == oracle(R"([
        {"inlineData":{"mimeType":"image/jpeg","data":"AAAA"}},
        {"fileData":{"mimeType":"image/png","fileUri":"https://x.test/a.png?b"}},
        {"inlineData":{"mimeType":"audio/mp3","data":"BBBB"}},
        {"inlineData":{"mimeType":"text/csv","data":"CCCC"}},
        {"inlineData":{"mimeType":"application/pdf","data":"DDDD"}},
        {"fileData":{"fileUri":"https://generativelanguage.googleapis.com/v1beta/files/abc"}},
        {"executableCode":{"code":"1"}}])")));
    m.content = {text_part{.text = "a"},
                 unknown_part{.type = "server_tool_use", .value = {R"({"type":"server_tool_use"})"}}};
    r.messages = {user("x"), m};
    auto const refused = encode(r);
    BOOST_REQUIRE(!refused.has_value());
    BOOST_TEST(refused.error()->code == "unsupported_content");
    BOOST_TEST(refused.error()->param == "messages[1].content[1]");
}

BOOST_AUTO_TEST_CASE(media_that_a_tool_gave)
{
    chat_request r = ask("q");
    r.messages.push_back(calls({{.id = "a", .name = "f", .arguments = "{}", .signature = "s"}}));
    message m = tool_result("a", "see");
    m.content.emplace_back(image_part{.source = inlined("AAAA", "image/png")});
    r.messages.push_back(m);
    BOOST_TEST((body_of(r, "gemini-3-pro").at("contents").at(2).at("parts") ==
                oracle(R"([{"functionResponse":{"id":"a",
        "name":"f","response":{"result":"see"},"parts":[{"inlineData":{"mimeType":"image/png","data":"AAAA"}}]}}])")));
    BOOST_TEST((body_of(r, "gemini-2.5-pro").at("contents").at(2).at("parts") ==
                oracle(R"([{"functionResponse":{"id":"a",
        "name":"f","response":{"result":"see"}}},{"inlineData":{"mimeType":"image/png","data":"AAAA"}}])")));
}

BOOST_AUTO_TEST_CASE(tools_and_schemas)
{
    chat_request r = ask("q");
    const std::string schema =
        R"({"$schema":"x","type":"object","additionalProperties":false,"properties":{"a":{"type":["string","null"]},
            "b":{"$ref":"#/$defs/B"},"c":{"const":"x"},"d":{"oneOf":[{"type":"integer"},{"type":"null"}]}},
            "$defs":{"B":{"type":"array","items":{"type":"number"}}}})";
    r.tools = {{.name = "f", .description = "does", .parameters = {schema}},
               {.name = "g", .parameters = {R"({"type":"object","properties":{}})"}},
               {.name = "urlContext", .type = "urlContext", .definition = {R"({"urlContext":{}})"}}};
    r.tool_choice = tool_choice{.how = tool_choice::mode::function, .name = "f"};
    bj::value body = body_of(r);
    BOOST_TEST((body.at("tools").at(0).at("functionDeclarations").at(0).at("parametersJsonSchema") ==
                oracle(schema)));
    BOOST_TEST((body.at("tools").at(1) == oracle(R"({"urlContext":{}})")));
    BOOST_TEST((body.at("toolConfig") ==
                oracle(R"({"functionCallingConfig":{"mode":"ANY","allowedFunctionNames":["f"]}})")));
    body = body_of(r, "gemini-2.0-flash");
    BOOST_TEST(
        (body.at("tools").at(0).at("functionDeclarations") == oracle(R"([{"name":"f","description":"does",
        "parameters":{"type":"OBJECT","properties":{"a":{"type":"STRING","nullable":true},
        "b":{"type":"ARRAY","items":{"type":"NUMBER"}},"c":{"enum":["x"]},
        "d":{"anyOf":[{"type":"INTEGER"}],"nullable":true}}}},{"name":"g"}])")));
    r.tools[0].parameters.text = R"({"type":"object","properties":{"a":{"$ref":"#"}}})";
    auto const endless = encode(r, "gemini-2.0-flash");
    BOOST_REQUIRE(!endless.has_value());
    BOOST_TEST(endless.error()->param == "tools[0].function.parameters");
    r.tools = {{.name = {}, .type = "mcp", .definition = {"{}"}}};
    BOOST_TEST(encode(r).error()->param == "tools[0]");
    r.tools = {{.name = {}, .type = "web_search_20250305", .definition = {"{}"}}};
    BOOST_TEST((body_of(r).at("tools") == oracle(R"([{"googleSearch":{}}])")));
}

BOOST_AUTO_TEST_CASE(sampling_and_format)
{
    chat_request r = ask("q");
    r.temperature = number_text::from_json("0.70");
    r.top_p = number_text::from_json("0.9");
    r.top_k = 40;
    r.max_tokens = 10;
    r.n = 2;
    r.stop = {"a", "b"};
    r.seed = 7;
    r.presence_penalty = number_text::from_json("1");
    r.frequency_penalty = number_text::from_json("-1");
    r.logprobs = true;
    r.top_logprobs = 3;
    r.modalities = {"text", "image"};
    r.response_format = response_format{
        .type = response_format::kind::json_schema, .name = "x", .schema = {R"({"type":"object"})"}};
    BOOST_TEST((body_of(r).at("generationConfig") == oracle(R"({"temperature":0.7,"topP":0.9,"topK":40,
        "candidateCount":2,"maxOutputTokens":10,"stopSequences":["a","b"],"seed":7,"presencePenalty":1,
        "frequencyPenalty":-1,"responseLogprobs":true,"logprobs":3,"responseMimeType":"application/json",
        "responseJsonSchema":{"type":"object"},"responseModalities":["TEXT","IMAGE"]})")));
    BOOST_TEST(body_of(r, "gemini-2.0-flash").at("generationConfig").as_object().contains("responseSchema"));
    BOOST_TEST(encode(r)->body.find(R"("temperature":0.70)") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(thinking)
{
    const auto config = [](reasoning_options wish, std::string model) {
        chat_request r = ask("q");
        r.reasoning = std::move(wish);
        const bj::value body = body_of(r, std::move(model));
        bj::value const* found = at(body, "generationConfig");
        return found == nullptr ? std::string("-") : bj::serialize(found->at("thinkingConfig"));
    };
    BOOST_TEST(config({.effort = "low"}, "gemini-2.5-flash") ==
               R"({"thinkingBudget":1024,"includeThoughts":true})");
    BOOST_TEST(config({.effort = "none"}, "gemini-2.5-flash") == R"({"thinkingBudget":0})");
    BOOST_TEST(config({.effort = "none"}, "gemini-2.5-pro") == R"({"thinkingBudget":128})");
    BOOST_TEST(config({.effort = "high"}, "gemini-3.1-pro-preview") ==
               R"({"thinkingLevel":"high","includeThoughts":true})");
    BOOST_TEST(config({.effort = "medium"}, "gemini-3-pro-preview") ==
               R"({"thinkingLevel":"high","includeThoughts":true})");
    BOOST_TEST(config({.effort = "none"}, "gemini-3-flash-preview") == R"({"thinkingLevel":"minimal"})");
    BOOST_TEST(config({.budget_tokens = 99}, "gemini-2.5-pro") ==
               R"({"thinkingBudget":99,"includeThoughts":true})");
    BOOST_TEST(config({.summary = "auto", .enabled = true}, "gemini-2.5-pro") ==
               R"({"thinkingBudget":-1,"includeThoughts":true})");
    BOOST_TEST(config({.effort = "none"}, "gemini-2.0-flash") == "-");
    chat_request r = ask("q");
    r.reasoning.effort = "high";
    BOOST_TEST(encode(r, "gemini-2.0-flash").error()->param == "reasoning_effort");
}

BOOST_AUTO_TEST_CASE(what_google_lacks_is_refused_or_dropped)
{
    chat_request r = ask("q");
    r.logit_bias.text = R"({"1":2})";
    auto const refused = encode(r);
    BOOST_REQUIRE(!refused.has_value());
    BOOST_TEST(refused.error()->param == "logit_bias");
    provider_context dropping("gemini-2.5-flash");
    dropping.rules().drop_params = true;
    BOOST_TEST(providers::gemini::client().encode_chat(r, dropping).has_value());
    r = ask("q");
    r.extra.set("contents", {"[]"});
    BOOST_TEST(encode(r).error()->param == "extra");
    r = ask("q");
    r.extra.set("anything", {"1"});
    r.extra_dialect = "openai_chat";
    BOOST_TEST(encode(r).error()->param == "anything");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test::google
