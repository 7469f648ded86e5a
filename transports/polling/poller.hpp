#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <set>
#include <utility>
#include <vector>

struct epoll_event;

namespace cogate::transports {

/// Something a `poller` watches: it hears when its descriptor is ready.
class poll_source {
public:
    virtual ~poll_source() = default;
    /// `events` are EPOLL bits. May watch, forget and retire sources, itself included.
    virtual void on_ready(std::uint32_t events) = 0;
};

class poller;

/// A moment somebody waits for. Not movable; disarms itself when destroyed.
class poll_timer {
public:
    using clock = std::chrono::steady_clock;
    using callback = void (*)(void* context);

    poll_timer(poller& owner, callback on_due, void* context) noexcept
        : owner_(owner), on_due_(on_due), context_(context)
    {}
    ~poll_timer() { disarm(); }
    poll_timer(const poll_timer&) = delete;
    poll_timer& operator=(const poll_timer&) = delete;

    /// Calls back once at `due` or a little later; replaces an earlier arming.
    void arm(clock::time_point due);
    void disarm() noexcept;
    bool armed() const noexcept { return armed_; }

private:
    friend class poller;
    poller& owner_;
    callback on_due_;
    void* context_;
    clock::time_point due_{};
    bool armed_ = false;
};

/// The event loop of the measuring tools (mock upstream, load generator): bare level-triggered epoll with timers
/// of nanosecond resolution. They share two cores with what they measure, so a request must cost them no more
/// than its system calls; the gateway's own sockets do not use it.
///
/// Thread safety: one thread runs it; `stop` may be called from any thread and from a signal handler.
class poller {
public:
    /// Throws std::system_error when the system has no descriptors left.
    poller();
    ~poller();
    poller(const poller&) = delete;
    poller& operator=(const poller&) = delete;

    /// Watches `descriptor`; the source must outlive the watch. EPOLLERR and EPOLLHUP are always told.
    void watch(int descriptor, poll_source& source, std::uint32_t events);
    void change(int descriptor, poll_source& source, std::uint32_t events);
    /// Ends the watch; the source hears nothing more, not even of events that were already fetched.
    void forget(int descriptor, poll_source& source) noexcept;

    /// Destroys `source` when no callback of it can be running any more.
    void retire(std::unique_ptr<poll_source> source);

    /// Runs callbacks until `stop`.
    void run();
    void stop() noexcept;

private:
    friend class poll_timer;
    using deadline = std::pair<poll_timer::clock::time_point, poll_timer*>;

    void run_due_timers();
    int wait(epoll_event* events, int capacity);

    int epoll_ = -1;
    int wake_ = -1;
    std::atomic<bool> stopped_{false};
    std::set<deadline> timers_;
    std::vector<std::unique_ptr<poll_source>> retired_;
    epoll_event* batch_ = nullptr;
    int batch_size_ = 0;
};

} // namespace cogate::transports
