#pragma once

#include "lib/engine/relay_call.hpp"
#include "transports/runtime/timers.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <string_view>

namespace cogate::engine {

/// A relay_call whose stream another deployment goes on with when it falls silent (`continue_after_stall`): the request
/// is sent again with what was said as the beginning of the answer. Only for OpenAI's chat dialect, one choice, plain
/// text, and deployments of the same group whose model takes an assistant's prefill (`supports_assistant_prefill`). The
/// stream says so in a comment, which clients skip: ": cogate-continued deployment=ID". The second call is paid,
/// recorded and routed as one of its own under the same call id; it draws on the group's retry budget.
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
    /// The deployment that may go on; nullptr: none.
    served_deployment const* successor() const;
    boost::asio::awaitable<bool> go_on();
    call_options options_of_the_rest() const;
    transports::steady_time now() const { return transports::timers_of(executor_).now(); }

    kernel& kernel_;
    boost::asio::any_io_executor executor_;
    std::string_view operation_;
    inbound_chat const& inbound_;
    relay_task& task_;
    std::string_view model_;
    call_options const& options_;
    transports::steady_time deadline_ = transports::steady_time::max();
    relay_call first_;
    std::unique_ptr<rest> rest_;
    bool listens_ = false;
    bool cancelled_ = false;
};

} // namespace cogate::engine
