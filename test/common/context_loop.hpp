#pragma once

#include "transports/runtime/timers.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <optional>
#include <utility>

namespace cogate::test {

/// An io_context whose time is virtual. Loopback sockets deliver at once, so when polling finds nothing more
/// to do, nothing will happen but by time.
class virtual_loop {
public:
    virtual_loop() { clock().use_virtual_time(); }

    boost::asio::io_context& context() noexcept { return context_; }
    transports::timers& clock() { return transports::timers::of(context_); }

    /// Runs all that is ready; moves no time.
    void settle()
    {
        context_.restart();
        while (context_.poll() != 0) {
            context_.restart();
        }
    }

    /// Runs a coroutine to its end; time jumps to the next deadline whenever nothing else can happen.
    template <class T>
    T run(boost::asio::awaitable<T> what)
    {
        std::optional<T> value;
        std::exception_ptr thrown;
        boost::asio::co_spawn(context_, std::move(what), [&](std::exception_ptr error, T result) {
            thrown = error;
            value.emplace(std::move(result));
        });
        do {
            settle();
        } while (!value && clock().advance_to_next());
        if (thrown) {
            std::rethrow_exception(thrown);
        }
        return std::move(value.value());
    }

private:
    boost::asio::io_context context_{1};
};

} // namespace cogate::test
