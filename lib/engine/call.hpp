#pragma once

#include <cogate/call_options.hpp>
#include <cogate/observer.hpp>
#include <cogate/result.hpp>

#include "lib/engine/attempt.hpp"
#include "lib/engine/kernel.hpp"
#include "lib/engine/outgoing.hpp"
#include "lib/policy/call_machine.hpp"
#include "transports/runtime/waiter.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cogate::engine {

/// What kind of call it is, for routing, deadlines and observers.
struct call_kind {
    std::string_view operation; ///< "chat", "embedding"; static text
    std::string_view model;     ///< as the caller asked
    bool stream = false;
    served_deployment const* deployment = nullptr; ///< where it must go, whatever the model's name
    std::string_view upstream_model{};             ///< its name there; empty: as the deployment's entry says
};

/// One call: its attempts, its deadlines, its record. The one place where policy, provider and transport meet.
///
/// Use: `start`, then what the winning dispatch needs: nothing more for a whole answer, `pull` until `complete` for a
/// stream, `read` until empty for a body that is passed on; then exactly one of `succeed` and `fail` (`start` and
/// `pull` do it themselves for answers they understand). Destruction before that is a cancelled call. Observers hear
/// of it in all cases.
/// Thread safety: none; one coroutine drives it, `cancel` from the same thread.
class call {
public:
    call(kernel& owner, boost::asio::any_io_executor executor, call_kind const& kind,
         call_options const& options);
    ~call();
    call(call const&) = delete;
    call& operator=(call const&) = delete;

    /// Runs attempts, one after the other or side by side as policy says, until one has an answer that the caller may
    /// have. `what` is used during `start` only; the dispatch that won lives as long as the call.
    boost::asio::awaitable<result<void>> start(outgoing& what);

    /// Understands more of a stream's answer; a failure or the end closes the record.
    boost::asio::awaitable<result<void>> pull();
    bool complete() const noexcept { return winner_->complete(); }

    /// Next body bytes; empty at the complete end.
    boost::asio::awaitable<result<std::string_view>> read() { return winner_->read(); }
    /// The whole body in memory; at most the gateway's max_response_bytes. The view lives as long as the call.
    boost::asio::awaitable<result<std::string_view>> read_all() { return winner_->read_all(); }
    void progress() noexcept { winner_->progress(); }

    void succeed(usage used);
    /// Completes `why` with what the call knows (provider, upstream id) and returns it.
    failure fail(failure why);

    void cancel() noexcept;

    /// The dispatch of the attempt that won.
    dispatch& answer() const noexcept { return *winner_->what(); }
    /// The deployment that answered, or was asked last.
    served_deployment const& deployment() const noexcept { return last()->deployment(); }
    bool started() const noexcept { return !attempts_.empty(); }
    transports::response_head const& head() const noexcept { return winner_->head(); }
    call_facts const& facts() const noexcept { return *scope_->facts; }
    /// When its time is over; known once it was started.
    transports::steady_time total_by() const noexcept { return scope_->total_by; }
    int attempts() const noexcept { return static_cast<int>(attempts_.size()); }
    int retries() const noexcept { return retries_; }
    int fallbacks() const noexcept { return fallbacks_; }
    /// Time spent waiting for upstreams to answer, so far.
    std::chrono::nanoseconds upstream_time() const noexcept;
    /// Of the answer, once it is whole; empty when the price or the usage is not known.
    std::optional<money> cost() const noexcept { return cost_; }
    call_options const& options() const noexcept { return scope_->options; }
    /// Whether the caller wants to know why it went where it went.
    bool explains() const noexcept { return scope_->options.explain; }
    /// Every attempt with its reason and outcome, so far.
    std::vector<attempt_trace> trace() const;

private:
    struct inbox;
    enum class outcome { open, delivered, failed };
    result<void> route(outgoing& what);
    void queue(policy::group const& at);
    void leave_queue() noexcept;
    void make_inbox();
    outcome act(policy::call_machine& machine, policy::call_event const& event);
    void begin(policy::call_action const& order);
    /// The new attempt, when there is one and nothing else to wait for: the common case, which costs no more than the
    /// exchange itself.
    attempt* begin_alone() noexcept;
    bool must_fail(attempt const& one) const noexcept;
    boost::asio::awaitable<policy::call_event> next_event(outgoing& what);
    boost::asio::awaitable<policy::call_event> wait();
    boost::asio::awaitable<void> join();
    void spawn(outgoing& what, std::shared_ptr<attempt> one);
    policy::call_event ended(attempt& one, result<void> const& how);
    policy::call_event event(policy::call_event::kind what) const noexcept;
    failure no_lane(policy::pick const& why) const;
    void told_first_token();
    void record(call_outcome&& outcome);
    attempt* last() const noexcept;

    kernel& kernel_;
    std::shared_ptr<attempt_scope> scope_;
    transports::steady_time started_;
    served_deployment const* fixed_ = nullptr;
    std::string upstream_model_; ///< of the fixed deployment, where its entry does not say it
    routes::way way_;
    std::unique_ptr<routes::own_plan> own_plan_; ///< with the client's own fallbacks
    std::vector<std::shared_ptr<attempt>> attempts_;
    std::size_t begun_ = 0; ///< how many of them run or ran
    std::shared_ptr<attempt> winner_;
    std::shared_ptr<inbox> inbox_; ///< only when attempts run side by side, or the call waits
    transports::steady_time wake_ = transports::steady_time::max();
    std::optional<failure> failure_;
    std::unique_ptr<waiting_room::place> place_; ///< in the queue of a group without room
    transports::steady_time patience_{};
    std::optional<money> cost_;
    bool first_token_told_ = false;
    int retries_ = 0;
    int fallbacks_ = 0;
    bool over_ = false;
    bool cancelled_ = false;
};

} // namespace cogate::engine
