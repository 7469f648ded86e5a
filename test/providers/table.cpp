#include "test/providers/table.hpp"

#include "lib/core/json/document.hpp"
#include "lib/core/words.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace cogate::test {

namespace {

/// What a call of the model "m" must become. `speech` lists how the request departs from OpenAI's, see `departures`.
struct expected {
    std::string_view name;
    std::string_view url;
    std::string_view header = "authorization: Bearer k";
    std::string_view speech{};
};

// One line for every row whose first dialect is OpenAI's; the table and this list must name the same services.
constexpr std::string_view max_name = "max_completion_tokens=max_tokens";
constexpr expected openai_like[] = {
    {"openai", "https://api.openai.com/v1/chat/completions", "authorization: Bearer k",
     "-top_k -reasoning_content"},
    {"azure", "https://given/base/openai/deployments/m/chat/completions?api-version=2024-10-21", "api-key: k",
     "-top_k -reasoning_content"},
    {"azure_ai", "https://given/base/openai/deployments/m/chat/completions?api-version=2024-10-21",
     "api-key: k", "-reasoning_content"},
    {"gemini_openai", "https://generativelanguage.googleapis.com/v1beta/openai/chat/completions",
     "authorization: Bearer k", "-seed -top_k -logprobs -reasoning_content"},
    {"mistral", "https://api.mistral.ai/v1/chat/completions", "authorization: Bearer k",
     "max_completion_tokens=max_tokens seed=random_seed -user -top_k -logprobs tool_choice=any "
     "developer=system "
     "-stream_options short_ids reasoning_content=thinking"},
    {"codestral", "https://codestral.mistral.ai/v1/chat/completions", "authorization: Bearer k",
     "max_completion_tokens=max_tokens seed=random_seed -user -top_k -logprobs -reasoning_effort "
     "tool_choice=any "
     "developer=system -stream_options short_ids -reasoning_content"},
    {"groq", "https://api.groq.com/openai/v1/chat/completions", "authorization: Bearer k",
     "-top_k -n -logprobs reasoning_content=reasoning"},
    {"deepseek", "https://api.deepseek.com/chat/completions", "authorization: Bearer k",
     "max_completion_tokens=max_tokens -seed user=user_id -top_k -n -parallel_tool_calls developer=system "
     "joined "
     "schema_in_prompt"},
    {"xai", "https://api.x.ai/v1/chat/completions", "authorization: Bearer k",
     "-top_k parallel_tool_calls=parallel_function_calling developer=system"},
    {"together_ai", "https://api.together.xyz/v1/chat/completions", "authorization: Bearer k",
     "max_completion_tokens=max_tokens developer=system"},
    {"openrouter", "https://openrouter.ai/api/v1/chat/completions", "authorization: Bearer k",
     "reasoning_effort=reasoning reasoning_content=reasoning"},
    {"perplexity", "https://api.perplexity.ai/chat/completions", "authorization: Bearer k",
     "max_completion_tokens=max_tokens -seed -user -n -logprobs -parallel_tool_calls -tools -tool_choice "
     "developer=system -reasoning_content"},
    {"cerebras", "https://api.cerebras.ai/v1/chat/completions", "authorization: Bearer k",
     "-top_k -n reasoning_content=reasoning"},
    {"zai", "https://api.z.ai/api/paas/v4/chat/completions", "authorization: Bearer k",
     "max_completion_tokens=max_tokens user=user_id reasoning_effort=thinking developer=system"},
    {"moonshot", "https://api.moonshot.ai/v1/chat/completions", "authorization: Bearer k",
     "max_completion_tokens=max_tokens reasoning_effort=thinking developer=system"},
    {"dashscope", "https://dashscope-intl.aliyuncs.com/compatible-mode/v1/chat/completions",
     "authorization: Bearer k",
     "max_completion_tokens=max_tokens reasoning_effort=enable_thinking developer=system"},
    {"minimax", "https://api.minimax.io/v1/chat/completions", "authorization: Bearer k", "developer=system"},
    {"fireworks_ai", "https://api.fireworks.ai/inference/v1/chat/completions", "authorization: Bearer k",
     "max_completion_tokens=max_tokens developer=system"},
    {"cloudflare",
     "https://api.cloudflare.com/client/v4/accounts/given-cloudflare_account_id/ai/v1/chat/completions",
     "authorization: Bearer k", "max_completion_tokens=max_tokens developer=system no_null"},
    {"sarvam", "https://api.sarvam.ai/v1/chat/completions", "api-subscription-key: k",
     "max_completion_tokens=max_tokens developer=system"},
    {"databricks", "https://given-databricks_host/serving-endpoints/chat/completions",
     "authorization: Bearer k", "max_completion_tokens=max_tokens developer=system"},
    {"snowflake",
     "https://given-snowflake_account_id.snowflakecomputing.com/api/v2/cortex/v1/chat/completions",
     "authorization: Bearer k", "developer=system"},
    {"github", "https://models.inference.ai.azure.com/chat/completions"},
    {"vercel_ai_gateway", "https://ai-gateway.vercel.sh/v1/chat/completions"},
    {"helicone", "https://ai-gateway.helicone.ai/chat/completions"},
    {"litellm_proxy", "https://given/base/chat/completions"},
    {"poe", "https://api.poe.com/v1/chat/completions", "authorization: Bearer k", max_name},
    {"nano-gpt", "https://nano-gpt.com/api/v1/chat/completions", "authorization: Bearer k", max_name},
    {"cometapi", "https://api.cometapi.com/v1/chat/completions"},
    {"aiml", "https://api.aimlapi.com/v2/chat/completions"},
    {"aihubmix", "https://aihubmix.com/v1/chat/completions"},
    {"apertis", "https://api.stima.tech/v1/chat/completions"},
    {"llamagate", "https://api.llamagate.dev/v1/chat/completions", "authorization: Bearer k", max_name},
    {"heroku", "https://us.inference.heroku.com/v1/chat/completions", "authorization: Bearer k", max_name},
    {"gradient_ai", "https://inference.do-ai.run/v1/chat/completions"},
    {"assemblyai", "https://llm-gateway.assemblyai.com/v1/chat/completions"},
    {"charity_engine", "https://api.charityengine.services/remotejobs/v2/inference/chat/completions"},
    {"deepinfra", "https://api.deepinfra.com/v1/openai/chat/completions", "authorization: Bearer k",
     max_name},
    {"nvidia_nim", "https://integrate.api.nvidia.com/v1/chat/completions", "authorization: Bearer k",
     "max_completion_tokens=max_tokens developer=system"},
    {"sambanova", "https://api.sambanova.ai/v1/chat/completions", "authorization: Bearer k",
     "max_completion_tokens=max_tokens developer=system"},
    {"meta_llama", "https://api.llama.com/compat/v1/chat/completions", "authorization: Bearer k",
     "developer=system"},
    {"nebius", "https://api.studio.nebius.ai/v1/chat/completions"},
    {"ai21_chat", "https://api.ai21.com/studio/v1/chat/completions", "authorization: Bearer k",
     "max_completion_tokens=max_tokens -seed -top_k -logprobs developer=system joined"},
    {"volcengine", "https://ark.cn-beijing.volces.com/api/v3/chat/completions", "authorization: Bearer k",
     "reasoning_effort=thinking developer=system"},
    {"empower", "https://app.empower.dev/api/v1/chat/completions"},
    {"friendliai", "https://api.friendli.ai/serverless/v1/chat/completions"},
    {"galadriel", "https://api.galadriel.com/v1/chat/completions"},
    {"novita", "https://api.novita.ai/v3/openai/chat/completions", "authorization: Bearer k", max_name},
    {"anyscale", "https://api.endpoints.anyscale.com/v1/chat/completions", "authorization: Bearer k",
     max_name},
    {"featherless_ai", "https://api.featherless.ai/v1/chat/completions", "authorization: Bearer k",
     "max_completion_tokens=max_tokens developer=system"},
    {"nscale", "https://inference.api.nscale.com/v1/chat/completions"},
    {"v0", "https://api.v0.dev/v1/chat/completions", "authorization: Bearer k", "developer=system"},
    {"morph", "https://api.morphllm.com/v1/chat/completions"},
    {"lambda_ai", "https://api.lambda.ai/v1/chat/completions", "authorization: Bearer k", max_name},
    {"hyperbolic", "https://api.hyperbolic.xyz/v1/chat/completions", "authorization: Bearer k", max_name},
    {"wandb", "https://api.inference.wandb.ai/v1/chat/completions"},
    {"clarifai", "https://api.clarifai.com/v2/ext/openai/v1/chat/completions"},
    {"ovhcloud", "https://oai.endpoints.kepler.ai.cloud.ovh.net/v1/chat/completions"},
    {"baseten", "https://inference.baseten.co/v1/chat/completions"},
    {"compactifai", "https://api.compactif.ai/v1/chat/completions"},
    {"publicai", "https://api.publicai.co/v1/chat/completions", "authorization: Bearer k",
     "max_completion_tokens=max_tokens joined"},
    {"veniceai", "https://api.venice.ai/api/v1/chat/completions"},
    {"xiaomi_mimo", "https://api.xiaomimimo.com/v1/chat/completions", "authorization: Bearer k",
     "reasoning_effort=thinking developer=system"},
    {"scaleway", "https://api.scaleway.ai/v1/chat/completions", "authorization: Bearer k", max_name},
    {"synthetic", "https://api.synthetic.new/openai/v1/chat/completions", "authorization: Bearer k",
     max_name},
    {"chutes", "https://llm.chutes.ai/v1/chat/completions", "authorization: Bearer k", max_name},
    {"abliteration", "https://api.abliteration.ai/v1/chat/completions", "authorization: Bearer k", max_name},
    {"gmi", "https://api.gmi-serving.com/v1/chat/completions"},
    {"crusoe", "https://managed-inference-api-proxy.crusoecloud.com/v1/chat/completions",
     "authorization: Bearer k", max_name},
    {"salad_cloud", "https://ai.salad.cloud/v1/chat/completions"},
    {"hosted_vllm", "https://given/base/chat/completions"},
    {"lm_studio", "https://given/base/chat/completions"},
    {"llamafile", "http://127.0.0.1:8080/v1/chat/completions"},
    {"xinference", "http://127.0.0.1:9997/v1/chat/completions"},
    {"docker_model_runner", "http://localhost:12434/engines/llama.cpp/v1/chat/completions"},
    {"lemonade", "http://localhost:8000/api/v1/chat/completions"},
    {"bedrock_mantle", "https://bedrock-mantle.eu-west-3.api.aws/v1/chat/completions"},
    {"huggingface", "https://router.huggingface.co/v1/chat/completions", "authorization: Bearer k", max_name},
    {"infinity", "https://given/base/chat/completions"},
    {"demo", "demo://local/v1/chat/completions"},
    {"openai_compatible", "https://given/base/chat/completions"},
    {"custom_openai", "https://given/base/chat/completions"},
};

/// A request that has something of everything that quirks are about.
chat_request probe()
{
    chat_request r{.model = "m", .messages = {text_message(role::developer, "d")}};
    message turn = user("a");
    turn.content.emplace_back(text_part{.text = "b"});
    turn.content_is_text = false;
    r.messages.push_back(turn);
    message call{.role = role::assistant, .content = {}};
    call.content.emplace_back(reasoning_part{.text = "why", .field = "reasoning_content"});
    call.tool_calls.push_back({.id = "call_1", .name = "f", .arguments = "{}"});
    r.messages.push_back(call);
    r.messages.push_back(tool_result("call_1", "4"));
    r.tools.push_back({.name = "f", .parameters = {R"({"type":"object"})"}});
    r.tool_choice = tool_choice{.how = tool_choice::mode::required};
    r.parallel_tool_calls = false;
    r.max_completion_tokens = 9;
    r.n = 2;
    r.seed = 7;
    r.top_k = 3;
    r.user = "u";
    r.logprobs = true;
    r.reasoning.effort = "high";
    r.response_format =
        response_format{.type = response_format::kind::json_schema, .name = "s", .schema = {"{}"}};
    return r;
}

/// How a body departs from what OpenAI itself would get, in a fixed order.
std::string departures(json::value body, providers::chat_quirks const& quirks)
{
    std::vector<std::string> out;
    const auto field = [&](std::string_view name, std::initializer_list<std::string_view> others) {
        if (body[name].exists()) {
            return;
        }
        for (std::string_view const other : others) {
            if (body[other].exists()) {
                out.push_back(std::string(name) + "=" + std::string(other));
                return;
            }
        }
        out.push_back("-" + std::string(name));
    };
    field("max_completion_tokens", {"max_tokens"});
    field("seed", {"random_seed"});
    field("user", {"user_id"});
    field("top_k", {});
    field("n", {});
    field("logprobs", {});
    field("parallel_tool_calls", {"parallel_function_calling"});
    field("reasoning_effort", {"thinking", "enable_thinking", "reasoning"});
    field("tools", {});
    field("tool_choice", {});
    if (body["tool_choice"].exists() && !body["tool_choice"].equals("required")) {
        out.push_back("tool_choice=" + body["tool_choice"].string());
    }
    const bool in_prompt = body["response_format"]["type"].equals("json_object");
    std::size_t first = in_prompt ? 1 : 0;
    const json::value turns = body["messages"];
    if (turns[first]["role"].equals("system")) {
        out.emplace_back("developer=system");
    }
    if (turns[first + 1]["content"].equals("ab")) {
        out.emplace_back("joined");
    }
    field("stream_options", {});
    const json::value call = turns[first + 2];
    if (!call["tool_calls"][std::size_t{0}]["id"].equals("call_1")) {
        const std::string id = call["tool_calls"][std::size_t{0}]["id"].string();
        BOOST_TEST(id.size() == 9U);
        BOOST_TEST(turns[first + 3]["tool_call_id"].equals(id));
        out.emplace_back("short_ids");
    }
    if (call["content"].equals("")) {
        out.emplace_back("no_null");
    }
    if (!call["reasoning_content"].exists()) {
        const bool part = call["content"][std::size_t{0}]["type"].equals("thinking");
        out.emplace_back(call["reasoning"].exists() ? "reasoning_content=reasoning"
                         : part                     ? "reasoning_content=thinking"
                                                    : "-reasoning_content");
    }
    if (in_prompt) {
        BOOST_TEST(turns[std::size_t{0}]["content"].string().find("JSON schema") != std::string::npos);
        out.emplace_back("schema_in_prompt");
    }
    BOOST_TEST(quirks.json_schema != in_prompt);
    std::string joined;
    for (std::string const& each : out) {
        joined += (joined.empty() ? "" : " ") + each;
    }
    return joined;
}

std::set<std::string_view> as_set(std::string_view list)
{
    const std::vector<std::string_view> words = core::words(list);
    return {words.begin(), words.end()};
}

} // namespace

BOOST_AUTO_TEST_SUITE(providers_table)

BOOST_AUTO_TEST_CASE(every_openai_like_service_gets_what_it_wants)
{
    std::set<std::string_view> seen;
    for (expected const& want : openai_like) {
        BOOST_TEST_CONTEXT(want.name)
        {
            BOOST_TEST(seen.insert(want.name).second);
            providers::provider const* const row = providers::find_provider(want.name);
            BOOST_REQUIRE(row != nullptr);
            result<providers::resolved_service> const service = deployed(*row);
            BOOST_REQUIRE_MESSAGE(service.has_value(), (service ? "" : service.error()->message));
            parameter_rules rules{.drop_params = true};
            const providers::call_context context{.model = service->model,
                                                  .stream = true,
                                                  .service = *row,
                                                  .settings = service->settings,
                                                  .rules = rules};
            auto const encoded = service->dialect->encode_chat(probe(), context);
            BOOST_REQUIRE_MESSAGE(encoded.has_value(), (encoded ? "" : encoded.error()->message));
            BOOST_TEST(service->base_url + encoded->path == want.url);

            auto const proof =
                providers::make_credential(*row, *service->dialect, service->key, service->settings);
            BOOST_REQUIRE(proof.has_value());
            providers::header_list const fields = (*proof)->fields();
            BOOST_REQUIRE(fields.size() == 1U);
            BOOST_TEST(fields[0].first + ": " + fields[0].second == want.header);

            json::document doc;
            json::parse_error error;
            BOOST_REQUIRE(doc.parse(encoded->body, error));
            BOOST_TEST(doc["model"].equals("m"));
            const std::string speech = departures(doc.root(), row->quirks);
            BOOST_CHECK_MESSAGE(as_set(speech) == as_set(want.speech),
                                speech << " instead of " << want.speech);
        }
    }
    for (providers::provider const& row : providers::all_providers()) {
        BOOST_CHECK_MESSAGE(!is_openai_like(row) || seen.contains(row.name),
                            row.name << " has no expectation");
    }
    BOOST_TEST(seen.size() >= 60U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test
