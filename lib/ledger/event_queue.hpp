#pragma once

#include "lib/ledger/store.hpp"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <vector>

namespace cogate::ledger {

/// The bounded queue between the callers of a store and its one writer.
///
/// Counted until committed: rows and bytes of what waits and of what the writer has in hand. Each taken reserve
/// keeps the place of its closing event free. Thread safety: take() and below by the writer only, all else by
/// any thread.
class event_queue {
public:
    struct limits {
        std::size_t rows = 65'536;     ///< `sent` events of open reservations may come on top
        std::size_t bytes = 64u << 20; ///< closing events longer than their reserve may come on top
        /// How long an event that nobody waits for may stay, so that it shares a commit with its successor.
        std::chrono::milliseconds linger{20};
    };
    struct item {
        event what;
        acknowledgement done;
        std::size_t bytes = 0;
    };

    explicit event_queue(limits most) : most_(most) {}

    result<void> push(event e, acknowledgement done);
    result<void> ready() const;
    bool wait_until_done(std::chrono::milliseconds at_most);
    /// Nothing is taken from now on, and take() no longer lingers.
    void close();
    bool is_closed() const;
    void figures(store_figures& into) const;

    /// Waits for work; at most `most` events, oldest first. Empty: closed and nothing left.
    std::vector<item> take(std::size_t most);
    /// The writer is through with the events of a take().
    void done(std::vector<item> const& items);
    /// Waits, but not after close().
    void pause(std::chrono::milliseconds length);
    void set_failing(bool failing, std::string why = {});

private:
    result<void> check_new_work(std::size_t bytes) const;

    limits const most_;
    mutable std::mutex mutex_;
    std::condition_variable work_;
    std::condition_variable idle_;
    std::deque<item> waiting_;
    std::size_t rows_ = 0;
    std::size_t bytes_ = 0;
    std::size_t open_ = 0;       ///< taken reserves without a closing event
    std::size_t open_bytes_ = 0; ///< what these will need, about
    std::uint64_t taken_ = 0;
    std::uint64_t done_ = 0;
    std::size_t urgent_ = 0; ///< waiting events with an acknowledgement
    bool closed_ = false;
    bool failing_ = false;
    std::string why_;
};

} // namespace cogate::ledger
