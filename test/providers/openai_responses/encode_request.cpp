#include "test/providers/openai_responses/support.hpp"

namespace cogate::test::responses {

namespace bj = boost::json;

namespace {

bj::value body_of(chat_request const& request, bool stream = false, parameter_rules rules = {})
{
    auto const encoded = encode(request, stream, std::move(rules));
    BOOST_REQUIRE_MESSAGE(encoded.has_value(), (encoded ? "" : encoded.error()->message));
    BOOST_TEST(encoded->path == "/responses");
    return oracle(encoded->body);
}

chat_request simple(std::string text = "hi")
{
    chat_request r;
    r.model = "m";
    r.messages.push_back(user(std::move(text)));
    return r;
}

tool_call weather()
{
    return {.id = "call_1", .name = "weather", .arguments = R"({"city":"Oslo"})"};
}

} // namespace

BOOST_AUTO_TEST_SUITE(providers_openai_responses_encode_request)

BOOST_AUTO_TEST_CASE(a_chat_is_not_stored)
{
    BOOST_TEST(body_of(simple()) ==
               oracle(R"({"model":"m","input":[{"role":"user","content":"hi"}],"store":false})"));
    chat_request kept = simple();
    kept.store = true;
    BOOST_TEST(body_of(kept).at("store").as_bool());
    BOOST_TEST(body_of(simple(), true).at("stream").as_bool());
}

BOOST_AUTO_TEST_CASE(a_conversation_becomes_items)
{
    chat_request r;
    r.model = "m";
    r.messages.push_back(system("be brief"));
    r.messages.push_back(user("weather?"));
    message turn = assistant("looking");
    turn.content.insert(turn.content.begin(), reasoning_part{.text = "think", .id = "rs_1"});
    turn.content.insert(turn.content.begin() + 1,
                        reasoning_part{.text = {}, .redacted = "sealed", .id = "rs_1"});
    turn.tool_calls.push_back(weather());
    turn.tool_calls.push_back({.id = "call_2", .name = "now", .arguments = ""});
    turn.tool_calls.push_back({.id = "call_3", .name = "sql", .arguments = "select", .type = "custom"});
    r.messages.push_back(std::move(turn));
    r.messages.push_back(tool_result("call_1", "rain"));
    r.messages.push_back(tool_result("call_3", "rows"));
    r.messages.push_back(text_message(role::developer, "go on"));
    bj::value const body = body_of(r);
    BOOST_TEST(body.at("instructions") == "be brief");
    BOOST_TEST(body.at("input") == oracle(R"([
        {"role":"user","content":"weather?"},
        {"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"think"}],"encrypted_content":"sealed"},
        {"role":"assistant","content":"looking"},
        {"type":"function_call","call_id":"call_1","name":"weather","arguments":"{\"city\":\"Oslo\"}"},
        {"type":"function_call","call_id":"call_2","name":"now","arguments":"{}"},
        {"type":"custom_tool_call","call_id":"call_3","name":"sql","input":"select"},
        {"type":"function_call_output","call_id":"call_1","output":"rain"},
        {"type":"custom_tool_call_output","call_id":"call_3","output":"rows"},
        {"role":"developer","content":"go on"}])"));
    // Encrypted reasoning in the history: the next one is wanted, too.
    BOOST_TEST(body.at("include") == oracle(R"(["reasoning.encrypted_content"])"));
}

BOOST_AUTO_TEST_CASE(reasoning_of_others_is_not_sent)
{
    for (reasoning_part const& foreign :
         {reasoning_part{.text = "t"}, reasoning_part{.text = "t", .signature = "s"},
          reasoning_part{.text = "t", .signature = "s", .id = "x"},
          reasoning_part{.text = {}, .id = "rs_unstored"}}) {
        chat_request r = simple();
        message turn = assistant("a");
        turn.content.insert(turn.content.begin(), foreign);
        r.messages.push_back(std::move(turn));
        r.store = false;
        BOOST_TEST(body_of(r).at("input").as_array().size() == 2U);
    }
    // A stored item is known by its id alone.
    chat_request r = simple();
    message turn = assistant("a");
    turn.content.insert(turn.content.begin(), reasoning_part{.text = {}, .id = "rs_1"});
    r.messages.push_back(std::move(turn));
    r.store = true;
    BOOST_TEST(body_of(r).at("input").at(1) == oracle(R"({"type":"reasoning","id":"rs_1","summary":[]})"));
}

BOOST_AUTO_TEST_CASE(content_parts)
{
    chat_request r;
    r.model = "m";
    message m;
    m.content_is_text = false;
    m.content = {
        text_part{.text = "t", .cache = cache_mark{}},
        image_part{.source = {.url = "https://x/y.png", .data = {}, .file_id = {}, .media_type = {}},
                   .detail = "low"},
        image_part{.source = {.url = {}, .data = "QQ==", .file_id = {}, .media_type = "image/png"}},
        file_part{.source = {.url = {}, .data = "QQ==", .file_id = {}, .media_type = "application/pdf"}},
        file_part{.source = {.url = "https://x/y.pdf", .data = {}, .file_id = {}, .media_type = {}}},
        file_part{.source = {.url = {}, .data = {}, .file_id = "file-1", .media_type = {}}},
        audio_part{.source = {.url = {}, .data = "QQ==", .file_id = {}, .media_type = {}}, .format = "wav"}};
    r.messages.push_back(m);
    message result = tool_result("call_1", "");
    result.content_is_text = false;
    result.content = {m.content[2]};
    r.messages.push_back(result);
    bj::value const input = body_of(r).at("input");
    BOOST_TEST(input.at(0).at("content") == oracle(R"([
        {"type":"input_text","text":"t"},
        {"type":"input_image","image_url":"https://x/y.png","detail":"low"},
        {"type":"input_image","image_url":"data:image/png;base64,QQ=="},
        {"type":"input_file","filename":"file.pdf","file_data":"data:application/pdf;base64,QQ=="},
        {"type":"input_file","file_url":"https://x/y.pdf"},
        {"type":"input_file","file_id":"file-1"},
        {"type":"input_audio","input_audio":{"data":"QQ==","format":"wav"}}])"));
    BOOST_TEST(input.at(1).at("output") ==
               oracle(R"([{"type":"input_image","image_url":"data:image/png;base64,QQ=="}])"));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_carried_is_named)
{
    chat_request r = simple();
    message turn = assistant("a");
    turn.content_is_text = false;
    turn.content.emplace_back(
        image_part{.source = {.url = "u", .data = {}, .file_id = {}, .media_type = {}}});
    r.messages.push_back(turn);
    BOOST_TEST(code_of(encode(r).error()) == "unsupported_content messages[1].content[1]");
    r.messages[1] = user("");
    r.messages[1].content = {
        unknown_part{.type = "server_tool_use", .value = {R"({"type":"server_tool_use"})"}}};
    BOOST_TEST(code_of(encode(r).error()) == "unsupported_content messages[1].content[0]");
    r.messages[1] = text_message(role::tool, "x");
    BOOST_TEST(code_of(encode(r).error()) == "missing_required_parameter messages[1].tool_call_id");
    chat_request sampled = simple();
    sampled.seed = 7;
    BOOST_TEST(code_of(encode(sampled).error()) == "unsupported_parameter seed");
    BOOST_TEST((body_of(sampled, false, {.drop_params = true}) == body_of(simple())));
    chat_request foreign = simple();
    foreign.tools.push_back({.name = "web_search",
                             .type = "web_search_20250305",
                             .definition = {R"({"type":"web_search_20250305","name":"web_search"})"}});
    BOOST_TEST(code_of(encode(foreign).error()) == "unsupported_parameter tools");
    chat_request broken = simple();
    broken.metadata.text = "{";
    BOOST_TEST(encode(broken).error()->code == "invalid_json");
    chat_request twice = simple();
    twice.extra.set("model", {"1"});
    BOOST_TEST(encode(twice).error()->param == "extra");
}

BOOST_AUTO_TEST_CASE(tools_and_formats_are_flat)
{
    chat_request r = simple();
    r.tools.push_back(
        {.name = "f", .description = "d", .parameters = {R"({"type":"object"})"}, .strict = true});
    r.tools.push_back({.name = "g"});
    r.tools.push_back({.name = "c",
                       .type = "custom",
                       .definition = {R"({"type":"custom","custom":{"name":"c","format":{"type":"grammar",
                                         "grammar":{"syntax":"lark","definition":"x"}}}})"}});
    r.tools.push_back({.name = {},
                       .type = "file_search",
                       .definition = {R"({"type":"file_search","vector_store_ids":["v"]})"}});
    r.web_search_options.text =
        R"({"search_context_size":"low","user_location":{"type":"approximate","approximate":{"city":"Oslo"}}})";
    r.tool_choice = tool_choice{.how = tool_choice::mode::function, .name = "f"};
    r.response_format = response_format{.type = response_format::kind::json_schema,
                                        .name = "n",
                                        .schema = {R"({"type":"object"})"},
                                        .strict = true};
    r.verbosity = "low";
    bj::value const body = body_of(r);
    BOOST_TEST(body.at("tools") == oracle(R"([
        {"type":"function","name":"f","description":"d","parameters":{"type":"object"},"strict":true},
        {"type":"function","name":"g","parameters":{"type":"object","properties":{}},"strict":false},
        {"type":"custom","name":"c","format":{"type":"grammar","syntax":"lark","definition":"x"}},
        {"type":"file_search","vector_store_ids":["v"]},
        {"type":"web_search","search_context_size":"low","user_location":{"type":"approximate","city":"Oslo"}}])"));
    BOOST_TEST(body.at("tool_choice") == oracle(R"({"type":"function","name":"f"})"));
    BOOST_TEST(
        body.at("text") ==
        oracle(
            R"({"format":{"type":"json_schema","name":"n","schema":{"type":"object"},"strict":true},"verbosity":"low"})"));
    r.tool_choice = tool_choice{.how = tool_choice::mode::other,
                                .name = {},
                                .value = {R"({"type":"allowed_tools","allowed_tools":{"mode":"auto",
                                             "tools":[{"type":"function","function":{"name":"f"}}]}})"}};
    BOOST_TEST(body_of(r).at("tool_choice") ==
               oracle(R"({"type":"allowed_tools","mode":"auto","tools":[{"type":"function","name":"f"}]})"));
}

BOOST_AUTO_TEST_CASE(options)
{
    chat_request r = simple();
    r.temperature = 0.5;
    r.max_tokens = 5;
    r.logprobs = true;
    r.top_logprobs = 2;
    r.reasoning.budget_tokens = 3000;
    r.reasoning.summary = "auto";
    r.user = "u";
    r.prompt_cache_key = "k";
    r.service_tier = "flex";
    r.metadata.text = R"({"a":"b"})";
    r.parallel_tool_calls = false;
    bj::value const body = body_of(r);
    BOOST_TEST(body.at("max_output_tokens") == 5);
    BOOST_TEST(body.at("reasoning") == oracle(R"({"effort":"medium","summary":"auto"})"));
    BOOST_TEST(body.at("include") ==
               oracle(R"(["reasoning.encrypted_content","message.output_text.logprobs"])"));
    BOOST_TEST(body.at("service_tier") == "flex");
    BOOST_TEST(body.at("metadata") == oracle(R"({"a":"b"})"));
    BOOST_TEST(!body.at("parallel_tool_calls").as_bool());
    r.max_completion_tokens = 9;
    BOOST_TEST(body_of(r).at("max_output_tokens") == 9);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test::responses
