#pragma once

#include "transports/runtime/timers.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/system/error_code.hpp>

#include <cstddef>
#include <optional>
#include <vector>

namespace cogate::transports {

/// What timers hold: a binary heap of watchdogs, ordered by the time they were queued for. A watchdog that
/// moves its deadline later stays where it is and is put in its place when its turn comes, so that the many
/// deadlines that are moved and never reached cost nothing.
class timers::state {
public:
    explicit state(boost::asio::io_context& context);
    ~state();
    state(state const&) = delete;
    state& operator=(state const&) = delete;

    steady_time now() const noexcept;
    void use_virtual_time() noexcept;
    bool advance_to_next();
    void advance_by(std::chrono::nanoseconds step);
    void shutdown();

    void enlist();
    void delist(watchdog& member) noexcept;
    void arm(watchdog& member, steady_time deadline) noexcept;
    void disarm(watchdog& member) noexcept;

    boost::asio::io_context& context() noexcept { return context_; }
    waiter*& waiters() noexcept { return waiters_; }

private:
    void place(watchdog& member, std::size_t position) noexcept;
    void sift_up(std::size_t position) noexcept;
    void sift_down(std::size_t position) noexcept;
    void remove(watchdog& member) noexcept;
    watchdog* earliest() noexcept;
    void fire_until(steady_time limit);
    void count(watchdog const& member, bool armed) noexcept;
    void schedule() noexcept;
    void hold_work(bool wanted) noexcept;
    void woken();

    boost::asio::io_context& context_;
    std::optional<boost::asio::steady_timer> timer_;
    std::vector<watchdog*> heap_;
    waiter* waiters_ = nullptr;  ///< list of waits under way
    std::size_t members_ = 0;    ///< watchdogs alive; the heap has room for all of them
    std::size_t foreground_ = 0; ///< armed watchdogs of that kind
    steady_time wake_ = steady_time::max();
    std::optional<steady_time> virtual_now_;
    unsigned waits_ = 0;      ///< asio waits whose handler has not run yet
    bool holds_work_ = false; ///< whether those waits count as work of the context
    bool firing_ = false;
};

} // namespace cogate::transports
