#pragma once

#include "transports/http/connection.hpp"
#include "transports/runtime/timers.hpp"

#include <boost/asio/execution_context.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace cogate::transports {

/// The idle connections of one io_context, by pool key; the one that rested last is taken first. They do not
/// keep the context running. Thread safety: none.
class pool final : public boost::asio::execution_context::service {
public:
    using key_type = pool;
    static boost::asio::execution_context::id id;

    explicit pool(boost::asio::execution_context& context);
    ~pool() override;
    static pool& of(boost::asio::execution_context& context);

    /// A connection that is still open and silent, or none. Those found otherwise are closed.
    std::unique_ptr<connection> take(std::string const& pool_key);

    /// Keeps a connection that `may_reuse`; the oldest of its key goes when there are too many.
    void give(std::unique_ptr<connection> resting, http_transport_options const& options);

    /// Idle connections of a key, for tests and metrics.
    std::size_t idle(std::string const& pool_key) const;

private:
    struct resting_connection {
        std::unique_ptr<connection> what;
        steady_time until;
    };

    void shutdown() override;
    void sweep();
    static void sweep_time(void* self) noexcept;

    static constexpr std::chrono::seconds sweep_interval{2};

    timers& clock_;
    watchdog sweeper_;
    std::unordered_map<std::string, std::vector<resting_connection>> idle_;
    bool down_ = false;
};

} // namespace cogate::transports
