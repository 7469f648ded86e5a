#pragma once

#include <cogate/call_options.hpp>
#include <cogate/observer.hpp>
#include <cogate/result.hpp>

#include "lib/engine/kernel.hpp"
#include "lib/engine/outgoing.hpp"
#include "lib/engine/routes.hpp"
#include "lib/policy/call_machine.hpp"
#include "lib/policy/lane.hpp"
#include "transports/runtime/timers.hpp"
#include "transports/transport.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace cogate::engine {

/// What the attempts of one call share.
struct attempt_scope {
    kernel& owner;
    boost::asio::any_io_executor executor;
    transports::timers& timers;
    call_options options;
    call_facts_ptr facts;
    std::shared_ptr<routes const> served; ///< keeps the deployments alive
    policy::request_traits traits{};
    transports::steady_time total_by = transports::steady_time::max();
};

/// One upstream exchange: the request out, the answer in, until it is one that the caller may have, and on.
///
/// Thread safety: none; one coroutine drives it, `cancel` from the same thread. Its lane hears of its end exactly once,
/// at the latest from the destructor (cancelled).
class attempt {
public:
    /// The lane's `begin` was called for it.
    attempt(std::shared_ptr<attempt_scope const> scope, policy::call_action const& why,
            served_deployment const& deployment, std::string upstream_model);
    ~attempt();
    attempt(attempt const&) = delete;
    attempt& operator=(attempt const&) = delete;

    /// Sends and receives until the answer is ready (`dispatch::ready_when`), or fails.
    boost::asio::awaitable<result<void>> run(outgoing& what);

    /// Next body bytes; empty at the complete end. An idle deadline also counts from the last whole event.
    boost::asio::awaitable<result<std::string_view>> read();
    /// The whole body in memory; at most the gateway's max_response_bytes.
    boost::asio::awaitable<result<std::string_view>> read_all();
    /// Reads once more and lets the dispatch understand it.
    boost::asio::awaitable<result<void>> pull();
    bool complete() const noexcept { return complete_; }
    /// Slow bytes inside one event must not hold off the idle deadline; whole ones do.
    void progress() noexcept { waited_ = std::chrono::nanoseconds{0}; }

    void cancel() noexcept;
    bool cancelled() const noexcept { return cancelled_; }

    /// Tells the lane how it ended. Only the first of several counts.
    void end(failure const* why, usage const& used) noexcept;

    policy::call_action const& order() const noexcept { return order_; }
    served_deployment const& deployment() const noexcept { return deployment_; }
    std::string const& upstream_model() const noexcept { return upstream_model_; }
    dispatch* what() const noexcept { return dispatch_.get(); }
    transports::response_head const& head() const noexcept { return head_; }
    int status() const noexcept { return status_; } ///< of the upstream; 0 when it never answered
    std::string const& upstream_request_id() const noexcept { return upstream_request_id_; }

    /// When it began, got its head, and saw its first content.
    transports::steady_time started() const noexcept { return started_; }
    std::optional<transports::steady_time> first_content() const noexcept { return first_content_; }
    std::chrono::nanoseconds waited_for_head() const noexcept { return upstream_time_; }
    std::optional<std::chrono::nanoseconds> first_byte() const noexcept { return first_byte_; }
    std::optional<std::chrono::nanoseconds> lasted() const noexcept { return lasted_; }
    std::optional<money> cost() const noexcept { return cost_; }
    std::optional<failure> const& error() const noexcept { return error_; }
    std::uint64_t request_bytes() const noexcept { return request_bytes_; }
    std::uint64_t response_bytes() const noexcept { return exchange_ ? exchange_->bytes_received() : 0; }

    /// The failure in the terms of the machine.
    policy::call_event failed(failure const& why) const noexcept;

    /// Lets go of the connection; the head's views end with it.
    void release() noexcept;

    boost::asio::cancellation_signal& stop_signal() noexcept { return stop_; }

private:
    boost::asio::awaitable<result<void>> exchange_head(outgoing& what);
    boost::asio::awaitable<result<void>> connect(bool fresh);
    boost::asio::awaitable<result<void>> upload(std::uint64_t bytes);
    boost::asio::awaitable<result<void>> take_answer();
    /// Adds what has arrived to `body_`; true when that is all of it.
    result<bool> collect();
    result<void> add(std::string_view piece);
    boost::asio::awaitable<failure> understand_refusal();
    boost::asio::awaitable<failure> refuse_content();
    /// Asks on where an answer only says where to ask. Afterwards the result is the body, or the stream to read.
    boost::asio::awaitable<result<void>> follow();
    boost::asio::awaitable<result<void>> ask_again(wire::url const& where, std::string_view accept);
    boost::asio::awaitable<result<providers::header_list>> authorise();
    bool write_head(providers::header_list const& signature, std::string& head) const;
    bool is_event_stream() const noexcept;
    /// Asks the payer, if there is one.
    result<void> offer(outgoing const& what);
    /// Works out what it cost, once it has ended, and tells the payer.
    void settle(failure const* why, usage const& used) noexcept;
    std::optional<money> cost_of(usage const& used) const;
    usage estimate() const;
    void note_head();
    void note_content();
    transports::exchange_limits limits() const;
    transports::steady_time now() const noexcept { return scope_->timers.now(); }

    std::shared_ptr<attempt_scope const> scope_;
    policy::call_action order_;
    served_deployment const& deployment_;
    std::string upstream_model_;
    cogate::deadlines deadlines_;
    std::unique_ptr<dispatch> dispatch_;
    std::unique_ptr<transports::exchange> exchange_;
    transports::response_head head_;
    std::string body_;
    std::string upstream_request_id_;
    boost::asio::cancellation_signal stop_;
    transports::steady_time started_;
    std::optional<transports::steady_time> first_content_;
    std::optional<std::chrono::nanoseconds> first_byte_;
    std::optional<std::chrono::nanoseconds> lasted_;
    std::chrono::nanoseconds upstream_time_{0};
    std::chrono::nanoseconds waited_{0}; ///< for the provider, since the last whole event
    std::optional<failure> error_;
    std::optional<money> cost_;
    std::uint64_t request_bytes_ = 0;
    int status_ = 0;
    bool buffered_ = false; ///< `body_` holds the whole answer already
    bool complete_ = false;
    bool cancelled_ = false;
    bool owed_ = false;       ///< the payer took the offer and waits for the bill
    bool not_wanted_ = false; ///< the payer refused it
};

} // namespace cogate::engine
