#pragma once

#include "transports/http/connection.hpp"
#include "transports/http/pool.hpp"
#include "transports/transport.hpp"

#include <memory>
#include <optional>

namespace cogate::transports {

/// An exchange on a leased connection; gives it back to the pool, or closes it, when destroyed.
class http_exchange final : public exchange {
public:
    http_exchange(std::unique_ptr<connection> leased, pool& home, http_transport_options const& options,
                  exchange_limits const& limits, bool reused);
    ~http_exchange() override;

    boost::asio::awaitable<result<void>> send(std::span<std::string_view const> pieces) override;
    boost::asio::awaitable<result<response_head>> receive_head() override;
    boost::asio::awaitable<result<std::string_view>> read_body() override;
    std::optional<result<std::string_view>> body_at_hand() override;
    void cancel() noexcept override;
    bool reused() const noexcept override { return reused_; }
    std::uint64_t bytes_received() const noexcept override { return connection_->received(); }

private:
    std::unique_ptr<connection> connection_;
    pool& home_;
    http_transport_options options_;
    exchange_limits limits_;
    bool reused_;
};

} // namespace cogate::transports
