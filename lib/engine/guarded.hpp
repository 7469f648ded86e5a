#pragma once
/// The three forms of the gateway's calls over one coroutine of the engine.

#include <cogate/result.hpp>

#include "lib/engine/cancelled.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <memory>
#include <utility>

namespace cogate::engine {

namespace asio = boost::asio;

// Turns asio's exception for a cancelled coroutine into the failure it is.
template <class T>
asio::awaitable<result<T>> guarded(asio::awaitable<result<T>> work)
{
    try {
        co_return co_await std::move(work);
    } catch (boost::system::system_error const& thrown) {
        if (thrown.code() != asio::error::operation_aborted) {
            throw;
        }
    }
    co_return caller_cancelled();
}

template <class T>
asio::awaitable<T> throwing(asio::awaitable<result<T>> work)
{
    result<T> done = co_await std::move(work);
    co_return std::move(done).value();
}

template <class Request>
std::shared_ptr<Request const> shared(Request const& request)
{
    return std::make_shared<Request const>(request);
}

} // namespace cogate::engine
