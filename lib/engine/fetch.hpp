#pragma once

#include "providers/encoded_request.hpp"
#include "transports/transport.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <string>

namespace cogate::engine {

/// A whole answer, of any status.
struct fetched {
    int status = 0;
    std::string body;
};

/// One small exchange outside any call: tokens, polls. Fails as the transport does, or with bad_gateway/
/// "upstream_too_large" beyond `cap` bytes. The arguments must stay valid until it returns.
boost::asio::awaitable<result<fetched>> fetch(transports::transport& over, transports::endpoint const& where,
                                              providers::encoded_request const& request,
                                              transports::exchange_limits const& limits, std::size_t cap);

} // namespace cogate::engine
