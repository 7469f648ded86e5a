#include "test/providers/openai_chat/support.hpp"

#include "providers/openai_chat/quirks.hpp"
#include "providers/openai_chat/reshape.hpp"

#include <set>

namespace cogate::test {

namespace {

using providers::chat_quirks;

providers::provider with(chat_quirks const& quirks)
{
    return {.name = "test", .quirks = quirks};
}

result<std::string> body_of(chat_request const& r, chat_quirks const& quirks, std::string model = "up",
                            bool stream = false)
{
    auto const made = providers::openai_chat::client().encode_chat(
        r, provider_context(std::move(model), stream, with(quirks)));
    if (!made) {
        return made.error();
    }
    return made->body;
}

bool has(result<std::string> const& body, std::string_view text)
{
    return body.has_value() && body->find(text) != std::string::npos;
}

chat_request asking()
{
    return {.model = "m", .messages = {user("hi")}};
}

bool fits(std::string_view body, chat_quirks const& quirks, std::string model = "up")
{
    auto const read = providers::openai_chat::server().chat_express().read(body, {});
    BOOST_REQUIRE(read.has_value());
    return providers::openai_chat::client().express_fits(
        **read, provider_context(std::move(model), false, with(quirks)));
}

} // namespace

BOOST_AUTO_TEST_SUITE(providers_openai_chat_quirks)

BOOST_AUTO_TEST_CASE(parameters_are_renamed)
{
    chat_request r = asking();
    r.seed = 1;
    r.max_completion_tokens = 5;
    const chat_quirks quirks{.rename = "max_completion_tokens=max_tokens seed=random_seed"};
    auto const body = body_of(r, quirks);
    BOOST_TEST(has(body, R"("max_tokens":5)"));
    BOOST_TEST(has(body, R"("random_seed":1)"));
    BOOST_TEST(!has(body, "max_completion_tokens"));
    r.max_tokens = 7;
    BOOST_TEST(has(body_of(r, quirks), R"("max_tokens":5)"));
    BOOST_TEST(!has(body_of(r, quirks), "7"));
}

BOOST_AUTO_TEST_CASE(families_that_refuse_the_older_name_get_the_newer)
{
    chat_request r = asking();
    r.max_tokens = 7;
    const chat_quirks quirks{.completion_tokens_models = "o1 gpt-5"};
    BOOST_TEST(has(body_of(r, quirks, "gpt-5-mini"), R"("max_completion_tokens":7)"));
    BOOST_TEST(has(body_of(r, quirks, "gpt-4o"), R"("max_tokens":7)"));
}

BOOST_AUTO_TEST_CASE(what_a_service_lacks_is_refused_or_dropped)
{
    chat_request r = asking();
    r.logprobs = true;
    r.user = "u";
    const chat_quirks quirks{.unsupported = "logprobs user n"};
    auto const refused = body_of(r, quirks);
    BOOST_REQUIRE(!refused.has_value());
    BOOST_TEST(refused.error()->code == "unsupported_parameter");
    BOOST_TEST(refused.error()->param == "logprobs");
    BOOST_TEST(refused.error()->status == 400);

    provider_context dropping("up", false, with(quirks));
    dropping.rules().drop_params = true;
    BOOST_TEST(providers::openai_chat::client().encode_chat(r, dropping)->body ==
               R"({"model":"up","messages":[{"role":"user","content":"hi"}]})");

    provider_context allowing("up", false, with(quirks));
    allowing.rules().allowed_openai_params = {"logprobs"};
    BOOST_TEST(providers::openai_chat::client().encode_chat(r, allowing)->body.find(R"("logprobs":true)") !=
               std::string::npos);

    // A default says nothing, so that it is no reason to refuse.
    r.logprobs = false;
    r.n = 1;
    BOOST_TEST(*body_of(r, quirks) == R"({"model":"up","messages":[{"role":"user","content":"hi"}]})");
}

BOOST_AUTO_TEST_CASE(fields_of_other_dialects_are_refused_unless_they_are_hints)
{
    chat_request r = asking();
    r.extra.set("context_management", {"{}"});
    r.extra_dialect = "anthropic_messages";
    BOOST_TEST(*body_of(r, {}) == R"({"model":"up","messages":[{"role":"user","content":"hi"}]})");
    r.extra.set("mcp_servers", {"[]"});
    auto const refused = body_of(r, {});
    BOOST_REQUIRE(!refused.has_value());
    BOOST_TEST(refused.error()->param == "mcp_servers");
    provider_context dropping;
    dropping.rules().drop_params = true;
    BOOST_TEST(providers::openai_chat::client().encode_chat(r, dropping)->body.find("mcp") ==
               std::string::npos);
    r.extra_dialect = "openai_chat";
    BOOST_TEST(has(body_of(r, {}), R"("mcp_servers":[])"));
    provider_context naming;
    naming.rules().additional_drop_params = {"mcp_servers"};
    BOOST_TEST(providers::openai_chat::client().encode_chat(r, naming)->body.find("mcp") ==
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_wish_for_reasoning_is_spelt_as_the_service_wants)
{
    struct row {
        std::string_view how;
        reasoning_options wish;
        std::string_view expected; // empty: nothing of it
    };
    const row rows[] = {
        {"", {.effort = "low"}, R"("reasoning_effort":"low")"},
        {"", {.budget_tokens = 5000}, R"("reasoning_effort":"medium")"},
        {"", {.enabled = false}, ""},
        {"both", {.effort = "low"}, R"("reasoning_effort":"low")"},
        {"both",
         {.budget_tokens = 100, .enabled = true},
         R"("thinking":{"type":"enabled","budget_tokens":100})"},
        {"both", {.enabled = false}, R"("thinking":{"type":"disabled"})"},
        {"thinking", {.effort = "high"}, R"("thinking":{"type":"enabled"})"},
        {"thinking", {.effort = "none"}, R"("thinking":{"type":"disabled"})"},
        {"enable_thinking", {.budget_tokens = 64}, R"("enable_thinking":true,"thinking_budget":64)"},
        {"enable_thinking", {.enabled = false}, R"("enable_thinking":false)"},
        {"template", {.effort = "none"}, R"("chat_template_kwargs":{"enable_thinking":false})"},
        {"reasoning", {.effort = "high"}, R"("reasoning":{"effort":"high"})"},
        {"reasoning", {.budget_tokens = 9}, R"("reasoning":{"max_tokens":9})"},
        {"reasoning", {.enabled = false}, R"("reasoning":{"enabled":false})"},
        {"high_or_none", {.effort = "low"}, R"("reasoning_effort":"high")"},
        {"high_or_none", {.effort = "minimal"}, R"("reasoning_effort":"none")"},
        {"google", {.effort = "low"}, R"("reasoning_effort":"low")"},
        {"google",
         {.budget_tokens = 9},
         R"("extra_body":{"google":{"thinking_config":{"thinking_budget":9}}})"},
    };
    for (row const& r : rows) {
        chat_request asked = asking();
        asked.reasoning = r.wish;
        const std::string tail = r.expected.empty() ? "}" : "," + std::string(r.expected) + "}";
        BOOST_TEST(*body_of(asked, {.reasoning_request = r.how}) ==
                   R"({"model":"up","messages":[{"role":"user","content":"hi"}])" + tail);
    }
}

BOOST_AUTO_TEST_CASE(earlier_reasoning_goes_where_the_service_looks)
{
    chat_request r = asking();
    r.messages.push_back(assistant("so"));
    r.messages[1].content.insert(r.messages[1].content.begin(),
                                 reasoning_part{.text = "why", .field = "reasoning_content"});
    BOOST_TEST(has(body_of(r, {}), R"("content":"so","reasoning_content":"why")"));
    BOOST_TEST(has(body_of(r, {.reasoning_field = "reasoning"}), R"("content":"so","reasoning":"why")"));
    BOOST_TEST(!has(body_of(r, {.reasoning_field = "-"}), "why"));
    BOOST_TEST(has(
        body_of(r, {.reasoning_field = "thinking"}),
        R"("content":[{"type":"thinking","thinking":[{"type":"text","text":"why"}]},{"type":"text","text":"so"}])"));
    // Empty reasoning in its own place is asked back by some.
    chat_request empty = asking();
    empty.messages.push_back(assistant("so"));
    empty.messages[1].extra.set("reasoning_content", {R"("")"});
    BOOST_TEST(has(body_of(empty, {.reasoning_field = "reasoning_content"}), R"("reasoning_content":"")"));
    BOOST_TEST(!has(body_of(empty, {.reasoning_field = "reasoning"}), "reasoning_content"));
    BOOST_TEST(!has(body_of(empty, {.reasoning_field = "-"}), "reasoning_content"));
    // From another dialect it has no name of its own.
    std::get<reasoning_part>(r.messages[1].content[0]).field.clear();
    BOOST_TEST(!has(body_of(r, {}), "why"));
    BOOST_TEST(has(body_of(r, {.reasoning_field = "reasoning_content"}), R"("reasoning_content":"why")"));
}

BOOST_AUTO_TEST_CASE(messages_are_reshaped)
{
    chat_request r{.model = "m", .messages = {text_message(role::developer, "d"), user("a")}};
    r.messages[1].content.emplace_back(text_part{.text = "b", .cache = cache_mark{}});
    r.messages[1].content_is_text = false;
    const chat_quirks plain{.developer_role = false, .content_arrays = false};
    BOOST_TEST(has(body_of(r, plain), R"([{"role":"system","content":"d"},{"role":"user","content":"ab"}])"));

    r.messages[1].content.emplace_back(
        image_part{.source = {.url = "https://h/i", .data = {}, .file_id = {}, .media_type = {}}});
    auto const refused = body_of(r, plain);
    BOOST_REQUIRE(!refused.has_value());
    BOOST_TEST(refused.error()->code == "unsupported_content");
    BOOST_TEST(refused.error()->param == "messages[1].content[2]");

    message call{.role = role::assistant, .content = {}};
    call.tool_calls.push_back({.id = "i", .name = "f", .arguments = "{}"});
    chat_request tools{.model = "m", .messages = {user("x"), call}};
    BOOST_TEST(has(body_of(tools, {}), R"("content":null)"));
    BOOST_TEST(has(body_of(tools, {.null_content = false}), R"("content":"")"));
}

BOOST_AUTO_TEST_CASE(tool_ids_are_shortened_alike_and_apart)
{
    std::vector<message> messages;
    message call{.role = role::assistant, .content = {}};
    for (int i = 0; i != 200; ++i) {
        call.tool_calls.push_back({.id = "call_" + std::to_string(i), .name = "f", .arguments = "{}"});
    }
    call.tool_calls.push_back({.id = "Abc123xyZ", .name = "f", .arguments = "{}"});
    messages.push_back(call);
    for (tool_call const& each : call.tool_calls) {
        messages.push_back(tool_result(each.id, "r"));
    }
    std::vector<message> again = messages;
    providers::openai_chat::shorten_tool_ids(messages);
    providers::openai_chat::shorten_tool_ids(again);
    BOOST_TEST((messages == again));
    std::set<std::string> seen;
    for (std::size_t i = 0; i != messages[0].tool_calls.size(); ++i) {
        std::string const& id = messages[0].tool_calls[i].id;
        BOOST_TEST(id.size() == 9U);
        BOOST_TEST(seen.insert(id).second);
        BOOST_TEST(messages[i + 1].tool_call_id == id);
    }
    BOOST_TEST(seen.contains("Abc123xyZ"));
}

BOOST_AUTO_TEST_CASE(a_schema_goes_into_the_prompt_where_there_is_json_mode_only)
{
    chat_request r = asking();
    r.response_format = response_format{.type = response_format::kind::json_schema,
                                        .name = "s",
                                        .schema = {R"({"type":"object","required":["a"]})"}};
    auto const body = body_of(r, {.json_schema = false});
    BOOST_TEST(has(body, R"("response_format":{"type":"json_object"})"));
    BOOST_TEST(has(body, R"(\"required\":[\"a\"])"));
    BOOST_TEST(has(body, "JSON"));
}

BOOST_AUTO_TEST_CASE(stream_options_are_left_out_where_refused)
{
    BOOST_TEST(has(body_of(asking(), {}, "up", true), R"("stream_options":{"include_usage":true})"));
    auto const body = body_of(asking(), {.stream_options = false}, "up", true);
    BOOST_TEST(has(body, R"("stream":true)"));
    BOOST_TEST(!has(body, "stream_options"));
}

BOOST_AUTO_TEST_CASE(usage_that_hides_reasoning_is_made_whole)
{
    const auto tokens = [](std::string_view usage_object, chat_quirks::usage_rule rule) {
        const std::string body = R"({"id":"i","choices":[],"usage":)" + std::string(usage_object) + "}";
        auto const got = providers::openai_chat::client().decode_chat(
            {.body = body}, provider_context("m", false, with({.usage = rule})));
        BOOST_REQUIRE(got.has_value());
        return got->usage;
    };
    using rule = chat_quirks::usage_rule;
    // xAI: 12 + 1 + 228.
    usage const xai = tokens(R"({"prompt_tokens":12,"completion_tokens":1,"total_tokens":241,)"
                             R"("completion_tokens_details":{"reasoning_tokens":228}})",
                             rule::reasoning_beside);
    BOOST_TEST(xai.completion_tokens == 229);
    BOOST_TEST(xai.reasoning_tokens == 228);
    usage const no_total = tokens(R"({"prompt_tokens":12,"completion_tokens":1,)"
                                  R"("completion_tokens_details":{"reasoning_tokens":228}})",
                                  rule::reasoning_beside);
    BOOST_TEST(no_total.completion_tokens == 229);
    BOOST_TEST(no_total.total_tokens == 241);
    usage const hidden =
        tokens(R"({"prompt_tokens":10,"completion_tokens":5,"total_tokens":40})", rule::hidden_in_total);
    BOOST_TEST(hidden.completion_tokens == 30);
    BOOST_TEST(hidden.reasoning_tokens == 25);
    usage const odd = tokens(R"({"prompt_tokens":10,"completion_tokens":-5,)"
                             R"("prompt_tokens_details":{"cached_tokens":161}})",
                             rule::as_is);
    BOOST_TEST(odd.cached_tokens == 10);
    BOOST_TEST(odd.completion_tokens == 0);
}

BOOST_AUTO_TEST_CASE(only_what_needs_no_change_is_relayed)
{
    constexpr std::string_view plain = R"({"model":"m","messages":[{"role":"user","content":"hi"}]})";
    const auto body = [](std::string_view member) {
        return R"({"model":"m","messages":[{"role":"user","content":"hi"}],)" + std::string(member) + "}";
    };
    BOOST_TEST(fits(plain, {}));
    BOOST_TEST(!fits(plain, {.exact = false}));
    BOOST_TEST(!fits(plain, {.content_arrays = false}));
    BOOST_TEST(fits(plain, {.unsupported = "user seed"}));
    BOOST_TEST(!fits(body(R"("seed":1)"), {.unsupported = "user seed"}));
    BOOST_TEST(!fits(body(R"("seed":1)"), {.rename = "seed=random_seed"}));
    BOOST_TEST(!fits(body(R"("reasoning_effort":"low")"), {.reasoning_request = "thinking"}));
    BOOST_TEST(fits(body(R"("reasoning_effort":"low")"), {}));
    BOOST_TEST(!fits(body(R"("thinking":{"type":"enabled"})"), {}));
    BOOST_TEST(fits(body(R"("thinking":{"type":"enabled"})"), {.reasoning_request = "both"}));
    BOOST_TEST(!fits(body(R"("drop_params":true)"), {}));
    BOOST_TEST(!fits(body(R"("additional_drop_params":["x"])"), {}));
    BOOST_TEST(!fits(body(R"("allowed_openai_params":[])"), {}));
    BOOST_TEST(!fits(body(R"("stream":true)"), {.stream_options = false}));
    BOOST_TEST(fits(body(R"("max_tokens":1)"), {.completion_tokens_models = "o3"}, "gpt-4o"));
    BOOST_TEST(!fits(body(R"("max_tokens":1)"), {.completion_tokens_models = "o3"}, "o3-mini"));
    BOOST_TEST(!fits(R"({"model":"m","messages":[{"role":"developer","content":"hi"}]})",
                     {.developer_role = false}));
}

BOOST_AUTO_TEST_CASE(rules_and_thinking_are_read_from_the_body)
{
    auto const parsed = providers::openai_chat::server().parse_chat(
        R"({"model":"m","messages":[{"role":"user","content":"hi"}],"drop_params":true,)"
        R"("additional_drop_params":["seed"],"allowed_openai_params":["n"],)"
        R"("thinking":{"type":"enabled","budget_tokens":1024}})",
        {});
    BOOST_REQUIRE(parsed.has_value());
    BOOST_TEST(parsed->rules.drop_params);
    BOOST_TEST((parsed->rules.additional_drop_params == std::vector<std::string>{"seed"}));
    BOOST_TEST((parsed->rules.allowed_openai_params == std::vector<std::string>{"n"}));
    BOOST_TEST(parsed->request.extra.empty());
    BOOST_TEST(parsed->request.extra_dialect.empty());
    BOOST_TEST(parsed->request.reasoning.enabled.value());
    BOOST_TEST(parsed->request.reasoning.budget_tokens.value() == 1024);

    auto const wrong = providers::openai_chat::server().parse_chat(
        R"({"model":"m","messages":[{"role":"user","content":"hi"}],"drop_params":"yes"})", {});
    BOOST_REQUIRE(!wrong.has_value());
    BOOST_TEST(wrong.error()->param == "drop_params");
    // More than is known stays with its own dialect.
    auto const odd = providers::openai_chat::server().parse_chat(
        R"({"model":"m","messages":[{"role":"user","content":"hi"}],"thinking":{"type":"enabled","x":1}})",
        {});
    BOOST_REQUIRE(odd.has_value());
    BOOST_TEST(odd->request.extra.find("thinking") != nullptr);
    BOOST_TEST(odd->request.extra_dialect == "openai_chat");
}

BOOST_AUTO_TEST_CASE(embeddings_of_bytes_are_numbers)
{
    const provider_context perplexity("m", false,
                                      with({.embeddings_path = "/v1/embeddings", .int8_embeddings = true}));
    auto const codec = providers::openai_chat::client().embeddings();
    embedding_request ask{.model = "m", .input = std::vector<std::string>{"a"}, .encoding_format = "base64"};
    auto const made = codec->encode(ask, perplexity);
    BOOST_TEST(made->path == "/v1/embeddings");
    BOOST_TEST(made->body == R"({"model":"m","input":["a"]})");
    auto const got =
        codec->decode({.body = R"({"data":[{"index":0,"embedding":"AX+A/w=="}]})"}, ask, perplexity);
    BOOST_REQUIRE(got.has_value());
    BOOST_TEST((got->data[0].values == std::vector<float>{1, 127, -128, -1}));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test
