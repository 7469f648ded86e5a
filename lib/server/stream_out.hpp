#pragma once

#include "lib/engine/call.hpp"
#include "lib/server/reply.hpp"
#include "transports/listener/listener.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>
#include <string_view>

namespace cogate::server {

/// While it lives, a client that goes away cancels the call (anything with a `cancel() noexcept`).
template <class Call>
class disconnect_guard {
public:
    disconnect_guard(transports::inbound_request& request, Call& call) : request_(request)
    {
        request_.on_disconnect([](void* gone) noexcept { static_cast<Call*>(gone)->cancel(); }, &call);
    }
    ~disconnect_guard() { request_.on_disconnect(nullptr, nullptr); }
    disconnect_guard(disconnect_guard const&) = delete;
    disconnect_guard& operator=(disconnect_guard const&) = delete;

private:
    transports::inbound_request& request_;
};

/// Writes an answer whose length is not known: the head goes out with the first bytes.
class stream_writer {
public:
    stream_writer(transports::inbound_request& request, int status, std::string_view type,
                  engine::call const& call);

    /// False: the client is gone.
    boost::asio::awaitable<bool> write(std::string_view bytes);
    /// The last bytes, once the call's rows are committed.
    boost::asio::awaitable<void> end();

private:
    transports::inbound_request& request_;
    body_framing framing_;
    account* paid_;
    std::string prefix_;
};

/// Hears a body that is passed on as it comes.
class body_listener {
public:
    virtual void hear(std::string_view bytes) = 0;
    /// It is over: what it used, or why it was no good answer.
    virtual result<usage> over() = 0;

protected:
    ~body_listener() = default;
};

/// Passes the answer of a started call on as it comes, with its status and content type. A body that breaks off breaks
/// the client's off, too.
boost::asio::awaitable<void> stream_body(transports::inbound_request& request, engine::call& call,
                                         body_listener* listener = nullptr);

} // namespace cogate::server
