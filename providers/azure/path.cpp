#include "providers/azure/path.hpp"

#include "lib/wire/url.hpp"

namespace cogate::providers::azure {

namespace {

constexpr std::string_view stable_version = "2024-10-21";
constexpr std::string_view foundry_version = "2024-05-01-preview";

bool contains(std::string_view text, std::string_view part) noexcept
{
    return text.find(part) != std::string_view::npos;
}

std::string with_version(std::string path, std::string_view version, std::string_view fallback)
{
    path += "?api-version=";
    wire::append_percent_encoded(path, version.empty() ? fallback : version);
    return path;
}

} // namespace

// https://<resource>.services.ai.azure.com/anthropic/v1/messages with `api-key`, or a Bearer token of Entra ID: Anthropic's
// "Claude in Microsoft Foundry", the AnthropicFoundry client of its SDKs, LiteLLM's llms/azure_ai/anthropic, which takes
// the endpoint itself as api_base, too.
std::string claude_path(std::string_view anthropic_path, call_context const& context)
{
    constexpr std::string_view endpoint = "/anthropic/v1/messages";
    const std::string_view base = context.settings.get("api_base");
    if (base.ends_with(endpoint)) {
        return std::string(anthropic_path.substr(std::string_view("/messages").size()));
    }
    std::string path = base.ends_with("/anthropic/v1") ? ""
                       : base.ends_with("/anthropic")  ? "/v1"
                                                       : "/anthropic/v1";
    return path.append(anthropic_path);
}

std::string path_of(std::string_view openai_path, call_context const& context)
{
    const std::string_view base = context.settings.get("api_base");
    const std::string_view version = context.settings.get("api_version");
    if (base.ends_with("/openai/v1")) {
        return std::string(openai_path);
    }
    // The Responses API has no deployment in its URL, whatever the version.
    const bool responses = openai_path.starts_with("/responses");
    if (version == "v1" || version == "latest" || version == "preview" || (responses && version.empty())) {
        std::string path = (base.ends_with("/openai") ? "/v1" : "/openai/v1") + std::string(openai_path);
        return version == "preview" ? with_version(std::move(path), version, {}) : path;
    }
    if (contains(base, "/openai/deployments/")) {
        return with_version(std::string(openai_path), version, stable_version);
    }
    if (contains(base, ".services.ai.azure.com") && !base.ends_with("/openai")) {
        const std::string models = base.ends_with("/models") ? "" : "/models";
        return with_version(models + std::string(openai_path), version, foundry_version);
    }
    std::string path = base.ends_with("/openai") ? "" : "/openai";
    if (!responses) {
        path += "/deployments/";
        wire::append_percent_encoded(path, context.model);
    }
    path += openai_path;
    return with_version(std::move(path), version, stable_version);
}

} // namespace cogate::providers::azure
