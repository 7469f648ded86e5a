#include "lib/config/keys/parts.hpp"
#include "lib/config/keys/stores.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace cogate::config {

namespace {

/// A name as a template argument.
template <std::size_t N>
struct name_text {
    consteval name_text(char const (&literal)[N]) { std::copy_n(literal, N, text); }
    char text[N];
};

/// What the provider needs beyond key and URL, under LiteLLM's name.
template <name_text Name>
void provider_setting(target& to, value const& v)
{
    to.entry->out.settings.emplace_back(Name.text, cogate::secret(v.text));
}

template <std::optional<std::int64_t> deployment::*Member>
void deployment_number(target& to, value const& v)
{
    to.entry->out.*Member = v.number;
}

void store_max_output(target& to, value const& v)
{
    to.entry->out.max_output_tokens = static_cast<std::uint32_t>(v.number);
}

constexpr std::int64_t most_per_minute = 1'000'000'000'000;
constexpr std::int64_t most_order = 1'000'000'000;
constexpr auto model = section::model;
constexpr auto params = section::litellm_params;
constexpr auto info = section::model_info;
using enum value_type;

constexpr std::array rows{
    key{model, "model_name", text, "", "what callers ask for; may end in *",
        &store_deployment_text<&deployment::model_name>},
    key{model, "litellm_params", mapping, "", "the deployment"},
    key{model, "model_info", mapping, "", "facts about the deployment; other keys are yours"},

    key{params, "model", text, "", "provider/model as the provider names it; may end in *",
        &store_deployment_text<&deployment::model>},
    key{params, "custom_llm_provider", text, "", "the provider, where model does not begin with it",
        [](target& to, value const& v) { to.entry->provider = v.text; }},
    key{params, "api_base", url, "the provider's", "base URL with its path, http or https",
        &store_deployment_text<&deployment::api_base>},
    key{params, "api_key", secret, "the provider's variable", "key that is sent to the provider",
        [](target& to, value const& v) { to.entry->out.api_key = cogate::secret(v.text); }},
    key{params, "api_version", text, "the provider's variable", "Azure's api-version",
        &provider_setting<"api_version">},
    key{params, "azure_ad_token", secret, "AZURE_AD_TOKEN", "Entra token instead of a key",
        &provider_setting<"azure_ad_token">},
    key{params, "tenant_id", text, "AZURE_TENANT_ID", "Entra tenant of a client id and secret",
        &provider_setting<"tenant_id">},
    key{params, "client_id", text, "AZURE_CLIENT_ID", "Entra application", &provider_setting<"client_id">},
    key{params, "client_secret", secret, "AZURE_CLIENT_SECRET", "its secret",
        &provider_setting<"client_secret">},
    key{params, "azure_scope", text, "AZURE_SCOPE", "scope of the Entra token",
        &provider_setting<"azure_scope">},
    key{params, "aws_access_key_id", secret, "AWS_ACCESS_KEY_ID", "who signs requests to AWS",
        &provider_setting<"aws_access_key_id">},
    key{params, "aws_secret_access_key", secret, "AWS_SECRET_ACCESS_KEY", "with what",
        &provider_setting<"aws_secret_access_key">},
    key{params, "aws_session_token", secret, "AWS_SESSION_TOKEN", "token of a temporary key",
        &provider_setting<"aws_session_token">},
    key{params, "aws_region_name", text, "AWS_REGION_NAME", "region of the AWS endpoint",
        &provider_setting<"aws_region_name">},
    key{params, "aws_bedrock_runtime_endpoint", url, "the region's", "Bedrock endpoint",
        &provider_setting<"aws_bedrock_runtime_endpoint">},
    key{params, "vertex_project", text, "VERTEXAI_PROJECT", "Google Cloud project",
        &provider_setting<"vertex_project">},
    key{params, "vertex_location", text, "VERTEXAI_LOCATION", "its region",
        &provider_setting<"vertex_location">},
    key{params, "vertex_credentials", secret, "GOOGLE_APPLICATION_CREDENTIALS",
        "service account: a file or the JSON itself", &provider_setting<"vertex_credentials">},
    key{params, "drop_params", boolean, "false", "leave out OpenAI parameters that the provider lacks",
        [](target& to, value const& v) { to.entry->out.parameters.drop_params = v.yes; }},
    key{params, "additional_drop_params", list, "", "parameters to leave out always"},
    key{params, "allowed_openai_params", list, "",
        "parameters to send although the provider is not known to take them"},
    key{params, "organization", text, "", "sent as the header openai-organization",
        [](target& to, value const& v) {
            to.entry->out.headers.emplace_back("openai-organization", v.text);
        }},
    key{params, "extra_headers", mapping, "", "headers that every request to this deployment carries"},
    key{params, "timeout", duration, "router_settings.timeout", "request sent to answer begun",
        [](target& to, value const& v) { to.entry->timeout = v.time; }},
    key{params, "stream_timeout", duration, "timeout", "the same for a streamed answer",
        [](target& to, value const& v) { to.entry->stream_timeout = v.time; }},

    key{params, "weight", number, "1", "share of the calls of its group",
        [](target& to, value const& v) { to.entry->out.weight = v.real; }, 0, 1'000'000'000},
    key{params, "order", integer, "last", "lower ones of the group are asked first",
        [](target& to, value const& v) { to.entry->order = static_cast<int>(v.number); }, -most_order,
        most_order},
    key{params, "rpm", integer, "", "requests per minute that it may be asked for",
        &deployment_number<&deployment::rpm>, 0, most_per_minute},
    key{params, "tpm", integer, "", "tokens per minute that it may be asked for",
        &deployment_number<&deployment::tpm>, 0, most_per_minute},
    key{params, "max_parallel_requests", integer, "default_max_parallel_requests", "calls at one time",
        [](target& to, value const& v) { to.entry->out.max_parallel_requests = static_cast<int>(v.number); },
        1, 1'000'000},
    key{params, "tags", list, "", "what requests may choose it by; 'default' serves those without tags"},
    key{params, "cooldown_time", delay, "router_settings.cooldown_time",
        "rest after failures, and between two probes; 0: none",
        [](target& to, value const& v) { to.entry->out.cooldown_time = v.time; }},
    key{params, "input_cost_per_token", price, "the model's",
        "what one token costs, for cost and for routing by it"},
    key{params, "output_cost_per_token", price, "the model's", "the same of the answer"},
    key{params, other_prices, price, "the model's",
        "LiteLLM's other prices: cache_read_input_token_cost, output_cost_per_image, input_cost_per_second, "
        "..."},
    key{params, "base_model", text, "the model", "as in model_info, which goes before",
        [](target& to, value const& v) { to.entry->base_model = v.text; }},
    key{params, "max_budget", usd, "", "what calls to the deployment may cost in one period",
        [](target& to, value const& v) { to.entry->budget.limit = v.number; }},
    key{params, "budget_duration", period, "", "when max_budget starts anew; without one never",
        [](target& to, value const& v) { to.entry->budget.period = v.text; }},

    key{info, "id", text, "a hash of the deployment", "name of the deployment in headers and records",
        &store_deployment_text<&deployment::id>},
    key{info, "max_input_tokens", integer, "the model's", "context window, for enable_pre_call_checks",
        [](target& to, value const& v) {
            to.entry->out.max_input_tokens = static_cast<std::uint32_t>(v.number);
        },
        1, 1'000'000'000},
    key{info, "max_output_tokens", integer, "the model's", "the most that an answer can have, for budgets",
        &store_max_output, 1, 1'000'000'000},
    key{info, "max_tokens", integer, "the model's", "the same", &store_max_output, 1, 1'000'000'000},
    key{info, "blocked", boolean, "false", "kept in the list, never asked",
        [](target& to, value const& v) { to.entry->out.blocked = v.yes; }},
    key{info, "base_model", text, "the model",
        "whose prices and limits hold, such as gpt-4o of an Azure deployment",
        &store_deployment_text<&deployment::base_model>},
    key{info, "access_groups", list, "", "names under which keys may be given its model group"},
    key{info, "input_cost_per_token", price, "the model's", "where litellm_params has none"},
    key{info, "output_cost_per_token", price, "the model's", "where litellm_params has none"},
    key{info, other_prices, price, "the model's", "where litellm_params has none"},
};

} // namespace

std::span<key const> model_list_keys() noexcept
{
    return rows;
}

} // namespace cogate::config
