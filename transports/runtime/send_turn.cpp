#include "transports/runtime/send_turn.hpp"

#include <boost/asio/post.hpp>

#include <exception>

namespace cogate::transports {

namespace asio = boost::asio;

asio::execution_context::id send_turn::id;

send_turn::send_turn(asio::execution_context& context)
    : service(context), context_(static_cast<asio::io_context&>(context))
{}

send_turn& send_turn::of(asio::execution_context& context)
{
    return asio::use_service<send_turn>(context);
}

bool send_turn::waits() noexcept
{
    if (at_once_ != 0) {
        --at_once_;
        return false;
    }
    return true;
}

void send_turn::add(handler completion)
{
    if (waiting_.empty()) {
        schedule(); // first, for it may throw: what waits with no turn to come would wait for ever
    }
    waiting_.push_back(std::move(completion));
}

void send_turn::schedule()
{
    asio::post(context_.get_executor(), [this] { go(); });
}

void send_turn::go()
{
    if (going_.empty()) {
        going_.swap(waiting_); // those that come from now on belong to the next turn
        at_once_ = going_.size() == 1 ? sends_at_once : 0;
    }
    std::exception_ptr escaped;
    while (next_ != going_.size()) {
        // By moving only: assignment recurses without end in Boost 1.81.
        handler now(std::move(going_[next_++]));
        try {
            std::move(now)();
        } catch (...) {
            escaped = std::current_exception(); // this one ran out of memory; the others go on
        }
    }
    going_.clear();
    next_ = 0;
    if (escaped) {
        std::rethrow_exception(escaped);
    }
}

void send_turn::shutdown()
{
    // A handler owns its coroutine, and what that destroys may come here again.
    std::vector<handler> const dropped(std::move(waiting_));
    std::vector<handler> const also_dropped(std::move(going_));
}

} // namespace cogate::transports
