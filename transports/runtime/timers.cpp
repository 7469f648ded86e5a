#include "transports/runtime/timers.hpp"

#include "transports/runtime/service_of.hpp"
#include "transports/runtime/timers_state.hpp"
#include "transports/runtime/waiter.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/error.hpp>

#include <tuple>

namespace cogate::transports {

namespace asio = boost::asio;

watchdog::watchdog(timers& owner, callback on_expire, void* context, kind what)
    : owner_(owner), on_expire_(on_expire), context_(context), kind_(what)
{
    owner_.state_->enlist();
}

watchdog::~watchdog()
{
    owner_.state_->delist(*this);
}

void watchdog::arm(steady_time deadline) noexcept
{
    owner_.state_->arm(*this, deadline);
}

void watchdog::disarm() noexcept
{
    owner_.state_->disarm(*this);
}

asio::execution_context::id timers::id;

timers::timers(asio::execution_context& context)
    : asio::execution_context::service(context),
      state_(std::make_unique<state>(static_cast<asio::io_context&>(context)))
{}

timers::~timers()
{
    ++contexts_ended();
}

timers& timers::of(asio::execution_context& context)
{
    return service_of<timers>(context);
}

steady_time timers::now() const noexcept
{
    return state_->now();
}

asio::awaitable<boost::system::error_code> timers::sleep_until(steady_time when)
{
    waiter sleeper(*this);
    std::tuple<boost::system::error_code> outcome =
        co_await sleeper.wait_until(when, asio::as_tuple(asio::deferred));
    boost::system::error_code why = std::get<0>(outcome);
    if (why == asio::error::timed_out) {
        why.clear();
    }
    co_return why;
}

void timers::use_virtual_time() noexcept
{
    state_->use_virtual_time();
}

bool timers::advance_to_next()
{
    return state_->advance_to_next();
}

void timers::advance_by(std::chrono::nanoseconds step)
{
    state_->advance_by(step);
}

void timers::shutdown()
{
    // A wait's handler owns the coroutine whose frame holds the waiter: let go of each from outside.
    while (waiter* first = state_->waiters()) {
        first->unlink();
        const waiter::handler dropped(std::move(*first->handler_));
        first->handler_.reset();
    }
    state_->shutdown();
}

} // namespace cogate::transports
