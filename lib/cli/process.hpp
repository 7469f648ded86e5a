#pragma once

#include <atomic>
#include <functional>
#include <thread>

#include <signal.h>

namespace cogate::cli {

/// What a server asks of its process: many descriptors, writes to closed sockets that fail instead of ending
/// it, and memory that goes back to the system after a burst. To be called before the first thread starts.
void prepare_process(unsigned workers) noexcept;

/// While it lives, SIGTERM and SIGINT have no effect on the calling thread and all that it starts; they wait
/// for a `signal_watch`.
class signal_block {
public:
    signal_block();
    ~signal_block();
    signal_block(signal_block const&) = delete;
    signal_block& operator=(signal_block const&) = delete;

private:
    sigset_t before_{};
};

/// Calls `on_signal` on a thread of its own for every SIGTERM and SIGINT that a `signal_block` holds back,
/// also for one that came earlier. After its destructor no call runs. `on_signal` must not throw.
class signal_watch {
public:
    explicit signal_watch(std::function<void()> on_signal);
    ~signal_watch();
    signal_watch(signal_watch const&) = delete;
    signal_watch& operator=(signal_watch const&) = delete;

private:
    std::atomic<bool> stopping_{false};
    std::thread thread_;
};

} // namespace cogate::cli
