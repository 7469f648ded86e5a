#pragma once

#include "lib/engine/call.hpp"
#include "lib/engine/relay_task.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <string_view>

namespace cogate::engine {

/// A call whose request came as a client's bytes and whose answer goes back as such, on either lane.
///
/// Use: `start`, then `whole` for a plain answer, or `next` until empty for a stream. The record of the call is
/// closed by then, or by destruction (cancelled).
/// Thread safety: none, as `call`. All views are valid until the next member is called.
class relay_call {
public:
    /// `task` must outlive it. `model` is where the call goes: the task's own, or what that stands for; `fixed` the only
    /// deployment that it may go to.
    relay_call(kernel& owner, boost::asio::any_io_executor executor, std::string_view operation,
               relay_task& task, std::string_view model, call_options const& options,
               served_deployment const* fixed = nullptr);

    /// Runs attempts until one has a whole answer, or a stream's first content: until then another deployment may
    /// serve it, and an error is still an HTTP error.
    boost::asio::awaitable<result<void>> start();

    /// The whole answer's body.
    std::string_view whole() noexcept;

    /// The next whole events to pass on; empty at the good end. A failure ends it.
    boost::asio::awaitable<result<std::string_view>> next();

    void cancel() noexcept { call_.cancel(); }

    call const& record() const noexcept { return call_; }

private:
    call call_;
    relay_task& task_;
};

} // namespace cogate::engine
