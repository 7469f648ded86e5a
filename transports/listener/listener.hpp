#pragma once

#include <cogate/result.hpp>

#include "lib/wire/header.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace cogate::transports {

/// Caps of one inbound connection (reference values: reliability limits of the project).
struct inbound_limits {
    std::size_t head_bytes = 16 * 1024;
    std::size_t body_bytes = 32 * 1024 * 1024;
    std::chrono::milliseconds head_time{10'000}; ///< first byte of a head to its end
    std::chrono::milliseconds body_time{60'000}; ///< whole body
    std::size_t body_rate = 1024; ///< bytes per second that a body must come with in the long run; 0: any
    /// Large and chunked bodies of all connections together; over it: 503 and close.
    std::size_t buffered_body_bytes = std::size_t{1} << 30;
    std::chrono::milliseconds idle_time{75'000};   ///< keep-alive, between requests
    std::chrono::milliseconds write_stall{60'000}; ///< longest time a client may take nothing
    std::size_t connections = 20'000;              ///< in the process; beyond: accepted and closed with 503
};

/// One request on an inbound connection, as its handler sees it. It passed the guard: framing is unambiguous.
///
/// Thread safety: none; lives on one worker. All views are valid until the handler returns.
class inbound_request {
public:
    virtual ~inbound_request() = default;

    virtual std::string_view method() const noexcept = 0;
    /// Origin-form target as received, query included; visible ASCII only.
    virtual std::string_view target() const noexcept = 0;
    virtual int version() const noexcept = 0; ///< 10 or 11
    virtual std::span<wire::header const> headers() const noexcept = 0;
    /// False once this answer must be the last on its connection (client's wish, HTTP/1.0, draining, an error).
    virtual bool keep_alive() const noexcept = 0;
    virtual void close_after() noexcept = 0;
    /// When the whole head had arrived.
    virtual std::chrono::steady_clock::time_point received_at() const noexcept = 0;
    /// Text form of the peer's address, without the port.
    virtual std::string_view peer() const noexcept = 0;

    /// Reads the whole body (sends 100 Continue when the client waits for it). Errors: request_too_large,
    /// timeout/"timeout_body", invalid_request/"bad_framing", service_unavailable/"body_memory" when the bodies
    /// of all connections fill their budget, cancelled when the client went away.
    virtual boost::asio::awaitable<result<std::string_view>> read_body() = 0;

    /// The next bytes of the body as they come, valid until the next call; empty at its end. Instead of `read_body`,
    /// not beside it. `body_time` holds for each call, size and rate for the whole. Same errors.
    virtual boost::asio::awaitable<result<std::string_view>> read_body_some() = 0;

    /// Writes pieces in order (head and body in one go where possible). False: the client is gone or stalled;
    /// the connection is then dead and nothing more need be written.
    virtual boost::asio::awaitable<bool> write(std::span<std::string_view const> pieces) = 0;

    /// While the handler waits for something else, `callback(context)` is called at most once when the client
    /// has gone away. nullptr removes it. Effective after read_body.
    virtual void on_disconnect(void (*callback)(void*) noexcept, void* context) noexcept = 0;
};

/// What the listener calls for every request that passed the guard.
class inbound_handler {
public:
    virtual ~inbound_handler() = default;
    /// Must write one whole answer, or none when the client is gone. Called on all workers at once.
    virtual boost::asio::awaitable<void> handle(inbound_request& request) = 0;
    /// Appends the body that goes with a refusal of the listener itself (bad framing, limits). JSON.
    virtual void write_refusal(int status, std::string_view reason, std::string& body) const = 0;
};

struct listen_options {
    std::string host = "127.0.0.1";
    std::uint16_t port = 4000; ///< 0: the system chooses
    unsigned workers = 1;      ///< io_contexts, one thread each
    inbound_limits limits{};
};

/// Accepts connections and runs their requests, one io_context per worker, until drained.
///
/// Requests on one connection are answered in order; pipelined ones wait in the socket.
/// Draining keeps accepting so that health checks are answered, ends every connection after its current
/// answer, and returns from `run` when no request is left or the grace is over.
class listener {
public:
    /// Binds and listens. Throws boost::system::system_error whose text says what to do
    /// (address in use, permission, unknown host).
    listener(listen_options options, inbound_handler& handler);
    ~listener();

    std::uint16_t port() const noexcept;

    /// Serves until drained. Called once; uses the calling thread as the first worker.
    void run();

    /// Starts draining; any thread, also a signal thread. A second call ends at once.
    void drain(std::chrono::milliseconds grace) noexcept;

    bool draining() const noexcept;
    std::size_t connections() const noexcept;
    /// Requests whose handler is running.
    std::size_t active_requests() const noexcept;

    class implementation;

private:
    std::unique_ptr<implementation> impl_;
};

} // namespace cogate::transports
