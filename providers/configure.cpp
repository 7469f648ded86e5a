#include "providers/resolve.hpp"

#include "lib/core/text.hpp"
#include "lib/core/words.hpp"

#include <algorithm>

namespace cogate::providers {

namespace {

std::optional<std::string> variable(variable_lookup const& variables, std::string_view name)
{
    std::optional<std::string> value = variables ? variables(std::string(name)) : std::nullopt;
    return value && !value->empty() ? value : std::nullopt;
}

template <class Names>
std::optional<std::string> first_of(variable_lookup const& variables, Names const& names)
{
    for (std::string_view const name : names) {
        if (auto value = variable(variables, name)) {
            return value;
        }
    }
    return std::nullopt;
}

template <class Names>
std::string or_list(Names const& names)
{
    std::string out;
    for (std::string_view const name : names) {
        out += (out.empty() ? "" : " or ") + std::string(name);
    }
    return out;
}

failure lacks(provider const& row, std::string_view setting, std::string const& variables)
{
    std::string text = std::string(row.name) + " needs " + std::string(setting);
    if (!variables.empty()) {
        text += ": set it, or the environment variable " + variables;
    }
    return failure(error_kind::invalid_request, std::move(text))
        .with_code("missing_setting")
        .with_param(std::string(setting));
}

settings gather(resolved_model const& named, service_request const& given, variable_lookup const& variables)
{
    settings out;
    for (setting_source const& source : setting_sources(*named.service)) {
        if (auto value = first_of(variables, source.variables)) {
            out.set(std::string(source.name), secret(std::move(*value)));
        }
    }
    for (auto const& [name, value] : given.settings) {
        if (!value.empty()) {
            out.set(name, value);
        }
    }
    for (auto const& [name, value] : named.settings) {
        out.set(name, secret(value));
    }
    return out;
}

bool has_aws_keys(settings const& values, secret const& key)
{
    return !key.empty() || (values.has("aws_access_key_id") && values.has("aws_secret_access_key"));
}

bool holds(provider const& row, settings const& values, secret const& key)
{
    switch (row.auth) {
    case auth_scheme::none: return true;
    case auth_scheme::aws_signature: return has_aws_keys(values, key) || values.has("aws_profile_name");
    case auth_scheme::google_oauth:
        return !key.empty() || values.has("vertex_project") || values.has("vertex_credentials");
    case auth_scheme::azure:
        return !key.empty() || values.has("azure_ad_token") ||
               (values.has("client_id") && values.has("client_secret"));
    default: return !key.empty() || row.key_variables.empty() || row.key_optional;
    }
}

result<std::string> find_base(provider const& row, service_request const& given,
                              variable_lookup const& variables, settings const& values)
{
    std::string base(given.api_base);
    const std::vector<std::string_view> names = core::words(row.base_variables);
    if (base.empty()) {
        base = first_of(variables, names).value_or("");
    }
    if (base.empty() && row.make_base_url != nullptr) {
        base = row.make_base_url(values);
    }
    if (base.empty()) {
        const std::optional<std::string> filled = fill_in(row.base_url, values);
        if (!filled) {
            return lacks(row, row.base_url, {});
        }
        base = *filled;
    }
    while (base.ends_with('/')) {
        base.pop_back();
    }
    return base.empty() ? result<std::string>(lacks(row, "api_base", or_list(names)))
                        : result<std::string>(base);
}

header_list fixed_headers(provider const& row, settings const& values)
{
    header_list out;
    for (std::string_view const line : core::split(row.headers, '\n')) {
        if (auto const field = core::split_once(line, ':')) {
            if (auto value = fill_in(core::trim(field->second), values)) {
                out.emplace_back(std::string(field->first), std::move(*value));
            }
        }
    }
    return out;
}

} // namespace

std::vector<setting_source> setting_sources(provider const& row)
{
    std::vector<setting_source> out;
    for (std::string_view const word : core::words(row.settings)) {
        const auto parts = core::split_once(word, '=');
        setting_source source{.name = parts ? parts->first : word, .variables = {}};
        if (source.name.ends_with('!')) {
            source.required = true;
            source.name.remove_suffix(1);
        }
        if (parts) {
            source.variables = core::split(parts->second, ',');
        }
        out.push_back(std::move(source));
    }
    return out;
}

std::optional<std::string> fill_in(std::string_view text, settings const& values)
{
    const auto printable = [](char c) { return c >= ' ' && c <= '~'; };
    std::string out;
    while (!text.empty()) {
        const std::size_t open = text.find('{');
        out += text.substr(0, open);
        if (open == std::string_view::npos) {
            break;
        }
        const std::size_t close = text.find('}', open);
        const std::string_view value = values.get(text.substr(open + 1, close - open - 1));
        if (value.empty() || !std::all_of(value.begin(), value.end(), printable)) {
            return std::nullopt;
        }
        out += value;
        text.remove_prefix(close == std::string_view::npos ? text.size() : close + 1);
    }
    return out;
}

result<resolved_service> configure(resolved_model named, service_request const& given,
                                   variable_lookup const& variables)
{
    provider const& row = *named.service;
    resolved_service out{.service = &row,
                         .dialect = named.dialect,
                         .model = {},
                         .base_url = {},
                         .key = given.api_key,
                         .settings = gather(named, given, variables),
                         .headers = {}};
    out.model = std::move(named.model);
    for (setting_source const& source : setting_sources(row)) {
        const bool template_needs =
            row.base_url.find("{" + std::string(source.name) + "}") != std::string_view::npos &&
            given.api_base.empty();
        if ((source.required || template_needs) && !out.settings.has(source.name)) {
            return lacks(row, source.name, or_list(source.variables));
        }
    }
    const std::vector<std::string_view> key_names = core::words(row.key_variables);
    if (out.key.empty()) {
        if (auto value = first_of(variables, key_names)) {
            out.key = secret(std::move(*value));
        }
    }
    // A service of one's own may do without a key, whatever the one it copies wants.
    if (given.api_base.empty() && !holds(row, out.settings, out.key)) {
        return failure(error_kind::authentication, "no key for " + std::string(row.name) +
                                                       ": set api_key or the environment variable " +
                                                       or_list(key_names))
            .with_code("missing_key")
            .with_param("api_key");
    }
    result<std::string> base = find_base(row, given, variables, out.settings);
    if (!base) {
        return base.error();
    }
    out.base_url = *std::move(base);
    out.settings.set("api_base", secret(out.base_url));
    out.headers = fixed_headers(row, out.settings);
    return out;
}

result<resolved_service> resolve_service(service_request const& given, variable_lookup const& variables)
{
    const auto prefer = [&](provider const& row) { return is_configured(row, variables); };
    result<resolved_model> named = resolve_model(given.model, given.api_base, prefer);
    if (!named) {
        return named.error();
    }
    return configure(*std::move(named), given, variables);
}

bool is_configured(provider const& row, variable_lookup const& variables)
{
    if (row.local != nullptr) {
        return true;
    }
    if (row.own_server && !first_of(variables, core::words(row.base_variables))) {
        return false;
    }
    const resolved_model named{.service = &row, .model = {}};
    const service_request nothing{.model = {}};
    const result<resolved_service> ready = configure(named, nothing, variables);
    // A profile may hold no keys (single sign-on): it counts for deployments that were asked for.
    return ready && (row.auth != auth_scheme::aws_signature || has_aws_keys(ready->settings, ready->key));
}

} // namespace cogate::providers
