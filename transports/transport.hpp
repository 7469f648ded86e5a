#pragma once

#include <cogate/result.hpp>

#include "lib/wire/header.hpp"
#include "lib/wire/scripted_reply.hpp"
#include "lib/wire/url.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace cogate::transports {

using steady_time = std::chrono::steady_clock::time_point;

/// Where to connect and how to judge the peer. Shared by all calls of a deployment; never changed.
struct endpoint {
    wire::url url;        ///< scheme, host and port decide the pool; the path is not used here
    std::string ca_file;  ///< extra PEM authorities; empty: the system's only. Verification is always on.
    std::string pool_key; ///< url.origin() plus what else must not be shared
};

/// Limits of one exchange. Phases are durations; `total_by` is a point of the runtime's clock.
struct exchange_limits {
    std::chrono::milliseconds connect{3'000};
    std::chrono::milliseconds tls{5'000};
    std::chrono::milliseconds write{60'000};
    std::chrono::milliseconds first_byte{60'000};
    std::chrono::milliseconds idle{60'000};
    steady_time total_by = steady_time::max();
};

/// The head of an upstream's answer. Views are valid until the exchange is finished or destroyed.
struct response_head {
    int status = 0;
    std::span<wire::header const> headers; ///< names as received; compare without case
    std::optional<std::uint64_t> content_length;
};

/// One HTTP exchange with an upstream over a leased connection: send, receive_head, then read_body until it
/// gives an empty view. Destroying it returns the connection to its pool when the answer was read whole and
/// the peer keeps it open; otherwise the connection is closed. A cancelled exchange never goes back.
///
/// Thread safety: none; one coroutine drives it. `cancel()` may be called from another coroutine of the thread.
/// Cancellation: terminal cancellation of the awaiting coroutine acts as `cancel()`.
/// Errors (kind / code): connection/"upstream_closed" (EOF or reset before a whole head), truncated/
/// "upstream_truncated" (after it), bad_gateway/"upstream_bad_http", timeout/"timeout_write|first_byte|idle|total",
/// cancelled/"cancelled".
class exchange {
public:
    virtual ~exchange() = default;

    /// Writes head and body pieces, in order, as few packets as possible. Pieces must stay valid until it ends.
    virtual boost::asio::awaitable<result<void>> send(std::span<std::string_view const> pieces) = 0;

    /// Reads the response head, skipping at most eight 1xx heads.
    virtual boost::asio::awaitable<result<response_head>> receive_head() = 0;

    /// The next decoded body bytes: as many as arrived; valid until the next call. Empty: the body is complete.
    virtual boost::asio::awaitable<result<std::string_view>> read_body() = 0;

    /// The same as far as it needs no waiting, without a coroutine; nothing when it does. A peer without such bytes in
    /// its hand may always say nothing.
    virtual std::optional<result<std::string_view>> body_at_hand() { return std::nullopt; }

    /// Closes the connection; a pending operation ends with `cancelled`. Idempotent.
    virtual void cancel() noexcept = 0;

    /// Whether the connection had served an earlier exchange: only then is a silent retry of an unanswered
    /// request allowed (the keep-alive race).
    virtual bool reused() const noexcept = 0;

    /// Bytes of the answer received so far, head included.
    virtual std::uint64_t bytes_received() const noexcept = 0;
};

/// Makes exchanges. Stateless towards its caller: pools and sessions live in services of the caller's context.
class transport {
public:
    virtual ~transport() = default;

    /// A connection to `where`: an idle one if a healthy one is there and `fresh` is false, else a new one.
    /// Errors: connection/"upstream_dns|upstream_connect|upstream_tls", timeout/"timeout_connect|timeout_tls|timeout_total".
    /// `where` must stay valid until it returns; the exchange copies what it needs.
    virtual boost::asio::awaitable<result<std::unique_ptr<exchange>>>
    open(endpoint const& where, exchange_limits const& limits, bool fresh) = 0;

    /// The same where a healthy idle connection is there, without a coroutine; null when there is none.
    virtual std::unique_ptr<exchange> at_hand(boost::asio::any_io_executor const&, endpoint const&,
                                              exchange_limits const&)
    {
        return nullptr;
    }
};

/// The transport over TCP and TLS sockets (transports/http). Pool settings apply per io_context and origin.
struct http_transport_options {
    std::size_t max_idle_per_origin = 64;
    std::chrono::milliseconds idle_lifetime{30'000};
};
std::shared_ptr<transport> make_http_transport(http_transport_options options);

/// The transport to a local provider: `answer` is asked in the process and its reply played with its timing.
std::shared_ptr<transport> make_memory_transport(wire::local_responder answer);

} // namespace cogate::transports
