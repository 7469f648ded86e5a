#pragma once

#include <cogate/call_options.hpp>
#include <cogate/observer.hpp>
#include <cogate/result.hpp>

#include "lib/engine/kernel.hpp"
#include "lib/engine/outgoing.hpp"
#include "lib/policy/attempt_machine.hpp"
#include "transports/runtime/timers.hpp"
#include "transports/transport.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace cogate::engine {

/// What kind of call it is, for routing, deadlines and observers.
struct call_kind {
    std::string_view operation; ///< "chat", "embedding"; static text
    std::string_view model;     ///< as the caller asked
    bool stream = false;
    served_deployment const* deployment = nullptr; ///< where it must go, whatever the model's name
};

/// One call: its attempts, its deadlines, its record. The one place where policy, provider and transport meet.
///
/// Use: `start`, then `read` until empty (or `read_all`), then exactly one of `succeed` and `fail`; destruction
/// before that is a cancelled call. Observers hear of it in all cases.
/// Thread safety: none; one coroutine drives it, `cancel` from the same thread.
class call {
public:
    call(kernel& owner, boost::asio::any_io_executor executor, call_kind const& kind,
         call_options const& options);
    ~call();
    call(call const&) = delete;
    call& operator=(call const&) = delete;

    /// Runs attempts until one is answered with a 2xx head. Any other answer is read, understood by the dialect
    /// and returned as a failure. `what` is used during `start` only.
    boost::asio::awaitable<result<void>> start(outgoing& what);

    /// Next body bytes; empty at the complete end. An idle deadline also counts from the last `progress()`.
    boost::asio::awaitable<result<std::string_view>> read();

    /// The whole body in memory; at most the gateway's max_response_bytes. The view lives as long as the call.
    boost::asio::awaitable<result<std::string_view>> read_all();

    /// Whether the answer's content type is one of the dialect's streams (or is not said).
    bool is_event_stream() const noexcept;
    /// The failure for a stream that was answered with something else; reads and understands what came.
    boost::asio::awaitable<failure> refuse_content();

    /// A whole event came: slow bytes inside one event must not hold off the idle deadline.
    void progress() noexcept;
    /// The first content of a stream came.
    void first_token();

    void succeed(usage used);
    /// Completes `why` with what the call knows (provider, upstream id) and returns it.
    failure fail(failure why);

    void cancel() noexcept;

    served_deployment const& deployment() const noexcept { return *target_->deployment; }
    /// The dialect that the last attempt spoke.
    providers::client_dialect const& dialect() const noexcept { return *dialect_; }
    std::string const& upstream_model() const noexcept { return target_->upstream_model; }
    bool started() const noexcept { return target_.has_value(); }
    transports::response_head const& head() const noexcept { return head_; }
    call_facts const& facts() const noexcept { return *facts_; }
    int attempts() const noexcept { return attempts_; }
    /// Time spent waiting for the upstream, so far.
    std::chrono::nanoseconds upstream_time() const noexcept { return upstream_time_; }

private:
    struct attempt_result {
        std::optional<failure> error;
        policy::attempt_event event;
    };
    boost::asio::awaitable<attempt_result> attempt(outgoing& what, bool fresh);
    boost::asio::awaitable<result<void>> upload(outgoing& what, std::uint64_t bytes);
    boost::asio::awaitable<failure> understand_refusal();
    /// Asks on where an answer only says where to ask. Afterwards the result is the body, or the stream to read.
    boost::asio::awaitable<result<void>> follow();
    boost::asio::awaitable<result<void>> ask_again(wire::url const& where, std::string_view accept);
    boost::asio::awaitable<result<providers::header_list>> authorise(outgoing::parts const& parts);
    bool write_head(outgoing::parts const& parts, providers::header_list const& signature,
                    std::string& head) const;
    transports::exchange_limits limits() const;
    void record(call_outcome&& outcome);

    kernel& kernel_;
    boost::asio::any_io_executor executor_;
    transports::timers& timers_;
    call_options options_;
    call_facts_ptr facts_;
    transports::steady_time started_;
    transports::steady_time total_by_ = transports::steady_time::max();
    std::chrono::nanoseconds waited_{0}; ///< for the provider, since the last whole event
    served_deployment const* fixed_ = nullptr;
    std::optional<kernel::target> target_;
    providers::client_dialect const* dialect_ = nullptr;
    cogate::deadlines deadlines_;
    std::unique_ptr<transports::exchange> exchange_;
    transports::response_head head_;
    std::string body_;
    bool buffered_ = false; ///< `body_` holds the whole answer already
    std::string upstream_request_id_;
    std::chrono::nanoseconds upstream_time_{0};
    std::optional<std::chrono::nanoseconds> first_token_;
    std::uint64_t request_bytes_ = 0;
    int attempts_ = 0;
    bool over_ = false;
    bool cancelled_ = false;
};

} // namespace cogate::engine
