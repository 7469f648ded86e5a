#include "lib/engine/served_deployment.hpp"

#include "lib/core/hash.hpp"
#include "lib/core/words.hpp"
#include "lib/policy/route_table.hpp"

#include <array>
#include <charconv>
#include <cstdlib>
#include <stdexcept>

namespace cogate {

std::optional<std::string> process_environment(std::string const& name)
{
    char const* value = std::getenv(name.c_str());
    return value != nullptr ? std::optional<std::string>(value) : std::nullopt;
}

namespace engine {
namespace {

[[noreturn]] void refuse(deployment const& given, std::string const& why)
{
    throw std::invalid_argument("deployment '" + given.model_name + "' (" + given.model + "): " + why);
}

std::optional<std::string> variable(gateway_options const& options, std::string_view name)
{
    if (name.empty() || !options.environment) {
        return std::nullopt;
    }
    std::optional<std::string> value = options.environment(std::string(name));
    if (value && value->empty()) {
        value.reset();
    }
    return value;
}

// The first of several variables that is set.
std::optional<std::string> first_variable(gateway_options const& options, std::string_view names)
{
    for (std::string_view const name : core::words(names)) {
        if (auto value = variable(options, name)) {
            return value;
        }
    }
    return std::nullopt;
}

std::string known_providers()
{
    std::string names;
    for (providers::provider const& row : providers::all_providers()) {
        names += names.empty() ? "" : ", ";
        names += row.name;
    }
    return names;
}

// Stable over restarts, so that logs and clients can name a deployment; the key is not part of it.
std::string stable_id(deployment const& given, std::string_view base_url)
{
    std::string text;
    for (std::string_view part : {std::string_view(given.model_name), std::string_view(given.model), base_url}) {
        text += part;
        text += '\0';
    }
    std::array<char, 16> hex{};
    std::uint64_t const hash = core::hash64(text);
    for (std::size_t i = 0; i != hex.size(); ++i) {
        hex[i] = "0123456789abcdef"[(hash >> (60 - 4 * i)) & 15];
    }
    return std::string(hex.data(), hex.size());
}

struct provider_and_model {
    providers::provider const* provider;
    std::string model;
};

provider_and_model split_model(deployment const& given)
{
    if (std::size_t const slash = given.model.find('/'); slash != std::string::npos) {
        if (auto const* row = providers::find_provider(std::string_view(given.model).substr(0, slash))) {
            return {row, given.model.substr(slash + 1)};
        }
    }
    // A bare name (or one of the provider's own with a slash in it) behind a base URL speaks OpenAI's dialect.
    if (!given.api_base.empty()) {
        return {providers::find_provider("openai_compatible"), given.model};
    }
    refuse(given, "no known provider in front of the model name; write provider/model with one of "
                      + known_providers() + ", or set api_base for any OpenAI-compatible service");
}

secret find_key(deployment const& given, providers::provider const& row, gateway_options const& options)
{
    if (!given.api_key.empty()) {
        return given.api_key;
    }
    if (auto value = first_variable(options, row.key_variables)) {
        return secret(std::move(*value));
    }
    if (!row.key_variables.empty() && given.api_base.empty()) {
        refuse(given, "no key: set api_key or the environment variable " + std::string(core::first_word(row.key_variables)));
    }
    return secret{};
}

// What every request of the deployment carries, checked here once.
void write_fields(served_deployment& served, deployment const& given, secret const& key)
{
    bool good = served.fields.add("host", served.endpoint.url.host_header());
    good = good && served.fields.add("accept-encoding", "identity");
    good = good && served.fields.add("user-agent", "cogate");
    if (!good) {
        refuse(given, "api_base has a host that no HTTP header may carry");
    }
    auto made = providers::make_credential(*served.provider, *served.dialects.front(), key, served.settings);
    if (!made) {
        refuse(given, made.error()->message);
    }
    served.credential = std::move(*made);
    for (auto const& [name, value] : served.credential->fields()) {
        if (!served.fields.add(name, value)) {
            refuse(given, "the key holds a character that no HTTP header may carry (a line end, perhaps)");
        }
    }
    for (auto const& [name, value] : given.headers) {
        if (!served.fields.add(name, value)) {
            refuse(given, "the extra header '" + name + "' is not one that may be added");
        }
    }
}

} // namespace

std::string served_deployment::upstream_model(std::string_view wildcard) const
{
    if (!policy::is_pattern(upstream)) {
        return upstream;
    }
    std::string name(upstream, 0, upstream.size() - 1);
    name += wildcard;
    return name;
}

served_deployment resolve(deployment const& given, gateway_options const& options, network_transport network)
{
    if (given.model_name.empty()) {
        refuse(given, "model_name is empty");
    }
    provider_and_model const named = split_model(given);
    if (named.provider == nullptr || named.model.empty()) {
        refuse(given, "the model name after the provider is empty");
    }
    if (policy::is_pattern(named.model) && !policy::is_pattern(given.model_name)) {
        refuse(given, "a model that ends in '*' needs a model_name that ends in '*'");
    }

    served_deployment served;
    served.model_name = given.model_name;
    served.upstream = named.model;
    served.provider = named.provider;
    for (std::string_view const name : core::words(named.provider->dialects)) {
        served.dialects.push_back(providers::find_client_dialect(name));
    }
    served.deadlines = given.deadlines.value_or(options.deadlines);
    served.rules = merged(options.parameters, given.parameters);
    served.max_event_bytes = options.max_event_bytes;

    std::string base = given.api_base;
    if (base.empty()) {
        base = first_variable(options, named.provider->base_variables).value_or(std::string(named.provider->base_url));
    }
    if (base.empty()) {
        refuse(given, "api_base is missing and " + std::string(named.provider->name) + " has no default");
    }
    char const* why = "not a URL";
    std::optional<wire::url> const url = wire::parse_url(base, &why);
    if (!url) {
        refuse(given, std::string("api_base is not usable: ") + why);
    }
    served.endpoint.url = *url;
    served.endpoint.ca_file = options.ca_file;
    served.endpoint.pool_key = url->origin();
    served.id = given.id.empty() ? stable_id(given, base) : given.id;

    bool const local = named.provider->local != nullptr && given.api_base.empty();
    served.transport = local ? transports::make_memory_transport(named.provider->local) : std::move(network);
    write_fields(served, given, local ? secret{} : find_key(given, *named.provider, options));
    return served;
}

std::optional<served_deployment> resolve_from_environment(providers::provider const& row,
                                                          gateway_options const& options,
                                                          network_transport network)
{
    bool const reachable = row.local != nullptr || !row.base_url.empty()
                           || first_variable(options, row.base_variables).has_value();
    bool const allowed = row.key_variables.empty() || first_variable(options, row.key_variables).has_value();
    if (!reachable || !allowed) {
        return std::nullopt;
    }
    std::string const pattern = std::string(row.name) + "/*";
    deployment given;
    given.model_name = pattern;
    given.model = pattern;
    return resolve(given, options, std::move(network));
}

} // namespace engine
} // namespace cogate
