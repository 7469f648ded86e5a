#pragma once

#include <atomic>
#include <cstddef>

namespace cogate::transports {

/// Bytes that many holders may have together. Thread-safe.
class byte_budget {
public:
    explicit byte_budget(std::size_t cap) noexcept : cap_(cap) {}
    byte_budget(byte_budget const&) = delete;
    byte_budget& operator=(byte_budget const&) = delete;

    /// False when that many more would exceed the cap; then nothing was taken.
    bool take(std::size_t bytes) noexcept
    {
        std::size_t used = used_.load(std::memory_order_relaxed);
        do {
            if (used > cap_ || bytes > cap_ - used) {
                return false;
            }
        } while (!used_.compare_exchange_weak(used, used + bytes, std::memory_order_relaxed));
        return true;
    }
    void give(std::size_t bytes) noexcept { used_.fetch_sub(bytes, std::memory_order_relaxed); }

    std::size_t used() const noexcept { return used_.load(std::memory_order_relaxed); }

private:
    std::size_t const cap_;
    std::atomic<std::size_t> used_{0};
};

/// What one holder has of a budget; gives it back on destruction. The budget must outlive it. Not thread-safe.
class budget_share {
public:
    explicit budget_share(byte_budget& from) noexcept : from_(from) {}
    ~budget_share() { from_.give(held_); }
    budget_share(budget_share const&) = delete;
    budget_share& operator=(budget_share const&) = delete;

    /// Holds at least that many bytes. False when the budget has not got them; then nothing changes.
    bool hold(std::size_t bytes) noexcept
    {
        if (bytes > held_) {
            if (!from_.take(bytes - held_)) {
                return false;
            }
            held_ = bytes;
        }
        return true;
    }

    void release() noexcept
    {
        if (held_ > 0) {
            from_.give(held_);
            held_ = 0;
        }
    }

    std::size_t held() const noexcept { return held_; }

private:
    byte_budget& from_;
    std::size_t held_ = 0;
};

} // namespace cogate::transports
