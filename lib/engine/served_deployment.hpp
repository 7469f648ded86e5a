#pragma once

#include <cogate/gateway.hpp>

#include "lib/catalog/model_catalog.hpp"
#include "lib/policy/lane.hpp"
#include "lib/wire/head_builder.hpp"
#include "providers/registry.hpp"
#include "transports/transport.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cogate::engine {

/// A deployment ready to serve: names resolved, credentials found, transport chosen. Immutable, shared by all
/// threads.
struct served_deployment {
    std::string id;
    std::string model_name;                 ///< public name or pattern
    std::string upstream;                   ///< the provider's model name; may end in `*`
    std::vector<std::string> access_groups; ///< under which keys may be given `model_name`
    providers::provider const* provider = nullptr;
    std::vector<providers::client_dialect const*>
        dialects;                  ///< the first serves what no other one fits better
    bool blocked = false;          ///< never asked
    bool dialect_by_model = false; ///< a pattern on a cloud where each model has its own dialect
    std::shared_ptr<providers::credential const> credential;
    std::shared_ptr<transports::transport> transport;
    transports::endpoint endpoint;
    wire::field_block
        fields; ///< of every request: host, fixed credentials, the service's and deployment's own
    cogate::deadlines deadlines;
    providers::settings settings;
    cogate::parameter_rules rules;
    std::size_t max_event_bytes = 1 << 20;
    std::shared_ptr<policy::lane> lane; ///< its health, speed and load
    catalog::catalog_ptr prices;
    std::shared_ptr<model_facts const> own_facts; ///< with prices of its own, or of its only model

    /// What is known of a model of its service; nullptr when nothing is. Its own prices hold for what it serves by its
    /// entry. Lives as long as the deployment.
    model_facts const* facts(std::string_view upstream_model) const noexcept;

    /// Which dialect a model is asked in when no other one fits better.
    providers::client_dialect const& primary(std::string_view upstream_model) const;

    /// The dialect that takes the bytes of a server dialect for this model, or nullptr.
    providers::client_dialect const* dialect_for(std::string_view server_dialect,
                                                 std::string_view upstream_model) const;

    providers::call_context context(std::string_view model, bool stream) const
    {
        return {.model = model,
                .stream = stream,
                .service = *provider,
                .settings = settings,
                .rules = rules,
                .max_event_bytes = max_event_bytes};
    }

    /// The upstream's model name when the asked name matched with `wildcard` in place of the star.
    std::string upstream_model(std::string_view wildcard) const;
};

/// Which network transport deployments get; a local provider brings its own.
using network_transport = std::shared_ptr<transports::transport>;

/// Resolves names, keys and URLs. Throws std::invalid_argument whose text names the deployment and says what is
/// missing.
served_deployment resolve(deployment const& given, gateway_options const& options, network_transport network);

/// "provider/*" of a provider of the table; nullopt when its key or base URL is not in the environment.
std::optional<served_deployment> resolve_from_environment(providers::provider const& row,
                                                          gateway_options const& options,
                                                          network_transport network);

} // namespace cogate::engine
