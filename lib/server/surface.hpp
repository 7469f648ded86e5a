#pragma once

#include "lib/engine/health_check.hpp"
#include "lib/engine/kernel.hpp"
#include "lib/ledger/accounts/principal.hpp"
#include "lib/server/accounts.hpp"
#include "lib/server/server.hpp"
#include "providers/client_dialect.hpp"
#include "providers/server_dialect.hpp"
#include "transports/listener/listener.hpp"

#include <atomic>
#include <string>
#include <string_view>

namespace cogate::server {

struct route;

/// What every endpoint sees: the engine, the options, and the state of the server. Shared by all workers;
/// immutable but for `draining`.
class surface final : public transports::inbound_handler {
public:
    surface(engine::kernel& kernel, server_options const& options);

    /// The route table decides; unknown ways end here with 404 or 405.
    boost::asio::awaitable<void> handle(transports::inbound_request& request) override;
    void write_refusal(int status, std::string_view reason, std::string& body) const override;

    engine::kernel& kernel() noexcept { return kernel_; }
    engine::health_monitor const& health() const noexcept { return health_; }
    /// Keys, budgets and the ledger; null for a gateway without them.
    server::accounts* accounts() const noexcept { return accounts_; }
    /// The dialect in which clients of the OpenAI routes speak and get their errors.
    providers::server_dialect const& openai() const noexcept { return openai_; }

    /// Whether the usage chunk of streams says what they cost.
    bool cost_in_streams() const noexcept { return cost_in_streams_; }

    bool draining() const noexcept { return draining_.load(std::memory_order_relaxed); }
    void start_draining() noexcept { draining_.store(true, std::memory_order_relaxed); }

private:
    providers::server_dialect const& dialect_of(route const* way) const noexcept;
    /// Who sends it; a 401 when nobody that is known.
    result<ledger::principal> identify(transports::inbound_request const& request) const;

    engine::kernel& kernel_;
    secret master_key_;
    server::accounts* accounts_;
    bool cost_in_streams_;
    providers::server_dialect const& openai_;
    std::atomic<bool> draining_{false};
    engine::health_monitor health_;
};

} // namespace cogate::server
