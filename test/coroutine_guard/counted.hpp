#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <set>
#include <utility>

namespace guard {

/// A value that knows every living object of its kind, so that a second destruction or a forgotten one shows.
/// Not thread-safe: the guard runs on one thread.
class counted {
public:
    struct counters {
        int copies = 0;
        int moves = 0;
        int wrong_destructions = 0;
        std::set<counted const*> living;
    };

    explicit counted(int value) : value_(value) { state().living.insert(this); }
    counted(counted const& other) : value_(other.value_)
    {
        ++state().copies;
        state().living.insert(this);
    }
    counted(counted&& other) noexcept : value_(std::exchange(other.value_, -1))
    {
        ++state().moves;
        state().living.insert(this);
    }
    counted& operator=(counted const&) = delete;
    counted& operator=(counted&&) = delete;
    ~counted()
    {
        if (state().living.erase(this) != 1) {
            ++state().wrong_destructions;
        }
    }

    int value() const noexcept { return value_; }

    static counters& state()
    {
        static counters all;
        return all;
    }

private:
    int value_;
};

/// Boost.Test fixture: starts from nothing; what a case leaves behind is checked with `balanced`.
struct fresh {
    fresh() { counted::state() = {}; }

    /// Every object was destroyed once, and none was copied on the way.
    static bool balanced()
    {
        counted::counters const& all = counted::state();
        return all.living.empty() && all.wrong_destructions == 0 && all.copies == 0;
    }
};

inline void rethrow(std::exception_ptr fault)
{
    if (fault) {
        std::rethrow_exception(fault);
    }
}

/// Runs a coroutine to its end on a context of its own; its exception leaves here.
inline void run(boost::asio::awaitable<void> coroutine)
{
    boost::asio::io_context context(1);
    boost::asio::co_spawn(context, std::move(coroutine), rethrow);
    context.run();
}

} // namespace guard
