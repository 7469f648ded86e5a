#pragma once

#include <cogate/gateway.hpp>
#include <cogate/secret.hpp>

#include "transports/listener/listener.hpp"

#include <chrono>
#include <cstdint>
#include <memory>

namespace cogate::server {

class accounts;

/// What the gateway server is told beyond its gateway.
struct server_options {
    transports::listen_options listen{};
    /// Bearer or x-api-key that every model route needs. Empty: open, allowed on loopback addresses only.
    secret master_key{};
    /// Keys, budgets and the ledger of every call; null: none are kept. Must outlive the server.
    server::accounts* accounts = nullptr;
    bool cost_in_streams =
        false; ///< the usage chunk of streams has `cost` (LiteLLM's include_cost_in_streaming_usage)
    std::chrono::milliseconds drain_grace{600'000}; ///< longest wait for running streams at SIGTERM
};

/// The gateway's HTTP surface over one `gateway`.
///
/// Thread safety: `drain` and the observers may be called from any thread. The gateway must outlive it.
class http_server {
public:
    /// Binds at once. Throws std::invalid_argument (no master key on a public address) or
    /// boost::system::system_error (address in use, ...) with a text that says what to do.
    http_server(gateway& gw, server_options options);
    ~http_server();

    std::uint16_t port() const noexcept;

    /// Serves until drained; uses the calling thread.
    void run();

    /// Readiness turns 503 at once, new model calls are refused, running ones finish, then `run` returns.
    /// A second call ends without waiting. Any thread.
    void drain() noexcept;

private:
    class implementation;
    std::unique_ptr<implementation> impl_;
};

} // namespace cogate::server
