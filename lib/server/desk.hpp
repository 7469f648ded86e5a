#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace cogate::server {

/// One thread that may wait for the disk, and the work in front of it, done in its order.
///
/// Thread safety: add() from any thread, close() from one.
class desk {
public:
    /// Takes work while less than `most_waiting` pieces wait. `now_and_then`, if there is one, is done about once a second.
    explicit desk(std::size_t most_waiting, std::function<void()> now_and_then = {});
    ~desk() { close(); }
    desk(desk const&) = delete;
    desk& operator=(desk const&) = delete;

    /// False when too much is waiting, or after close().
    bool add(std::function<void()> work);

    /// Does what was taken, and takes no more. Waits for it.
    void close();

private:
    void run();

    std::size_t most_waiting_;
    std::mutex mutex_;
    std::condition_variable more_;
    std::deque<std::function<void()>> waiting_;
    bool closing_ = false;
    std::function<void()> now_and_then_;
    std::thread thread_; ///< last: it uses the others
};

} // namespace cogate::server
