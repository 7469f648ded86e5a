#pragma once
/// From a model's name and what was configured to the service that serves it, after LiteLLM's rules. Pure: the
/// environment comes in as a function. Every failure says what to write or which variable to set.

#include <cogate/result.hpp>
#include <cogate/secret.hpp>

#include "providers/client_dialect.hpp"
#include "providers/provider.hpp"
#include "providers/settings.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cogate::providers {

/// What a model's name means.
struct resolved_model {
    provider const* service = nullptr;
    client_dialect const* dialect = nullptr;
    std::string model;                                           ///< the upstream's own name; may end in "*"
    std::vector<std::pair<std::string, std::string>> settings{}; ///< said within the name (a region)
};

/// Which of several services for a bare name to prefer: the first that this accepts. Empty: the first.
using service_filter = std::function<bool(provider const&)>;

/// In this order: "provider/model" (split once; the rest may name a dialect, as in "openai/responses/o3" or
/// "bedrock/invoke/..."); the host of `api_base`; the beginning of a bare name ("gpt-", "claude-", ...); any name
/// behind an unknown `api_base` speaks OpenAI's dialect, "claude-" Anthropic's.
/// Fails with not_found/"model_not_found".
result<resolved_model> resolve_model(std::string_view name, std::string_view api_base = {},
                                     service_filter const& prefer = {});

/// Looks up an environment variable; nullopt or empty when it is not set.
using variable_lookup = std::function<std::optional<std::string>(std::string const&)>;

/// What was configured for one deployment; empty members are looked up in the environment.
struct service_request {
    std::string_view model;
    std::string_view api_base{};
    secret api_key{};
    std::vector<std::pair<std::string, secret>> settings{};
};

/// Everything that a deployment needs to know of its service.
struct resolved_service {
    provider const* service = nullptr;
    client_dialect const* dialect = nullptr;
    std::string model;
    std::string base_url; ///< also the setting "api_base"
    secret key;
    providers::settings settings;
    header_list headers; ///< the row's fixed headers, settings filled in
};

/// resolve_model, and then base URL, key, settings and headers. Fails with model_not_found, or with
/// authentication/"missing_key", invalid_request/"missing_setting" that name what is missing.
result<resolved_service> resolve_service(service_request const& given, variable_lookup const& variables);

/// The same for a row and dialect that are known already.
result<resolved_service> configure(resolved_model named, service_request const& given,
                                   variable_lookup const& variables);

/// Whether the environment alone is enough to call the service: its key (or what stands for one) and, where it has no
/// default, its base URL.
bool is_configured(provider const& row, variable_lookup const& variables);

/// One entry of provider::settings.
struct setting_source {
    std::string_view name;
    bool required = false;
    std::vector<std::string_view> variables;
};
std::vector<setting_source> setting_sources(provider const& row);

/// `text` with every "{setting}" replaced; nothing when one is not set or is not printable ASCII.
std::optional<std::string> fill_in(std::string_view text, settings const& values);

} // namespace cogate::providers
