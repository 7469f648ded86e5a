#include "lib/engine/served_deployment.hpp"

#include "lib/core/hash.hpp"
#include "lib/core/words.hpp"
#include "lib/policy/route_table.hpp"
#include "providers/resolve.hpp"

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

// Stable over restarts, so that logs and clients can name a deployment; the key is not part of it.
std::string stable_id(deployment const& given, std::string_view base_url)
{
    std::string text;
    for (std::string_view part :
         {std::string_view(given.model_name), std::string_view(given.model), base_url}) {
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

providers::variable_lookup variables_of(gateway_options const& options)
{
    return [&options](std::string const& name) {
        return options.environment ? options.environment(name) : std::optional<std::string>{};
    };
}

// Which of the service's dialects its models take besides the one that the name chose. On the clouds each model
// has its own.
void add_other_dialects(served_deployment& served)
{
    providers::provider const& row = *served.provider;
    if (row.name == "azure_ai" && policy::is_pattern(served.upstream)) {
        served.dialect_by_model = true;
        return;
    }
    bool const one_model_one_dialect =
        row.auth == providers::auth_scheme::google_oauth || row.auth == providers::auth_scheme::aws_signature;
    if (one_model_one_dialect) {
        served.dialect_by_model = policy::is_pattern(served.upstream);
        return;
    }
    if (served.dialects.front()->name() != core::first_word(row.dialects)) {
        return;
    }
    for (std::string_view const name : core::words(row.dialects)) {
        providers::client_dialect const* const other = providers::find_client_dialect(name);
        if (other != nullptr && other != served.dialects.front()) {
            served.dialects.push_back(other);
        }
    }
}

// What every request of the deployment carries, checked here once.
void write_fields(served_deployment& served, deployment const& given, providers::header_list const& fixed)
{
    bool good = served.fields.add("host", served.endpoint.url.host_header());
    good = good && served.fields.add("accept-encoding", "identity");
    good = good && served.fields.add("user-agent", "cogate");
    if (!good) {
        refuse(given, "api_base has a host that no HTTP header may carry");
    }
    for (auto const& [name, value] : served.credential->fields()) {
        if (!served.fields.add(name, value)) {
            refuse(given, "the key holds a character that no HTTP header may carry (a line end, perhaps)");
        }
    }
    for (providers::header_list const& list : {fixed, given.headers}) {
        for (auto const& [name, value] : list) {
            if (!served.fields.add(name, value)) {
                refuse(given, "the extra header '" + name + "' is not one that may be added");
            }
        }
    }
}

} // namespace

std::string served_deployment::upstream_model(std::string_view wildcard) const
{
    return policy::fill_pattern(upstream, wildcard);
}

providers::client_dialect const& served_deployment::primary(std::string_view upstream_model) const
{
    if (dialect_by_model) {
        std::string name(provider->name);
        name.append(1, '/').append(upstream_model);
        if (result<providers::resolved_model> const found = providers::resolve_model(name)) {
            return *found->dialect;
        }
    }
    return *dialects.front();
}

providers::client_dialect const* served_deployment::dialect_for(std::string_view server_dialect,
                                                                std::string_view upstream_model) const
{
    if (dialect_by_model) {
        providers::client_dialect const& only = primary(upstream_model);
        return only.express_with() == server_dialect ? &only : nullptr;
    }
    for (providers::client_dialect const* each : dialects) {
        if (each->express_with() == server_dialect) {
            return each;
        }
    }
    return nullptr;
}

model_facts const* served_deployment::facts(std::string_view upstream_model) const noexcept
{
    if (upstream_model == upstream) {
        return own_facts.get(); // looked for at the start, found or not
    }
    bool const own = own_facts && policy::is_pattern(upstream) && !policy::is_pattern(upstream_model);
    return own ? own_facts.get() : prices->find_deployment(provider->name, upstream_model, {});
}

served_deployment resolve(deployment const& given, gateway_options const& options, network_transport network)
{
    if (given.model_name.empty()) {
        refuse(given, "model_name is empty");
    }
    auto named = providers::resolve_service({.model = given.model,
                                             .api_base = given.api_base,
                                             .api_key = given.api_key,
                                             .settings = given.settings},
                                            variables_of(options));
    if (!named) {
        refuse(given, named.error()->message);
    }
    if (policy::is_pattern(named->model) && !policy::is_pattern(given.model_name)) {
        refuse(given, "a model with a '*' needs a model_name with a '*'");
    }

    served_deployment served;
    served.model_name = given.model_name;
    served.access_groups = given.access_groups;
    served.upstream = named->model;
    served.provider = named->service;
    served.dialects.push_back(named->dialect);
    add_other_dialects(served);
    served.deadlines = given.deadlines.value_or(options.deadlines);
    served.rules = merged(options.parameters, given.parameters);
    served.max_event_bytes = options.max_event_bytes;

    char const* why = "not a URL";
    std::optional<wire::url> const url = wire::parse_url(named->base_url, &why);
    if (!url) {
        refuse(given, std::string("api_base is not usable: ") + why);
    }
    served.endpoint.url = *url;
    served.endpoint.ca_file = options.ca_file;
    served.endpoint.pool_key = url->origin();
    served.id = given.id.empty() ? stable_id(given, named->base_url) : given.id;

    bool const local = named->service->local != nullptr && given.api_base.empty();
    served.transport = local ? transports::make_memory_transport(named->service->local) : std::move(network);
    auto made = providers::make_credential(*served.provider, *named->dialect, local ? secret{} : named->key,
                                           named->settings);
    if (!made) {
        refuse(given, made.error()->message);
    }
    served.credential = std::move(*made);
    served.settings = std::move(named->settings);
    write_fields(served, given, named->headers);
    return served;
}

std::optional<served_deployment> resolve_from_environment(providers::provider const& row,
                                                          gateway_options const& options,
                                                          network_transport network)
{
    if (row.local == nullptr && !providers::is_configured(row, variables_of(options))) {
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
