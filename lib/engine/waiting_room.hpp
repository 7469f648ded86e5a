#pragma once

#include "lib/policy/fair_queue.hpp"
#include "lib/policy/group.hpp"

#include <atomic>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>

namespace cogate::engine {

/// Calls that wait because every deployment of their group is at its limit. Thread safety: any thread.
class waiting_room : public std::enable_shared_from_this<waiting_room> {
public:
    /// What a waiting call hears; called on any thread, must only pass it on.
    enum class word { room, shed };
    using listener = std::function<void(word)>;

    /// A call's place in the queue; gives it up when it is destroyed. Who leaves after having been called calls the next
    /// one: it may have found no use for the room, or there may be more of it.
    class place {
    public:
        ~place();
        place(place const&) = delete;
        place& operator=(place const&) = delete;
        /// It was called and found no room: it waits on where it was.
        void stay() noexcept;
        policy::group const& at() const noexcept { return group_; }

    private:
        friend class waiting_room;
        place(std::shared_ptr<waiting_room> owner, policy::group const& at, policy::fair_queue::ticket mine)
            : owner_(std::move(owner)), group_(at), mine_(mine)
        {}
        std::shared_ptr<waiting_room> owner_;
        policy::group const& group_;
        policy::fair_queue::ticket mine_;
    };

    /// nullptr: the queue is full. The group must outlive the place.
    std::unique_ptr<place> enter(policy::group const& at, call_priority priority, std::size_t capacity,
                                 listener hears);

    /// A lane has room again: one call of each group that waits for it is called.
    void freed(policy::lane const& lane);

private:
    struct line {
        policy::fair_queue queue;
        std::map<policy::fair_queue::ticket, listener> listeners;
        bool missed = false; ///< there was room while all had been called and none had looked yet
        listener call_next();
    };
    void leave(policy::group const& from, policy::fair_queue::ticket who) noexcept;
    void stay(policy::group const& at, policy::fair_queue::ticket who) noexcept;
    static void tell(listener const& next) noexcept;

    std::mutex mutex_;
    std::map<policy::group const*, line> lines_;
    std::atomic<std::size_t> waiting_{0};
};

} // namespace cogate::engine
