#pragma once

#include <boost/asio/execution/context.hpp>
#include <boost/asio/query.hpp>

namespace cogate::transports {

template <class Executor>
timers& timers_of(Executor const& executor)
{
    boost::asio::execution_context& context = boost::asio::query(executor, boost::asio::execution::context);
    return timers::of(context);
}

} // namespace cogate::transports
