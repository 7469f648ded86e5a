#pragma once

#include "lib/ledger/pending_attempts.hpp"
#include "lib/ledger/store.hpp"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

namespace cogate::ledger {

/// The bounded queue between the callers of a store and its one writer. Events of an attempt that meet here are folded
/// into one row, which then is written once.
///
/// Counted until committed: events and bytes of what waits and of what the writer has in hand. Each taken reserve
/// keeps the place of its closing event free. Thread safety: take() and below by the writer only, all else by
/// any thread.
class event_queue {
public:
    struct limits {
        std::size_t rows = 65'536;     ///< `sent` events of open reservations may come on top
        std::size_t bytes = 64u << 20; ///< closing events longer than their reserve may come on top
        /// How long an event that nobody waits for may stay, so that it shares a row with its successor and a commit
        /// with others. A crash loses at most reservations that are younger.
        std::chrono::milliseconds linger{20};
        /// The least time between two commits that somebody waits for, while calls are running that may soon wait
        /// too: what is ready together shares one.
        std::chrono::microseconds gather{1000};
    };

    explicit event_queue(limits most) : most_(most) {}

    result<void> push(event e, acknowledgement done);
    result<void> ready() const;
    bool wait_until_done(std::chrono::milliseconds at_most);
    /// Nothing is taken from now on, and take() no longer lingers.
    void close();
    bool is_closed() const;
    void figures(store_figures& into) const;

    /// Waits for work: at most `most` attempts, those that are waited for first. Empty: closed and nothing left.
    std::vector<pending_ptr> take(std::size_t most);
    /// The writer is through with the attempts of a take().
    void done(std::vector<pending_ptr> const& attempts);
    /// Waits, but not after close().
    void pause(std::chrono::milliseconds length);
    void set_failing(bool failing, std::string why = {});

private:
    using clock = std::chrono::steady_clock;
    using instant = clock::time_point;

    result<void> check_new_work(std::size_t bytes) const;
    instant due() const noexcept;
    void sleep_until(instant when, std::unique_lock<std::mutex>& lock);

    limits const most_;
    mutable std::mutex mutex_;
    std::condition_variable work_;
    std::condition_variable idle_;
    pending_attempts waiting_;
    std::size_t rows_ = 0;
    std::size_t bytes_ = 0;
    std::size_t open_ = 0;       ///< taken reserves without a closing event
    std::size_t open_bytes_ = 0; ///< what these will need, about
    std::uint64_t taken_ = 0;
    std::uint64_t done_ = 0;
    std::size_t batch_ = 1;                ///< of the last take()
    std::size_t flushing_ = 0;             ///< threads in wait_until_done()
    instant last_urgent_ = instant::min(); ///< take() of what is waited for
    instant last_sweep_ = instant::min();  ///< take() of what is not
    instant wakes_at_ = instant::min();    ///< when the writer looks again by itself
    bool closed_ = false;
    bool failing_ = false;
    std::string why_;
};

} // namespace cogate::ledger
