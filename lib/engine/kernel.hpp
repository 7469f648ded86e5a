#pragma once

#include <cogate/gateway.hpp>

#include "lib/engine/observer_hub.hpp"
#include "lib/engine/routes.hpp"
#include "lib/engine/token_source.hpp"
#include "lib/engine/waiting_room.hpp"

#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

namespace cogate::engine {

/// What all calls of a gateway share: the routes, and who listens. Any thread may use it.
class kernel {
public:
    /// Throws std::invalid_argument that names the deployment and what is wrong with it.
    kernel(gateway_options options, network_transport network);

    /// The way from names to deployments, as it is now.
    std::shared_ptr<routes const> current_routes() const;

    /// Serves other deployments from the next call on; running calls go on with theirs. What cannot change while
    /// serving (observers, pool sizes) stays. Throws std::invalid_argument and changes nothing when they are wrong.
    void reload(gateway_options const& options);

    gateway_options const& options() const noexcept { return options_; }
    observer_hub& observers() noexcept { return *observers_; }
    observer_hub const& observers() const noexcept { return *observers_; }
    token_source& tokens() noexcept { return tokens_; }
    waiting_room& waiting() noexcept { return *waiting_; }

private:
    gateway_options options_;
    network_transport network_;
    mutable std::mutex mutex_;
    std::shared_ptr<routes const> routes_;
    std::shared_ptr<observer_hub> observers_;
    token_source tokens_;
    std::shared_ptr<waiting_room> waiting_ = std::make_shared<waiting_room>();
};

} // namespace cogate::engine
