#pragma once

#include "transports/http/dns_cache.hpp"
#include "transports/http/failures.hpp"
#include "transports/http/response_reader.hpp"
#include "transports/http/reuse.hpp"
#include "transports/http/tls_context.hpp"
#include "transports/http/tls_stream.hpp"
#include "transports/http/transport_stats.hpp"
#include "transports/runtime/send_turn.hpp"
#include "transports/runtime/timers.hpp"
#include "transports/transport.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace cogate::transports {

/// One TCP or TLS connection to an upstream and the exchange that is on it. Its phases are bounded by one
/// watchdog that closes the socket; what an operation then reports is explained by who closed it.
/// Thread safety: none. Never moved: operations and the watchdog hold its address.
class connection {
public:
    connection(boost::asio::any_io_executor const& executor, endpoint const& where,
               std::shared_ptr<transport_stats> stats);
    ~connection();
    connection(connection const&) = delete;
    connection& operator=(connection const&) = delete;

    /// Resolves, connects (addresses in turn, each with its share of the time left) and, for https, shakes
    /// hands. Both arguments must stay valid until it returns.
    boost::asio::awaitable<result<void>> establish(endpoint const& where, exchange_limits const& limits,
                                                   tls_contexts& contexts);

    boost::asio::awaitable<result<void>> send(std::span<std::string_view const> pieces,
                                              exchange_limits const& limits);
    boost::asio::awaitable<result<response_head>> receive_head(exchange_limits const& limits);
    boost::asio::awaitable<result<std::string_view>> read_body(exchange_limits const& limits);
    /// What of the body has arrived; nothing when that must be waited for.
    std::optional<result<std::string_view>> body_at_hand();

    /// Closes the socket; a pending operation ends.
    void cancel() noexcept;

    std::uint64_t received() const noexcept { return reader_.received(); }

    connection_facts facts() const noexcept;
    std::string const& pool_key() const noexcept { return pool_key_; }
    transport_stats& stats() noexcept { return *stats_; }

    /// Between exchanges: large buffers go, everything about the last exchange is forgotten.
    void rest() noexcept;
    /// Whether an idle connection was closed by the peer or has bytes that nobody asked for.
    bool stale() noexcept;

private:
    using phase = failures::phase;
    struct early_answer;

    boost::asio::awaitable<result<void>> connect(wire::url const& url, exchange_limits const& limits);
    boost::asio::awaitable<result<void>> handshake(std::string const& host, exchange_limits const& limits);
    std::size_t write_now(std::span<std::string_view const> pieces, boost::system::error_code& why);
    boost::asio::awaitable<boost::system::error_code>
    write_rest(std::span<std::string_view const> pieces, std::size_t written, exchange_limits const& limits);
    boost::asio::awaitable<boost::system::error_code> write_tls(std::span<std::string_view const> pieces,
                                                                exchange_limits const& limits);
    boost::asio::awaitable<boost::system::error_code> fill_tls();
    boost::system::error_code fill_now();
    boost::asio::awaitable<boost::system::error_code> ready_for(tls_stream::want what);

    /// The first `most` bytes in one piece, valid until the next call.
    std::string_view join(std::span<std::string_view const> pieces, std::size_t most);
    std::span<boost::asio::const_buffer const> gather(std::span<std::string_view const> pieces,
                                                      std::size_t written) noexcept;
    void drain_tls() noexcept;
    void arm(phase what, std::chrono::milliseconds limit, exchange_limits const& limits) noexcept;
    void close() noexcept;
    /// The failure when the connection was ended by us; nothing when it was the peer.
    std::optional<failure> ended_by_us(boost::system::error_code why) noexcept;
    std::string verification_fault(boost::system::error_code why) const;
    static void expired(void* self) noexcept;

    static constexpr std::size_t max_gather = 16;

    std::string origin_;
    std::string pool_key_;
    std::shared_ptr<transport_stats> stats_;
    timers& clock_;
    send_turn& turn_;
    watchdog watchdog_;
    boost::asio::ip::tcp::socket socket_;
    std::shared_ptr<tls_context> tls_context_;
    std::unique_ptr<tls_stream> tls_;
    response_reader reader_;
    std::string outgoing_; ///< small messages, or the front of a large one, in one piece
    std::array<boost::asio::const_buffer, max_gather> gathered_{};
    steady_time total_by_ = steady_time::max();
    phase phase_ = phase::none;
    bool written_ = false;
    bool cancelled_ = false;
    bool expired_ = false;
    bool failed_ = false;
};

} // namespace cogate::transports
