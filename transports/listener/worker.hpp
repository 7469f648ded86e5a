#pragma once

#include "transports/listener/byte_budget.hpp"
#include "transports/listener/listener.hpp"
#include "transports/runtime/send_turn.hpp"
#include "transports/runtime/timers.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/intrusive/list.hpp>

#include <atomic>
#include <cstddef>

namespace cogate::transports {

class session;

/// The concrete executor: a type-erased one costs the hot path some percent.
using client_socket =
    boost::asio::basic_stream_socket<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;

/// What all workers of a listener share.
struct listener_shared {
    inbound_limits limits;
    inbound_handler& handler;
    byte_budget bodies;
    std::atomic<bool> draining{false};
    /// Called on a worker's thread when a connection ended during a drain.
    void (*connection_ended)(void* context) noexcept = nullptr;
    void* context = nullptr;
};

using session_hook =
    boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

/// One io_context, the connections that live on it, and their counts. Everything but the counts and
/// `take_over` belongs to the thread that runs the context.
class worker {
public:
    using session_list = boost::intrusive::list<session, boost::intrusive::base_hook<session_hook>,
                                                boost::intrusive::constant_time_size<false>>;

    explicit worker(listener_shared& shared);
    /// No thread may run the context any more. Ends what is left.
    ~worker();
    worker(worker const&) = delete;
    worker& operator=(worker const&) = delete;

    boost::asio::io_context& context() noexcept { return context_; }
    listener_shared& shared() noexcept { return shared_; }
    timers& clock() noexcept { return timers_; }
    send_turn& turn() noexcept { return turn_; }

    /// Runs the context until it is stopped; nothing that escapes a handler ends it.
    void run() noexcept;

    /// Gives an accepted socket of this context to the worker. Any thread.
    void take_over(client_socket socket, boost::asio::ip::tcp::endpoint const& peer);

    /// Draining has begun: closes what waits for a request.
    void close_idle() noexcept;
    /// Makes room: closes the connection that has been idle longest.
    void shed_idle() noexcept;
    /// Closes everything, in the middle of whatever it is.
    void abort_all() noexcept;

    void now_idle(session& which) noexcept;
    void now_busy(session& which) noexcept;
    void request_began() noexcept { active_.store(active_.load(relaxed) + 1, relaxed); }
    void request_ended() noexcept { active_.store(active_.load(relaxed) - 1, relaxed); }
    void connection_ended() noexcept;

    std::size_t connections() const noexcept { return connections_.load(); }
    std::size_t active_requests() const noexcept { return active_.load(relaxed); }

private:
    static constexpr std::memory_order relaxed = std::memory_order_relaxed;

    void start(client_socket socket, boost::asio::ip::tcp::endpoint const& peer) noexcept;

    listener_shared& shared_;
    std::atomic<std::size_t> connections_{0};
    std::atomic<std::size_t> active_{0}; ///< written by the worker's thread only
    session_list idle_;                  ///< longest idle first
    session_list busy_;
    /// After the lists: its destructor ends sessions, which unlink themselves. Its sockets are touched by its own thread
    /// only, so nothing locks them.
    boost::asio::io_context context_{BOOST_ASIO_CONCURRENCY_HINT_UNSAFE_IO};
    timers& timers_;
    send_turn& turn_;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard_;
};

} // namespace cogate::transports
