#include "lib/server/desk.hpp"

#include <chrono>
#include <utility>

namespace cogate::server {

namespace {

constexpr std::chrono::seconds tidy_interval{1};

} // namespace

desk::desk(std::size_t most_waiting, std::function<void()> now_and_then)
    : most_waiting_(most_waiting), now_and_then_(std::move(now_and_then)), thread_([this] { run(); })
{}

bool desk::add(std::function<void()> work)
{
    {
        std::lock_guard const lock(mutex_);
        if (closing_ || waiting_.size() >= most_waiting_) {
            return false;
        }
        waiting_.push_back(std::move(work));
    }
    more_.notify_one();
    return true;
}

void desk::close()
{
    {
        std::lock_guard const lock(mutex_);
        closing_ = true;
    }
    more_.notify_one();
    if (thread_.joinable()) {
        thread_.join();
    }
}

// What was taken is done, also while closing.
void desk::run()
{
    auto const has_news = [this] { return closing_ || !waiting_.empty(); };
    std::unique_lock lock(mutex_);
    for (;;) {
        if (!now_and_then_) {
            more_.wait(lock, has_news);
        } else if (!more_.wait_for(lock, tidy_interval, has_news)) {
            lock.unlock();
            now_and_then_();
            lock.lock();
            continue;
        }
        if (waiting_.empty()) {
            return;
        }
        std::function<void()> work = std::move(waiting_.front());
        waiting_.pop_front();
        lock.unlock();
        work();
        work = nullptr; // what it holds is freed without the lock
        lock.lock();
    }
}

} // namespace cogate::server
