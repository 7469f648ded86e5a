#include "lib/server/relay.hpp"

#include "lib/engine/relay_call.hpp"
#include "lib/server/reply.hpp"
#include "lib/wire/chunk_writer.hpp"

#include <boost/asio/this_coro.hpp>

#include <array>
#include <utility>

namespace asio = boost::asio;

namespace cogate::server {
namespace {

void cancel_call(void* call) noexcept
{
    static_cast<engine::relay_call*>(call)->cancel();
}

/// While it lives, a client that goes away cancels the call.
class disconnect_guard {
public:
    disconnect_guard(transports::inbound_request& request, engine::relay_call& call) : request_(request)
    {
        request_.on_disconnect(cancel_call, &call);
    }
    ~disconnect_guard() { request_.on_disconnect(nullptr, nullptr); }
    disconnect_guard(disconnect_guard const&) = delete;
    disconnect_guard& operator=(disconnect_guard const&) = delete;

private:
    transports::inbound_request& request_;
};

/// Writes a relayed stream: the head goes out with the first events.
class stream_writer {
public:
    stream_writer(transports::inbound_request& request, engine::relay_call const& call, std::string_view type)
        : request_(request), framing_(stream_framing(request))
    {
        write_head(prefix_, request, 200, type, framing_, 0, &call.record());
    }

    asio::awaitable<bool> write(std::string_view events)
    {
        std::array<std::string_view, 3> pieces{};
        if (framing_ == body_framing::chunked) {
            wire::append_chunk_header(prefix_, events.size());
            pieces = {prefix_, events, wire::chunk_end};
        } else {
            pieces = {prefix_, events, std::string_view{}};
        }
        bool const there = co_await request_.write(pieces);
        prefix_.clear();
        co_return there;
    }

    asio::awaitable<void> end()
    {
        if (framing_ == body_framing::chunked) {
            prefix_ += wire::last_chunk;
        }
        std::array<std::string_view, 1> const pieces{prefix_};
        co_await request_.write(pieces);
    }

private:
    transports::inbound_request& request_;
    body_framing framing_;
    std::string prefix_;
};

// The stream has begun: an error event, and no end mark, so that nobody takes it for a whole answer.
std::string stream_error(providers::server_dialect const& dialect, failure const& why)
{
    chat_request const nothing;
    std::string out;
    dialect.write_chat_stream({nothing, {}, {}})->fail(why, out);
    return out;
}

asio::awaitable<void> relay_stream(routed at, engine::relay_call& call, relay_endpoint const& way)
{
    stream_writer out{at.request, call, way.dialect.stream_content_type(way.target)};
    for (;;) {
        result<std::string_view> const events = co_await call.next();
        if (!events) {
            at.request.close_after();
            if (events.error()->kind != error_kind::cancelled) {
                std::string const last = stream_error(way.dialect, events.error());
                co_await out.write(last);
            }
            co_return;
        }
        if (events->empty()) {
            co_await out.end();
            co_return;
        }
        bool const there = co_await out.write(*events);
        if (!there) {
            co_return;
        }
    }
}

} // namespace

asio::awaitable<void> serve_relay(routed at, relay_endpoint way)
{
    asio::any_io_executor const executor = co_await asio::this_coro::executor;
    result<std::string_view> const body = co_await at.request.read_body();
    if (!body) {
        at.request.close_after();
        failure why = body.error();
        asio::awaitable<void> refusal = reply_error(way.dialect, at.request, std::move(why));
        co_await std::move(refusal);
        co_return;
    }
    engine::inbound_chat const inbound{
        .dialect = way.dialect, .target = way.target, .body = *body, .headers = at.request.headers()};
    result<std::unique_ptr<engine::relay_task>> const task = way.read(inbound);
    if (!task) {
        failure why = task.error();
        asio::awaitable<void> refusal = reply_error(way.dialect, at.request, std::move(why));
        co_await std::move(refusal);
        co_return;
    }
    call_options const options;
    engine::relay_call call{at.server.kernel(), executor, way.operation, **task, options};
    disconnect_guard const guard{at.request, call};
    result<void> started = co_await call.start();
    if (started && (*task)->facts().stream) {
        asio::awaitable<void> relay = relay_stream(at, call, way);
        co_await std::move(relay);
        co_return;
    }
    result<std::string_view> answer = std::string_view{};
    if (started) {
        answer = co_await call.whole();
    } else {
        answer = started.error();
    }
    if (!answer) {
        failure why = answer.error();
        asio::awaitable<void> refusal = reply_error(way.dialect, at.request, std::move(why), &call.record());
        co_await std::move(refusal);
        co_return;
    }
    asio::awaitable<void> sent = reply(at.request, 200, json_type, *answer, &call.record());
    co_await std::move(sent);
}

} // namespace cogate::server
