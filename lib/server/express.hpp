#pragma once

#include "lib/engine/call.hpp"
#include "lib/server/routes.hpp"
#include "providers/client_dialect.hpp"
#include "providers/server_dialect.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace cogate::server {

/// Replaces a whole answer that is not what its request asked for; nullopt when it is right as it is.
using amend_answer = std::optional<std::string> (*)(std::string_view request, std::string_view answer,
                                                    engine::call const& call,
                                                    providers::server_dialect const& client);

/// An endpoint whose clients speak the dialect of the deployment behind it.
struct express_endpoint {
    std::string_view operation;
    std::string_view upstream_path;
    providers::express_lane const& lane;
    providers::server_dialect const& dialect;
    amend_answer amend = nullptr;
};

/// Reads the body, scans it, relays the call and its answer. The one coroutine behind every express endpoint.
boost::asio::awaitable<void> serve_express(routed at, express_endpoint way);

} // namespace cogate::server
