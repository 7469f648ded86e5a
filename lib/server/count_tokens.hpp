#pragma once

#include "lib/server/relay.hpp"

#include <boost/asio/awaitable.hpp>

#include <string_view>

namespace cogate::server {

/// A dialect's own request to count a prompt's tokens: relayed where a provider of the dialect serves the model, else
/// counted here, exactly for OpenAI's encodings and as an estimate for others, and answered as `{"<member>": N}`.
/// `way.read` is `engine::read_token_count`.
boost::asio::awaitable<void> serve_token_count(routed at, relay_endpoint way, std::string_view member);

} // namespace cogate::server
