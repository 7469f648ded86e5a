#pragma once

#include "transports/runtime/timers.hpp"

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/system/error_code.hpp>

#include <optional>
#include <utility>

namespace cogate::transports {

/// One coroutine that waits for `notify` or for a point in time, whichever comes first. Lives in the frame of
/// the coroutine that waits, or outlives it. Thread safety: none; one wait at a time.
class waiter {
public:
    using signature = void(boost::system::error_code);

    explicit waiter(timers& owner);
    ~waiter();
    waiter(waiter const&) = delete;
    waiter& operator=(waiter const&) = delete;

    /// Completes through the executor, never inside this call: no error after `notify`, error::timed_out when
    /// `when` was reached, error::operation_aborted after terminal cancellation.
    template <class Token>
    auto wait_until(steady_time when, Token&& token)
    {
        return boost::asio::async_initiate<Token, signature>(initiation{this}, token, when);
    }

    /// Ends a wait that is under way; without one it does nothing.
    void notify() { finish(boost::system::error_code()); }

private:
    friend class timers;
    using handler = boost::asio::any_completion_handler<signature>;

    struct initiation {
        waiter* self;

        template <class Handler>
        void operator()(Handler&& completion, steady_time when) const
        {
            self->start(handler(std::forward<Handler>(completion)), when);
        }
    };

    void start(handler completion, steady_time when);
    void finish(boost::system::error_code why);
    void unlink() noexcept;
    static void expired(void* self) noexcept;

    timers& owner_;
    watchdog watchdog_;
    std::optional<handler>
        handler_; ///< emplaced, never assigned: assignment recurses without end in Boost 1.81
    waiter* previous_ = nullptr;
    waiter* next_ = nullptr;
};

} // namespace cogate::transports
