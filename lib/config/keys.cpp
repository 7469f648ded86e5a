#include "lib/config/keys.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace cogate::config {

namespace {

using milliseconds = std::chrono::milliseconds;

/// Stores for members that only need a conversion, one instantiation per member.
template <milliseconds cogate::deadlines::*Member>
void deadline(target& to, value const& v)
{
    to.all.gateway.deadlines.*Member = v.time;
}

template <milliseconds inbound_limits::*Member>
void limit_time(target& to, value const& v)
{
    to.all.limits.*Member = v.time;
}

template <std::size_t inbound_limits::*Member>
void limit_size(target& to, value const& v)
{
    to.all.limits.*Member = static_cast<std::size_t>(v.number);
}

template <std::size_t gateway_options::*Member>
void gateway_size(target& to, value const& v)
{
    to.all.gateway.*Member = static_cast<std::size_t>(v.number);
}

template <std::string settings::*Member>
void setting_text(target& to, value const& v)
{
    to.all.*Member = v.text;
}

template <std::string deployment::*Member>
void deployment_text(target& to, value const& v)
{
    to.entry->out.*Member = v.text;
}

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

void store_timeout(target& to, value const& v)
{
    apply_timeouts(to.all.gateway.deadlines, v.time, std::nullopt);
}

void store_stream_timeout(target& to, value const& v)
{
    apply_timeouts(to.all.gateway.deadlines, std::nullopt, v.time);
}

constexpr std::int64_t byte_cap = std::int64_t{1} << 40;
constexpr auto top = section::top;
constexpr auto model = section::model;
constexpr auto params = section::litellm_params;
constexpr auto own = section::cogate;
constexpr auto times = section::deadlines;
constexpr auto limits = section::limits;
using enum value_type;

constexpr std::array rows{
    key{top, "model_list", list, "", "deployments; entries with one model_name form a model group"},
    key{top, "litellm_settings", mapping, "", "LiteLLM's settings of calls"},
    key{top, "general_settings", mapping, "", "LiteLLM's settings of the proxy"},
    key{top, "router_settings", mapping, "", "LiteLLM's settings of routing"},
    key{top, "environment_variables", mapping, "", "variables for os.environ/NAME and provider keys"},
    key{top, "cogate", mapping, "", "keys of cogate's own"},

    key{model, "model_name", text, "", "what callers ask for; may end in *",
        &deployment_text<&deployment::model_name>},
    key{model, "litellm_params", mapping, "", "the deployment"},
    key{model, "model_info", mapping, "", "facts about the deployment; other keys are yours"},

    key{params, "model", text, "", "provider/model as the provider names it; may end in *",
        &deployment_text<&deployment::model>},
    key{params, "custom_llm_provider", text, "", "the provider, where model does not begin with it",
        [](target& to, value const& v) { to.entry->provider = v.text; }},
    key{params, "api_base", url, "the provider's", "base URL with its path, http or https",
        &deployment_text<&deployment::api_base>},
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

    key{section::model_info, "id", text, "a hash of the deployment",
        "name of the deployment in headers and records", &deployment_text<&deployment::id>},

    key{section::litellm_settings, "drop_params", boolean, "false",
        "leave out OpenAI parameters that a provider lacks, for all deployments",
        [](target& to, value const& v) { to.all.gateway.parameters.drop_params = v.yes; }},
    key{section::litellm_settings, "request_timeout", duration, "600", "request sent to answer begun",
        &store_timeout},

    key{section::general_settings, "master_key", secret, "", "what clients must send as Bearer or x-api-key",
        [](target& to, value const& v) { to.all.master_key = cogate::secret(v.text); }},
    key{section::general_settings, "max_request_size_mb", integer, "32", "largest request body in MiB",
        [](target& to, value const& v) {
            to.all.limits.body_bytes = static_cast<std::size_t>(v.number) << 20;
        },
        1, 1 << 20},

    key{section::router_settings, "timeout", duration, "litellm_settings.request_timeout",
        "request sent to answer begun", &store_timeout},
    key{section::router_settings, "stream_timeout", duration, "timeout", "the same for a streamed answer",
        &store_stream_timeout},
    key{section::router_settings, "ignore_invalid_deployments", boolean, "false",
        "a bad entry of model_list is skipped with a warning",
        [](target& to, value const& v) { to.all.ignore_invalid_deployments = v.yes; }},

    key{own, "host", text, "127.0.0.1", "address to listen on", &setting_text<&settings::host>},
    key{own, "port", integer, "4000", "port to listen on; 0: the system chooses",
        [](target& to, value const& v) { to.all.port = static_cast<std::uint16_t>(v.number); }, 0, 65535},
    key{own, "workers", integer, "1", "threads that serve; 0: one per core",
        [](target& to, value const& v) { to.all.workers = static_cast<unsigned>(v.number); }, 0, 1024},
    key{own, "drain_grace", duration, "600", "longest wait for running answers at the end",
        [](target& to, value const& v) { to.all.drain_grace = v.time; }},
    key{own, "access_log", text, "", "file with one line per call; - is standard output",
        &setting_text<&settings::access_log>},
    key{own, "ca_file", text, "the system's", "PEM file of certificate authorities to trust as well",
        [](target& to, value const& v) { to.all.gateway.ca_file = v.text; }},
    key{own, "providers_from_environment", boolean, "true without model_list",
        "serve provider/model names of all providers whose key is set, and demo/*",
        [](target& to, value const& v) { to.all.gateway.providers_from_environment = v.yes; }},
    key{own, "idle_connections", integer, "64", "kept open per provider and worker",
        &gateway_size<&gateway_options::max_idle_connections_per_origin>, 0, 65536},
    key{own, "idle_connection_lifetime", duration, "30", "how long an unused connection is kept",
        [](target& to, value const& v) { to.all.gateway.idle_connection_lifetime = v.time; }},
    key{own, "deadlines", mapping, "", "limits of time of an exchange with a provider"},
    key{own, "limits", mapping, "", "limits of memory and of clients"},

    key{times, "connect", duration, "3", "DNS and TCP", &deadline<&cogate::deadlines::connect>},
    key{times, "tls", duration, "5", "TLS handshake", &deadline<&cogate::deadlines::tls>},
    key{times, "write", duration, "60", "sending the request", &deadline<&cogate::deadlines::write>},
    key{times, "first_byte", duration, "600", "request sent to answer begun",
        &deadline<&cogate::deadlines::first_byte>},
    key{times, "stream_first_byte", duration, "60", "the same for a streamed answer",
        &deadline<&cogate::deadlines::stream_first_byte>},
    key{times, "idle", duration, "60", "silence within an answer", &deadline<&cogate::deadlines::idle>},
    key{times, "total", duration, "1800", "the whole call", &deadline<&cogate::deadlines::total>},

    key{limits, "head_bytes", bytes, "16KiB", "request line and headers of a client",
        &limit_size<&inbound_limits::head_bytes>, 1024, 1 << 20},
    key{limits, "body_bytes", bytes, "32MiB", "request body of a client",
        &limit_size<&inbound_limits::body_bytes>, 1, byte_cap},
    key{limits, "head_time", duration, "10", "first byte of a head to its end",
        &limit_time<&inbound_limits::head_time>},
    key{limits, "body_time", duration, "60", "receiving a whole body",
        &limit_time<&inbound_limits::body_time>},
    key{limits, "idle_time", duration, "75", "keep-alive between two requests",
        &limit_time<&inbound_limits::idle_time>},
    key{limits, "write_stall", duration, "60", "longest time a client may take nothing",
        &limit_time<&inbound_limits::write_stall>},
    key{limits, "connections", integer, "20000", "clients at one time",
        &limit_size<&inbound_limits::connections>, 1, 10'000'000},
    key{limits, "event_bytes", bytes, "1MiB", "one event of a provider's stream",
        &gateway_size<&gateway_options::max_event_bytes>, 1024, byte_cap},
    key{limits, "response_bytes", bytes, "64MiB", "one whole answer of a provider",
        &gateway_size<&gateway_options::max_response_bytes>, 1024, byte_cap},
};

} // namespace

std::string_view to_string(section where) noexcept
{
    switch (where) {
    case section::top: return "the top level";
    case section::model: return "model_list";
    case section::litellm_params: return "litellm_params";
    case section::model_info: return "model_info";
    case section::litellm_settings: return "litellm_settings";
    case section::general_settings: return "general_settings";
    case section::router_settings: return "router_settings";
    case section::cogate: return "cogate";
    case section::deadlines: return "cogate.deadlines";
    case section::limits: return "cogate.limits";
    }
    return {};
}

std::string_view to_string(value_type type) noexcept
{
    switch (type) {
    case value_type::text: return "text";
    case value_type::secret: return "secret";
    case value_type::url: return "URL";
    case value_type::integer: return "integer";
    case value_type::bytes: return "bytes";
    case value_type::duration: return "seconds";
    case value_type::boolean: return "boolean";
    case value_type::mapping: return "mapping";
    case value_type::list: return "list";
    }
    return {};
}

std::span<key const> served_keys() noexcept
{
    return rows;
}

key const* find_key(section where, std::string_view name) noexcept
{
    auto const found = std::find_if(rows.begin(), rows.end(),
                                    [&](key const& k) { return k.where == where && k.name == name; });
    return found == rows.end() ? nullptr : &*found;
}

void apply_timeouts(cogate::deadlines& to, std::optional<std::chrono::milliseconds> timeout,
                    std::optional<std::chrono::milliseconds> stream_timeout) noexcept
{
    if (timeout) {
        to.first_byte = *timeout;
        to.stream_first_byte = *timeout;
    }
    if (stream_timeout) {
        to.stream_first_byte = *stream_timeout;
    }
    to.total = std::max({to.total, to.first_byte, to.stream_first_byte});
}

} // namespace cogate::config
