#include "providers/resolve.hpp"
#include "providers/registry.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <map>
#include <string>
#include <string_view>

namespace cogate::test {

namespace {

struct row {
    std::string_view name;
    std::string_view api_base;
    std::string_view service;
    std::string_view dialect;
    std::string_view model;
};

providers::variable_lookup environment(std::map<std::string, std::string> values)
{
    return [values = std::move(values)](std::string const& name) -> std::optional<std::string> {
        auto const at = values.find(name);
        return at == values.end() ? std::nullopt : std::optional(at->second);
    };
}

} // namespace

BOOST_AUTO_TEST_SUITE(providers_resolve)

BOOST_AUTO_TEST_CASE(names_mean_what_litellm_says)
{
    constexpr std::array rows = {
        row{"openai/gpt-4o", "", "openai", "openai_chat", "gpt-4o"},
        row{"openai/responses/o3", "", "openai", "openai_responses", "o3"},
        row{"openai/ft:gpt-4o:acme::x", "", "openai", "openai_chat", "ft:gpt-4o:acme::x"},
        row{"openai/gpt-3.5-turbo-instruct", "", "openai", "openai_completions", "gpt-3.5-turbo-instruct"},
        row{"openrouter/openai/gpt-4o", "", "openrouter", "openai_chat", "openai/gpt-4o"},
        row{"openrouter/responses/x/y", "", "openrouter", "openai_responses", "x/y"},
        row{"azure/my-deployment", "", "azure", "azure_openai", "my-deployment"},
        row{"azure/responses/my-deployment", "", "azure", "azure_responses", "my-deployment"},
        row{"azure/command-r-plus", "", "openai", "openai_chat", "command-r-plus"},
        row{"gpt-4o", "", "openai", "openai_chat", "gpt-4o"},
        row{"o3-mini", "", "openai", "openai_chat", "o3-mini"},
        row{"ft:gpt-4o-mini:acme", "", "openai", "openai_chat", "ft:gpt-4o-mini:acme"},
        row{"*", "", "openai", "openai_chat", "*"},
        row{"openai/*", "", "openai", "openai_chat", "*"},
        row{"text-embedding-3-small", "", "openai", "openai_chat", "text-embedding-3-small"},
        row{"claude-sonnet-4-5", "", "anthropic", "anthropic_messages", "claude-sonnet-4-5"},
        row{"command-r", "", "cohere", "cohere", "command-r"},
        row{"mistral-large-latest", "", "mistral", "openai_chat", "mistral-large-latest"},
        row{"deepseek-chat", "", "deepseek", "openai_chat", "deepseek-chat"},
        row{"grok-4", "", "xai", "openai_chat", "grok-4"},
        // A known host.
        row{"llama-3.3-70b", "https://api.groq.com/openai/v1", "groq", "openai_chat", "llama-3.3-70b"},
        row{"meta-llama/x", "https://API.together.xyz/v1/", "together_ai", "openai_chat", "meta-llama/x"},
        row{"d", "https://res.openai.azure.com", "azure", "azure_openai", "d"},
        row{"gemini-2.5-flash", "https://generativelanguage.googleapis.com/v1beta/openai", "gemini_openai",
            "openai_chat", "gemini-2.5-flash"},
        row{"gemini-2.5-flash", "https://generativelanguage.googleapis.com/v1beta", "gemini", "gemini",
            "gemini-2.5-flash"},
        // An unknown one.
        row{"org/model", "http://127.0.0.1:8000/v1", "openai_compatible", "openai_chat", "org/model"},
        row{"gpt-4o", "https://proxy.example/v1", "openai_compatible", "openai_chat", "gpt-4o"},
        row{"claude-x", "https://proxy.example/v1", "anthropic", "anthropic_messages", "claude-x"},
        row{"mistral/m", "https://proxy.example/v1", "mistral", "openai_chat", "m"},
        row{"huggingface/together/org/name", "", "huggingface", "openai_chat", "org/name:together"},
        row{"huggingface/org/name", "", "huggingface", "openai_chat", "org/name"},
        row{"bedrock/anthropic.claude-v1:0", "", "bedrock", "bedrock_converse", "anthropic.claude-v1:0"},
        row{"bedrock/converse/amazon.nova", "", "bedrock", "bedrock_converse", "amazon.nova"},
        row{"bedrock/invoke/us.anthropic.claude-v1", "", "bedrock", "bedrock_anthropic",
            "us.anthropic.claude-v1"},
        row{"bedrock/mantle/openai.gpt-oss", "", "bedrock_mantle", "openai_chat", "openai.gpt-oss"},
        row{"anthropic.claude-v1:0", "", "bedrock", "bedrock_converse", "anthropic.claude-v1:0"},
        row{"vertex_ai/gemini-2.5-pro", "", "vertex_ai", "vertex_gemini", "gemini-2.5-pro"},
        row{"vertex_ai/claude-sonnet-4@20250514", "", "vertex_ai", "vertex_anthropic",
            "claude-sonnet-4@20250514"},
        row{"vertex_ai/meta/llama-4", "", "vertex_ai", "vertex_openai", "meta/llama-4"},
        row{"gemini-2.5-pro", "", "vertex_ai", "vertex_gemini", "gemini-2.5-pro"},
        row{"ollama/llama3", "", "ollama", "ollama", "llama3"},
        row{"voyage-3", "", "voyage", "voyage", "voyage-3"},
        row{"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "", "replicate", "replicate",
            "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"},
    };
    for (row const& want : rows) {
        BOOST_TEST_CONTEXT(want.name << " at '" << want.api_base << "'")
        {
            auto const got = providers::resolve_model(want.name, want.api_base);
            BOOST_REQUIRE_MESSAGE(got.has_value(), (got ? "" : got.error()->message));
            BOOST_TEST(got->service->name == want.service);
            BOOST_TEST(got->dialect->name() == want.dialect);
            BOOST_TEST(got->model == want.model);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_region_may_stand_in_the_name)
{
    auto const got = providers::resolve_model("bedrock/eu-west-3/converse/anthropic.claude-v1:0");
    BOOST_REQUIRE(got.has_value());
    BOOST_TEST(got->model == "anthropic.claude-v1:0");
    BOOST_REQUIRE(got->settings.size() == 1U);
    BOOST_TEST(got->settings[0].first == "aws_region_name");
    BOOST_TEST(got->settings[0].second == "eu-west-3");
}

BOOST_AUTO_TEST_CASE(what_is_configured_is_preferred)
{
    const auto only = environment({{"GEMINI_API_KEY", "g"}});
    auto const got = providers::resolve_service({.model = "gemini-2.5-pro"}, only);
    BOOST_REQUIRE_MESSAGE(got.has_value(), (got ? "" : got.error()->message));
    BOOST_TEST(got->service->name == "gemini");
    BOOST_TEST(got->key.reveal() == "g");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_resolved_says_what_to_write)
{
    const auto text = [](std::string_view name) {
        auto const got = providers::resolve_model(name);
        BOOST_REQUIRE(!got.has_value());
        BOOST_TEST((got.error()->kind == error_kind::not_found));
        BOOST_TEST(got.error()->code == "model_not_found");
        return got.error()->message;
    };
    BOOST_TEST(text("some-model").find("provider/model") != std::string::npos);
    BOOST_TEST(text("some-model").find("api_base") != std::string::npos);
    BOOST_TEST(text("opnai/gpt-4o").find("did you mean openai") != std::string::npos);
    BOOST_TEST(text("openai/").find("openai/<model>") != std::string::npos);
    BOOST_TEST(text("bedrock/invoke/amazon.nova").find("bedrock/converse/") != std::string::npos);
    text("");
    // A hostile name is not repeated at length.
    BOOST_TEST(text(std::string(100'000, 'x')).size() < 1000U);
}

BOOST_AUTO_TEST_CASE(what_is_missing_is_named)
{
    const auto why = [](providers::service_request const& given,
                        std::map<std::string, std::string> set = {}) {
        auto const got = providers::resolve_service(given, environment(std::move(set)));
        return got ? std::string() : got.error()->code + ": " + got.error()->message;
    };
    const std::string no_key = why({.model = "groq/x"});
    BOOST_TEST(no_key.starts_with("missing_key: "));
    BOOST_TEST(no_key.find("GROQ_API_KEY") != std::string::npos);
    BOOST_TEST(why({.model = "together_ai/x"}).find("TOGETHERAI_API_KEY") != std::string::npos);
    BOOST_TEST(why({.model = "groq/x", .api_key = secret("k")}).empty());
    BOOST_TEST(why({.model = "groq/x"}, {{"GROQ_API_KEY", "k"}}).empty());
    BOOST_TEST(!why({.model = "groq/x"}, {{"GROQ_API_KEY", ""}}).empty());
    BOOST_TEST(why({.model = "groq/x", .api_base = "http://h/v1"}).empty());

    const std::string no_base = why({.model = "azure/d", .api_key = secret("k")});
    BOOST_TEST(no_base.starts_with("missing_setting: "));
    BOOST_TEST(no_base.find("AZURE_API_BASE") != std::string::npos);
    const std::string no_account = why({.model = "cloudflare/@cf/m", .api_key = secret("k")});
    BOOST_TEST(no_account.find("CLOUDFLARE_ACCOUNT_ID") != std::string::npos);
    BOOST_TEST(why({.model = "hosted_vllm/m"}).find("HOSTED_VLLM_API_BASE") != std::string::npos);
    BOOST_TEST(why({.model = "hosted_vllm/m"}, {{"HOSTED_VLLM_API_BASE", "http://h/v1"}}).empty());
}

BOOST_AUTO_TEST_CASE(configuration_comes_before_the_environment)
{
    const auto set = environment({{"OPENAI_API_KEY", "env"},
                                  {"OPENAI_BASE_URL", "https://env/v1"},
                                  {"AZURE_API_VERSION", "2025-01-01"},
                                  {"AZURE_API_KEY", "a"},
                                  {"AZURE_API_BASE", "https://r.openai.azure.com/"}});
    auto const from_environment = providers::resolve_service({.model = "openai/m"}, set);
    BOOST_TEST(from_environment->base_url == "https://env/v1");
    BOOST_TEST(from_environment->key.reveal() == "env");
    auto const given = providers::resolve_service(
        {.model = "openai/m", .api_base = "https://own/v1/", .api_key = secret("own")}, set);
    BOOST_TEST(given->base_url == "https://own/v1");
    BOOST_TEST(given->key.reveal() == "own");
    BOOST_TEST(given->settings.get("api_base") == "https://own/v1");
    auto const azure = providers::resolve_service(
        {.model = "azure/d", .settings = {{"api_version", secret("2024-06-01")}}}, set);
    BOOST_TEST(azure->settings.get("api_version") == "2024-06-01");
    BOOST_TEST(azure->base_url == "https://r.openai.azure.com");
}

BOOST_AUTO_TEST_CASE(the_environment_tells_which_services_are_ready)
{
    const auto ready = [](std::string_view name, std::map<std::string, std::string> set) {
        return providers::is_configured(*providers::find_provider(name), environment(std::move(set)));
    };
    BOOST_TEST(ready("demo", {}));
    BOOST_TEST(!ready("openai", {}));
    BOOST_TEST(ready("openai", {{"OPENAI_API_KEY", "k"}}));
    BOOST_TEST(!ready("azure", {{"AZURE_API_KEY", "k"}}));
    BOOST_TEST(ready("azure", {{"AZURE_API_KEY", "k"}, {"AZURE_API_BASE", "https://h"}}));
    BOOST_TEST(ready(
        "azure", {{"AZURE_CLIENT_ID", "c"}, {"AZURE_CLIENT_SECRET", "s"}, {"AZURE_API_BASE", "https://h"}}));
    BOOST_TEST(!ready("openai_compatible", {}));
    // A server on this machine may not run: its default URL is no configuration, and a key for it is none either.
    for (std::string_view const own :
         {"ollama", "ollama_chat", "llamafile", "xinference", "docker_model_runner", "lemonade",
          "hosted_vllm", "lm_studio", "infinity"}) {
        BOOST_TEST(!ready(own, {}), own);
    }
    BOOST_TEST(!ready("ollama", {{"OLLAMA_API_KEY", "k"}}));
    BOOST_TEST(ready("ollama", {{"OLLAMA_API_BASE", "http://localhost:11434"}}));
    BOOST_TEST(ready("docker_model_runner", {{"DOCKER_MODEL_RUNNER_API_BASE", "http://h/v1"}}));
    BOOST_TEST(ready("hosted_vllm", {{"HOSTED_VLLM_API_BASE", "http://h/v1"}}));
    BOOST_TEST(!ready("litellm_proxy", {}));
}

BOOST_AUTO_TEST_CASE(every_row_with_a_local_default_is_a_server_of_ones_own)
{
    for (providers::provider const& row : providers::all_providers()) {
        const bool local =
            row.base_url.starts_with("http://localhost") || row.base_url.starts_with("http://127.");
        BOOST_TEST((!local || row.own_server), row.name);
        BOOST_TEST((!row.own_server || !row.base_variables.empty()), row.name);
    }
}

BOOST_AUTO_TEST_CASE(a_server_of_ones_own_needs_nothing_when_it_is_named)
{
    auto const named = providers::resolve_service({.model = "ollama/llama3"}, environment({}));
    BOOST_REQUIRE(named.has_value());
    BOOST_TEST(named->base_url == "http://localhost:11434");
}

BOOST_AUTO_TEST_CASE(templates_take_printable_values_only)
{
    providers::settings values;
    values.set("a", secret("x-1"));
    values.set("b", secret("x\r\ny"));
    BOOST_TEST(providers::fill_in("p/{a}/q/{a}", values).value() == "p/x-1/q/x-1");
    BOOST_TEST(providers::fill_in("", values).value() == "");
    BOOST_TEST(!providers::fill_in("{b}", values).has_value());
    BOOST_TEST(!providers::fill_in("{c}", values).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test
