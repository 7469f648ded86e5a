#include "transports/runtime/waiter.hpp"

#include "transports/runtime/timers_state.hpp"

#include <boost/asio/append.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

namespace cogate::transports {

namespace asio = boost::asio;

waiter::waiter(timers& owner) : owner_(owner), watchdog_(owner, &waiter::expired, this) {}

waiter::~waiter()
{
    if (handler_) {
        unlink();
    }
}

void waiter::start(handler completion, steady_time when)
{
    asio::cancellation_slot slot = asio::get_associated_cancellation_slot(completion);
    handler_.emplace(std::move(completion));
    waiter*& head = owner_.state_->waiters();
    next_ = head;
    if (head != nullptr) {
        head->previous_ = this;
    }
    head = this;
    if (slot.is_connected()) {
        slot.assign([this](asio::cancellation_type type) {
            if ((type & asio::cancellation_type::terminal) != asio::cancellation_type::none) {
                finish(asio::error::operation_aborted);
            }
        });
    }
    watchdog_.arm(when);
}

void waiter::finish(boost::system::error_code why)
{
    if (!handler_) {
        return;
    }
    watchdog_.disarm();
    unlink();
    handler completion(std::move(*handler_));
    handler_.reset();
    // Also from inside its own emission: a second one must not find a waiter that is gone.
    asio::cancellation_slot slot = asio::get_associated_cancellation_slot(completion);
    if (slot.is_connected()) {
        slot.clear();
    }
    asio::post(owner_.state_->context(), asio::append(std::move(completion), why));
}

void waiter::unlink() noexcept
{
    (previous_ != nullptr ? previous_->next_ : owner_.state_->waiters()) = next_;
    if (next_ != nullptr) {
        next_->previous_ = previous_;
    }
    previous_ = nullptr;
    next_ = nullptr;
}

void waiter::expired(void* self) noexcept
{
    static_cast<waiter*>(self)->finish(asio::error::timed_out);
}

} // namespace cogate::transports
