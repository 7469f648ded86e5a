#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/system/error_code.hpp>

#include <chrono>
#include <cstddef>
#include <memory>

namespace cogate::transports {

using steady_time = std::chrono::steady_clock::time_point;

class timers;
class waiter;

/// A deadline that somebody watches. Moving it is two stores in the common case (a later deadline), so it is
/// moved at every phase of every exchange. On expiry `on_expire(context)` is called once, from the timers'
/// own handler; it then is disarmed. Unlinks itself on destruction. Not copyable, not movable. Not thread-safe.
///
/// An armed watchdog of the kind `foreground` keeps io_context::run from returning; a `background` one (idle
/// connections) does not.
class watchdog {
public:
    using callback = void (*)(void* context) noexcept;
    enum class kind : bool { foreground, background };

    /// Throws std::bad_alloc only.
    watchdog(timers& owner, callback on_expire, void* context, kind what = kind::foreground);
    ~watchdog();
    watchdog(watchdog const&) = delete;
    watchdog& operator=(watchdog const&) = delete;

    void arm(steady_time deadline) noexcept;
    void disarm() noexcept;
    bool armed() const noexcept { return deadline_ != steady_time::max(); }
    steady_time deadline() const noexcept { return deadline_; }

private:
    friend class timers;
    static constexpr std::size_t unqueued = static_cast<std::size_t>(-1);

    timers& owner_;
    callback on_expire_;
    void* context_;
    kind kind_;
    steady_time deadline_ = steady_time::max();
    steady_time queued_for_ = steady_time::max(); ///< place in the queue: never later than `deadline_`
    std::size_t position_ = unqueued;
};

/// All waiting for time of one io_context, behind one asio timer: watchdogs and sleeps. Deadlines are kept to
/// within 50 ms late, never early. The asio timer of an already disarmed watchdog does not keep the context
/// running.
///
/// A test may switch the clock to virtual time, which moves only by `advance_to_next` and `advance_by`; then
/// no wall clock is involved at all.
/// Thread safety: none; used from the one thread that runs the context, which must be an io_context.
class timers final : public boost::asio::execution_context::service {
public:
    using key_type = timers;
    static boost::asio::execution_context::id id;

    explicit timers(boost::asio::execution_context& context);
    ~timers() override;

    /// The timers of a context; made on first use.
    static timers& of(boost::asio::execution_context& context);

    steady_time now() const noexcept;

    /// Waits until the point is reached. Terminal cancellation ends it early with operation_aborted.
    boost::asio::awaitable<boost::system::error_code> sleep_until(steady_time when);

    /// To be called before anything is armed.
    void use_virtual_time() noexcept;
    /// Moves virtual time to the earliest armed deadline and fires it; false when nothing is armed.
    bool advance_to_next();
    void advance_by(std::chrono::nanoseconds step);

private:
    friend class watchdog;
    friend class waiter;
    void shutdown() override;

    class state;
    std::unique_ptr<state> state_;
};

/// The timers of the context behind an executor.
template <class Executor>
timers& timers_of(Executor const& executor);

} // namespace cogate::transports

#include "transports/runtime/timers_of.hpp"
