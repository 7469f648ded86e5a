#pragma once

#include "providers/client_dialect.hpp"

namespace cogate::providers::azure {

/// OpenAI's dialects under Azure's URLs (providers.md 3). Live for ever, stateless, safe from any thread.
///
/// The path follows from the settings "api_base" (the base URL in use) and "api_version":
///   base ends in /openai/v1, or api_version is v1, latest or preview   the v1 URL, model in the body
///   base holds /openai/deployments/<name>                              that deployment, with api-version
///   base on services.ai.azure.com (AI Foundry)                         /models/..., model in the body
///   anything else                                                      /openai/deployments/<model>/..., api-version
/// Without "api_version" the version is the latest one that Azure's documents call stable.
client_dialect const& openai_client() noexcept;    ///< "azure_openai"
client_dialect const& responses_client() noexcept; ///< "azure_responses"

/// Claude in AI Foundry: Anthropic's dialect under <base>/anthropic/v1, "azure_anthropic".
client_dialect const& anthropic_client() noexcept;

} // namespace cogate::providers::azure
