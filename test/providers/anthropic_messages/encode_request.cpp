#include "test/providers/anthropic_messages/support.hpp"

namespace cogate::test::anthropic {

namespace {

chat_request asking(std::string text = "Hi")
{
    chat_request r;
    r.messages.push_back(user(std::move(text)));
    return r;
}

tool weather()
{
    return tool{
        .name = "weather", .description = "Looks.", .parameters = {R"({"type":"object","properties":{}})"}};
}

message calling(std::string id, std::string arguments)
{
    message m{.role = role::assistant, .content = {}};
    m.tool_calls.push_back(
        tool_call{.id = std::move(id), .name = "weather", .arguments = std::move(arguments)});
    return m;
}

response_format schema_format()
{
    response_format f;
    f.type = response_format::kind::json_schema;
    f.name = "answer";
    f.schema.text =
        R"({"type":"object","properties":{"minimum":{"type":"integer","minimum":3},"l":{"type":"array",)"
        R"("items":{"type":"object","properties":{}},"maxItems":4}},"required":["l"]})";
    return f;
}

} // namespace

BOOST_AUTO_TEST_SUITE(providers_anthropic_messages_encode_request)

BOOST_AUTO_TEST_CASE(the_least)
{
    auto const made = dialect::client().encode_chat(asking(), provider_context("claude-haiku-4-5", true));
    BOOST_REQUIRE(made.has_value());
    BOOST_TEST(made->path == "/messages");
    BOOST_REQUIRE_EQUAL(made->headers.size(), 1U);
    BOOST_TEST(made->headers[0].first == "anthropic-version");
    BOOST_TEST(made->headers[0].second == "2023-06-01");
    BOOST_TEST(
        (oracle(made->body) == oracle(R"({"model":"claude-haiku-4-5","max_tokens":64000,"stream":true,)"
                                      R"("messages":[{"role":"user","content":"Hi"}]})")));
}

BOOST_AUTO_TEST_CASE(wrappers_leave_out_model_and_stream)
{
    auto const body =
        dialect::encode_body(asking(), provider_context("claude-haiku-4-5", true),
                             {.model_and_stream = false, .anthropic_version = "bedrock-2023-05-31"});
    BOOST_REQUIRE(body.has_value());
    BOOST_TEST((oracle(*body) == oracle(R"({"anthropic_version":"bedrock-2023-05-31","max_tokens":64000,)"
                                        R"("messages":[{"role":"user","content":"Hi"}]})")));
}

BOOST_AUTO_TEST_CASE(system_messages_move_to_the_top)
{
    chat_request r = asking();
    r.messages.insert(r.messages.begin(), {system("One."), text_message(role::developer, "Two.")});
    r.messages.push_back(assistant("Yes?"));
    r.messages.push_back(system("Three."));
    r.messages.push_back(user("Go."));
    const bj::value old = sent(r);
    BOOST_TEST((old.at("system") == oracle(R"([{"type":"text","text":"One."},{"type":"text","text":"Two."},)"
                                           R"({"type":"text","text":"Three."}])")));
    BOOST_TEST(old.at("messages").as_array().size() == 3U);
    const bj::value fresh = sent(r, provider_context("claude-opus-4-8"));
    BOOST_TEST(fresh.at("system").as_array().size() == 2U);
    BOOST_TEST((fresh.at("messages").at(2) == oracle(R"({"role":"system","content":"Three."})")));
}

BOOST_AUTO_TEST_CASE(a_tool_loop)
{
    chat_request r = asking();
    r.tools.push_back(weather());
    message both = calling("a", "");
    both.content.emplace_back(text_part{.text = "Looking."});
    both.content.emplace_back(text_part{.text = ""});
    both.tool_calls.push_back(tool_call{.id = "b:1", .name = "weather", .arguments = R"({"x":1})"});
    r.messages.push_back(both);
    r.messages.push_back(tool_result("a", "rain"));
    r.messages.push_back(user("Hurry."));
    r.messages.push_back(tool_result("b:1", "sun"));
    r.messages.back().tool_error = true;
    const bj::value out = sent(r);
    bj::array const& list = out.at("messages").as_array();
    BOOST_REQUIRE_EQUAL(list.size(), 3U);
    bj::array const& said = list[1].at("content").as_array();
    BOOST_REQUIRE_EQUAL(said.size(), 3U);
    BOOST_TEST((said[1] == oracle(R"({"type":"tool_use","id":"a","name":"weather","input":{}})")));
    const std::string odd = text_at(said[2], "id");
    BOOST_TEST(odd.starts_with("b_1_"));
    bj::array const& answers = list[2].at("content").as_array();
    BOOST_REQUIRE_EQUAL(answers.size(), 3U);
    BOOST_TEST((answers[0] == oracle(R"({"type":"tool_result","tool_use_id":"a","content":"rain"})")));
    BOOST_TEST(text_at(answers[1], "tool_use_id") == odd);
    BOOST_TEST(answers[1].at("is_error").as_bool());
    BOOST_TEST((answers[2] == oracle(R"({"type":"text","text":"Hurry."})")));
}

BOOST_AUTO_TEST_CASE(arguments_must_be_an_object)
{
    for (char const* arguments : {"[1]", "{\"a\":", "3"}) {
        chat_request r = asking();
        r.messages.push_back(calling("a", arguments));
        failure const why = not_sent(r);
        BOOST_TEST(why->param == "messages[1].tool_calls[0].function.arguments");
        BOOST_TEST(why->status == 400);
    }
}

BOOST_AUTO_TEST_CASE(tools_and_their_choice)
{
    chat_request r = asking();
    r.tools = {weather(), tool{.name = "bare", .strict = true},
               tool{.name = "open", .parameters = {R"({"properties":{}})"}}};
    r.tools[0].cache = cache_mark{};
    r.tools[1].extra.set("function", raw_json{R"({"odd":1})"});
    const bj::value out = sent(r);
    BOOST_TEST(
        (out.at("tools") ==
         oracle(
             R"([{"name":"weather","description":"Looks.","input_schema":{"type":"object","properties":{}},)"
             R"("cache_control":{"type":"ephemeral"}},)"
             R"({"name":"bare","input_schema":{"type":"object","properties":{}},"strict":true},)"
             R"({"name":"open","input_schema":{"type":"object","properties":{}}}])")));
    BOOST_TEST(out.as_object().if_contains("tool_choice") == nullptr);

    r.parallel_tool_calls = false;
    BOOST_TEST((sent(r).at("tool_choice") == oracle(R"({"type":"auto","disable_parallel_tool_use":true})")));
    r.tool_choice = tool_choice{.how = tool_choice::mode::required};
    BOOST_TEST((sent(r).at("tool_choice") == oracle(R"({"type":"any","disable_parallel_tool_use":true})")));
    r.parallel_tool_calls.reset();
    r.tool_choice = tool_choice{.how = tool_choice::mode::function, .name = "bare"};
    BOOST_TEST((sent(r).at("tool_choice") == oracle(R"({"type":"tool","name":"bare"})")));
    r.tool_choice = tool_choice{.how = tool_choice::mode::none};
    BOOST_TEST((sent(r).at("tool_choice") == oracle(R"({"type":"none"})")));
    r.tool_choice = tool_choice{.how = tool_choice::mode::other, .value = {R"({"type":"allowed_tools"})"}};
    BOOST_TEST(not_sent(r)->param == "tool_choice");

    chat_request custom = asking();
    custom.tools.push_back(tool{.name = "c", .type = "custom", .definition = {R"({"type":"custom"})"}});
    BOOST_TEST(not_sent(custom)->param == "tools[0]");
}

BOOST_AUTO_TEST_CASE(parts)
{
    chat_request r = asking();
    message& m = r.messages[0];
    m.content_is_text = false;
    m.content = {
        text_part{.text = "Look", .cache = cache_mark{.ttl = "1h"}},
        image_part{.source = {.url = {}, .data = "iVBORw0KGgoAAA", .file_id = {}, .media_type = {}}},
        image_part{.source = {.url = "https://e.org/a.jpg", .data = {}, .file_id = {}, .media_type = {}}},
        file_part{.source = {.url = {}, .data = "JVBERi0x", .file_id = {}, .media_type = "application/pdf"},
                  .filename = "a.pdf"},
        file_part{.source = {.url = {}, .data = "YWJj", .file_id = {}, .media_type = "text/csv"}}};
    m.cache = cache_mark{};
    BOOST_TEST((sent(r).at("messages").at(0).at("content") ==
                oracle(R"([{"type":"text","text":"Look","cache_control":{"type":"ephemeral","ttl":"1h"}},
                {"type":"image","source":{"type":"base64","media_type":"image/png","data":"iVBORw0KGgoAAA"}},
                {"type":"image","source":{"type":"url","url":"https://e.org/a.jpg"}},
                {"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"JVBERi0x"},
                 "title":"a.pdf"},
                {"type":"document","source":{"type":"text","media_type":"text/plain","data":"abc"},
                 "cache_control":{"type":"ephemeral"}}])")));
}

BOOST_AUTO_TEST_CASE(content_without_counterpart_is_refused)
{
    for (content_part const& part :
         {content_part(audio_part{.source = {.url = {}, .data = "AAAA", .file_id = {}, .media_type = {}}}),
          content_part(
              file_part{.source = {.url = {}, .data = "AAAA", .file_id = {}, .media_type = "video/mp4"}}),
          content_part(image_part{.source = {.url = "ftp://x", .data = {}, .file_id = {}, .media_type = {}}}),
          content_part(unknown_part{.type = "video_url", .value = {R"({"type":"video_url"})"}})}) {
        chat_request r = asking();
        r.messages[0].content.push_back(part);
        r.messages[0].content_is_text = false;
        failure const why = not_sent(r);
        BOOST_TEST(why->code == "unsupported_content");
        BOOST_TEST(why->param == "messages[0].content[1]");
    }
}

BOOST_AUTO_TEST_CASE(thinking_goes_back_untouched_or_not_at_all)
{
    chat_request r = asking();
    message m{.role = role::assistant, .content = {}};
    m.content = {reasoning_part{.text = "signed", .signature = "sig+/="},
                 reasoning_part{.text = {}, .redacted = "opaque"},
                 reasoning_part{.text = "unsigned", .field = "reasoning_content"},
                 reasoning_part{.text = {}, .redacted = "other", .id = "rs_1"}, text_part{.text = "Done.  "}};
    r.messages.push_back(m);
    BOOST_TEST((sent(r).at("messages").at(1).at("content") ==
                oracle(R"([{"type":"thinking","thinking":"signed","signature":"sig+/="},
                           {"type":"redacted_thinking","data":"opaque"},{"type":"text","text":"Done."}])")));
}

BOOST_AUTO_TEST_CASE(effort_by_family)
{
    chat_request r = asking();
    r.reasoning.effort = "low";
    r.max_completion_tokens = 5000;
    bj::value out = sent(r, provider_context("claude-opus-4-6"));
    BOOST_TEST((out.at("thinking") == oracle(R"({"type":"adaptive"})")));
    BOOST_TEST((out.at("output_config") == oracle(R"({"effort":"low"})")));
    out = sent(r, provider_context("anthropic.claude-sonnet-4-5-20250929-v1:0"));
    BOOST_TEST((out.at("thinking") == oracle(R"({"type":"enabled","budget_tokens":1024})")));
    BOOST_TEST(out.as_object().if_contains("output_config") == nullptr);
    BOOST_TEST(out.at("max_tokens").as_int64() == 5000);

    r.reasoning.effort = "high";
    r.max_completion_tokens = 3000;
    out = sent(r);
    BOOST_TEST(out.at("thinking").at("budget_tokens").as_int64() == 1500);
    BOOST_TEST(out.at("max_tokens").as_int64() == 3000);
    r.max_completion_tokens = 100;
    out = sent(r);
    BOOST_TEST(out.at("thinking").at("budget_tokens").as_int64() == 1024);
    BOOST_TEST(out.at("max_tokens").as_int64() == 1124);

    r.reasoning.effort = "xhigh";
    BOOST_TEST(text_at(sent(r, provider_context("claude-opus-4-6")).at("output_config"), "effort") == "high");
    BOOST_TEST(text_at(sent(r, provider_context("claude-opus-5")).at("output_config"), "effort") == "xhigh");
    r.reasoning.effort = "none";
    BOOST_TEST(
        (sent(r, provider_context("claude-sonnet-5")).at("thinking") == oracle(R"({"type":"disabled"})")));

    r.reasoning.effort = "low";
    BOOST_TEST(not_sent(r, provider_context("claude-3-haiku-20240307"))->param == "reasoning_effort");
}

BOOST_AUTO_TEST_CASE(thinking_yields_where_it_would_be_refused)
{
    chat_request r = asking();
    r.reasoning.effort = "low";
    r.tools.push_back(weather());
    r.tool_choice = tool_choice{.how = tool_choice::mode::required};
    BOOST_TEST(sent(r).as_object().if_contains("thinking") == nullptr);
    r.tool_choice.reset();
    r.messages.push_back(calling("a", "{}"));
    r.messages.push_back(tool_result("a", "rain"));
    BOOST_TEST(sent(r).as_object().if_contains("thinking") == nullptr);
    r.messages[1].content.emplace_back(reasoning_part{.text = "hm", .signature = "s"});
    BOOST_TEST(sent(r).as_object().if_contains("thinking") != nullptr);
}

BOOST_AUTO_TEST_CASE(structured_output)
{
    chat_request r = asking();
    r.response_format = schema_format();
    const bj::value native = sent(r);
    BOOST_TEST((native.at("output_config").at("format").at("schema") ==
                oracle(R"({"type":"object","properties":{"minimum":{"type":"integer"},"l":{"type":"array",)"
                       R"("items":{"type":"object","properties":{},"additionalProperties":false}}},)"
                       R"("required":["l"],"additionalProperties":false})")));
    const bj::value forced = sent(r, provider_context("claude-3-7-sonnet-latest"));
    BOOST_TEST(text_at(forced.at("tools").at(0), "name") == "json_tool_call");
    BOOST_TEST((forced.at("tools").at(0).at("input_schema") == oracle(r.response_format->schema.text)));
    BOOST_TEST((forced.at("tool_choice") == oracle(R"({"type":"tool","name":"json_tool_call"})")));
    r.tools.push_back(weather());
    BOOST_TEST((sent(r, provider_context("claude-3-7-sonnet-latest")).at("tool_choice") ==
                oracle(R"({"type":"any"})")));

    r.tools.clear();
    r.response_format = response_format{.type = response_format::kind::json_object};
    BOOST_TEST(sent(r).at("system").as_array().size() == 1U);
}

BOOST_AUTO_TEST_CASE(sampling_that_a_model_refuses)
{
    chat_request r = asking();
    r.temperature = number_text::from_json("0.20");
    BOOST_TEST(encoded(r, provider_context("claude-opus-4-6")).find(R"("temperature":0.20)") !=
               std::string::npos);
    failure const why = not_sent(r, provider_context("claude-opus-4-7"));
    BOOST_TEST(why->param == "temperature");
    BOOST_TEST(why->code == "unsupported_parameter");
    provider_context dropping("claude-opus-4-7");
    dropping.rules().drop_params = true;
    BOOST_TEST(sent(r, dropping).as_object().if_contains("temperature") == nullptr);
    r.temperature = number_text::from_json("1");
    BOOST_TEST(sent(r, provider_context("claude-opus-4-7")).at("temperature").as_int64() == 1);
    r.top_k = 3;
    BOOST_TEST(not_sent(r, provider_context("claude-sonnet-5"))->param == "top_k");
    BOOST_TEST(sent(r).at("top_k").as_int64() == 3);
}

BOOST_AUTO_TEST_CASE(other_parameters)
{
    chat_request r = asking();
    r.user = "u";
    r.stop = {"END"};
    r.service_tier = "default";
    r.metadata.text = R"({"a":"b"})";
    r.prompt_cache_key = "k";
    const bj::value out = sent(r);
    BOOST_TEST((out.at("metadata") == oracle(R"({"user_id":"u"})")));
    BOOST_TEST((out.at("stop_sequences") == oracle(R"(["END"])")));
    BOOST_TEST(text_at(out, "service_tier") == "standard_only");
    for (auto const& set :
         {+[](chat_request& q) { q.seed = 1; }, +[](chat_request& q) { q.n = 2; },
          +[](chat_request& q) { q.logprobs = true; }, +[](chat_request& q) { q.presence_penalty = 0.5; }}) {
        chat_request bad = asking();
        set(bad);
        BOOST_TEST(not_sent(bad)->code == "unsupported_parameter");
    }
    r.stop = {"\n"};
    BOOST_TEST(not_sent(r)->param == "stop");
    r.stop.clear();
    r.web_search_options.text =
        R"({"search_context_size":"low","user_location":{"approximate":{"city":"Ulm"}}})";
    BOOST_TEST(
        (sent(r).at("tools") == oracle(R"([{"type":"web_search_20250305","name":"web_search","max_uses":1,)"
                                       R"("user_location":{"type":"approximate","city":"Ulm"}}])")));
}

BOOST_AUTO_TEST_CASE(unknown_members)
{
    chat_request r = asking();
    r.extra.set("thinking", raw_json{R"({"type":"enabled","budget_tokens":1024})"});
    r.extra_dialect = "openai_chat";
    BOOST_TEST(sent(r).at("thinking").at("budget_tokens").as_int64() == 1024);
    r.extra.set("odd", raw_json{"1"});
    BOOST_TEST(not_sent(r)->param == "thinking");
    r.extra = {};
    r.extra.set("odd", raw_json{"1"});
    r.extra_dialect.clear();
    BOOST_TEST(sent(r).at("odd").as_int64() == 1);
    r.extra.set("model", raw_json{"1"});
    BOOST_TEST(not_sent(r)->param == "extra");
}

BOOST_AUTO_TEST_CASE(keys)
{
    const auto plain_key = dialect::client().authorization(secret(std::string("sk-ant-api03-x")));
    BOOST_TEST(plain_key.first == "x-api-key");
    BOOST_TEST(plain_key.second == "sk-ant-api03-x");
    const auto token = dialect::client().authorization(secret(std::string("sk-ant-oat01-x")));
    BOOST_TEST(token.first == "authorization");
    BOOST_TEST(token.second == "Bearer sk-ant-oat01-x");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test::anthropic
