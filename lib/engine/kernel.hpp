#pragma once

#include <cogate/gateway.hpp>

#include "lib/engine/observer_hub.hpp"
#include "lib/engine/served_deployment.hpp"
#include "lib/engine/token_source.hpp"
#include "lib/policy/route_table.hpp"

#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace cogate::engine {

/// What all calls of a gateway share: the deployments, the way from names to them, and who listens. Immutable
/// after construction, so any thread may use it without locks.
class kernel {
public:
    /// Throws std::invalid_argument that names the deployment and what is wrong with it.
    kernel(gateway_options options, network_transport network);

    /// The deployment that serves a model name, with the upstream's own name of the model.
    struct target {
        served_deployment const* deployment;
        policy::deployment_index index;
        std::string upstream_model;
    };
    /// not_found/"model_not_found" when nobody serves it; the message says what is missing.
    result<target> find(std::string_view model) const;

    /// Where requests to a service are passed through to: the first deployment of the service, or what the environment
    /// says; nullptr when there is neither.
    served_deployment const* service(std::string_view provider) const noexcept;

    served_deployment const& deployment(policy::deployment_index index) const { return deployments_[index]; }
    gateway_options const& options() const noexcept { return options_; }
    observer_hub& observers() noexcept { return *observers_; }
    observer_hub const& observers() const noexcept { return *observers_; }
    token_source& tokens() noexcept { return tokens_; }
    std::vector<model> models() const;

private:
    std::string why_not_found(std::string_view model) const;

    gateway_options options_;
    std::deque<served_deployment> deployments_;
    std::deque<served_deployment> services_; ///< from the environment, for passing through only
    policy::route_table routes_;
    std::shared_ptr<observer_hub> observers_;
    token_source tokens_;
};

} // namespace cogate::engine
