#pragma once

#include "lib/engine/relay_task.hpp"
#include "lib/server/routes.hpp"
#include "providers/server_dialect.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <string_view>

namespace cogate::server {

/// An endpoint that calls a model for a client of one dialect.
struct relay_endpoint {
    std::string_view operation; ///< for logs and metrics; static text
    providers::server_dialect const& dialect;
    result<std::unique_ptr<engine::relay_task>> (*read)(engine::inbound_chat const& inbound) =
        engine::read_chat;
    providers::inbound_target target{};
};

/// Reads the body, makes the call, and passes its answer on. The one coroutine behind every such endpoint.
boost::asio::awaitable<void> serve_relay(routed at, relay_endpoint way);

} // namespace cogate::server
