#pragma once

#include "lib/engine/relay_call.hpp"
#include "transports/runtime/timers.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <string_view>

namespace cogate::engine {

/// A relay_call whose stream another deployment goes on with when it falls silent (`continuation`): the request is sent
/// again with what was said as the beginning of the answer, and with what is left of its limit of tokens. Only for
/// OpenAI's chat dialect. The stream says so in a comment, which clients skip: ": cogate-continued deployment=ID". Where
/// no token is left, the answer ends with finish_reason "length" and no second call is made.
///
/// Use and thread safety as relay_call. Without the wish it is one.
class continued_relay {
public:
    /// All that is given must outlive it; `task` was read from `inbound`.
    continued_relay(kernel& owner, boost::asio::any_io_executor executor, std::string_view operation,
                    inbound_chat const& inbound, relay_task& task, std::string_view model,
                    call_options const& options);
    ~continued_relay();

    boost::asio::awaitable<result<void>> start() { return first_.start(); }
    std::string_view whole() noexcept { return first_.whole(); }
    boost::asio::awaitable<result<std::string_view>> next();
    void cancel() noexcept;

    /// Of the call that began the answer.
    call const& record() const noexcept { return first_.record(); }

private:
    /// What is kept only where an answer may be gone on with.
    struct rest;

    void listen();
    bool may_continue(failure const& why) const;
    boost::asio::awaitable<bool> go_on();
    /// Events of an answer that ends for want of tokens.
    void end_at_length();
    transports::steady_time now() const { return transports::timers_of(executor_).now(); }

    kernel& kernel_;
    boost::asio::any_io_executor executor_;
    std::string_view operation_;
    inbound_chat const& inbound_;
    relay_task& task_;
    std::string_view model_;
    relay_call first_;
    std::unique_ptr<rest> rest_;
    bool listens_ = false;
    bool cancelled_ = false;
};

} // namespace cogate::engine
