#pragma once

#include "transports/http/tls_context.hpp"
#include "transports/http/transport_stats.hpp"
#include "transports/transport.hpp"

#include <memory>

namespace cogate::transports {

/// The transport over TCP and TLS. One object serves any number of io_contexts and threads: what it shares
/// between them are TLS contexts and counts.
class http_transport final : public transport {
public:
    explicit http_transport(http_transport_options options);

    boost::asio::awaitable<result<std::unique_ptr<exchange>>>
    open(endpoint const& where, exchange_limits const& limits, bool fresh) override;

    std::unique_ptr<exchange> at_hand(boost::asio::any_io_executor const& executor, endpoint const& where,
                                      exchange_limits const& limits) override;

    transport_stats const& stats() const noexcept { return *stats_; }

private:
    http_transport_options options_;
    std::shared_ptr<transport_stats> stats_;
    tls_contexts tls_contexts_;
};

} // namespace cogate::transports
