#pragma once

#include "providers/client_dialect.hpp"
#include "providers/credential.hpp"
#include "providers/settings.hpp"

#include <filesystem>
#include <memory>
#include <string>

namespace cogate::providers::vertex {

/// Vertex AI (providers.md 6): other dialects' bodies behind Google's paths and tokens. Client halves only;
/// they live for ever, are stateless and safe from any thread. The base URL ends with the location
/// (base_url), the paths begin behind it.

/// "vertex_gemini": Google's own models, their embeddings and images. Calls go without ids.
client_dialect const& gemini_client() noexcept;
/// "vertex_anthropic": Claude by rawPredict and streamRawPredict; the model stands in the path only.
client_dialect const& anthropic_client() noexcept;
/// "vertex_openai": partners' models behind the endpoint that speaks OpenAI's chat dialect
/// ("meta/llama-...").
client_dialect const& openai_client() noexcept;

/// From `vertex_project` (else the credentials' own) and `vertex_location` (else "global"). Without a project
/// the express mode of API keys. Empty when a setting holds what no URL may.
std::string base_url(settings const& given);

/// How requests prove who sends them, in this order: `key` (an API key, or an access token "ya29..."),
/// `vertex_credentials` (a file's path or the JSON itself: service_account or authorized_user), the file that
/// gcloud leaves at `default_file`, the metadata server of Google's machines where a project is set. Reads
/// files: call it when configuring. Fails (authentication) with what to set; never shows a secret.
result<std::unique_ptr<credential>> make_credential(secret const& key, settings const& given,
                                                    std::filesystem::path const& default_file);
/// With gcloud's own place for the file.
result<std::unique_ptr<credential>> make_credential(secret const& key, settings const& given);

} // namespace cogate::providers::vertex
