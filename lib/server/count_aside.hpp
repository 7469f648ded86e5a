#pragma once

#include <cogate/result.hpp>

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <functional>

namespace cogate::server {

/// Runs `work` on a thread of its own, so that counting the tokens of a large text stops no other request, and gives
/// what it returned. `work` must own what it looks at. Failures: service_unavailable/"busy" when too many are at it,
/// internal_server when it threw. When the awaiting coroutine is destroyed, its destructor waits for the thread.
boost::asio::awaitable<result<std::size_t>> count_aside(std::function<std::size_t()> work);

/// The same, but at once where `bytes` of text are too few to hold anybody up.
boost::asio::awaitable<result<std::size_t>> count_text(std::function<std::size_t()> work, std::size_t bytes);

} // namespace cogate::server
