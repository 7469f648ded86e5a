#include "lib/server/relay.hpp"

#include "lib/engine/relay_call.hpp"
#include "lib/server/call_wishes.hpp"
#include "lib/server/reply.hpp"
#include "lib/server/request_fields.hpp"
#include "lib/server/stream_out.hpp"

#include <boost/asio/this_coro.hpp>

#include <optional>
#include <string>
#include <utility>

namespace asio = boost::asio;

namespace cogate::server {
namespace {

// The stream has begun: an error event, and no end mark, so that nobody takes it for a whole answer.
std::string stream_error(relay_endpoint const& way, failure const& why)
{
    chat_request const nothing;
    providers::reply_context const context{
        .request = nothing, .model = {}, .fallback_id = {}, .target = way.target};
    std::string out;
    way.dialect.write_chat_stream(context)->fail(why, out);
    return out;
}

asio::awaitable<void> relay_stream(routed at, engine::relay_call& call, relay_endpoint const& way)
{
    stream_writer out{at.request, 200, way.dialect.stream_content_type(way.target), call.record()};
    for (;;) {
        result<std::string_view> const events = co_await call.next();
        if (!events) {
            at.request.close_after();
            if (events.error()->kind != error_kind::cancelled) {
                std::string const last = stream_error(way, events.error());
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
    result<call_options> wishes = read_wishes(at.request);
    result<std::optional<std::string>> rest = std::optional<std::string>{};
    if (wishes && way.dialect.name() == "openai_chat") {
        rest = take_request_fields(*body, *wishes);
    }
    if (!wishes || !rest) {
        failure why = wishes ? rest.error() : wishes.error();
        asio::awaitable<void> refusal = reply_error(way.dialect, at.request, std::move(why));
        co_await std::move(refusal);
        co_return;
    }
    engine::inbound_chat const inbound{.dialect = way.dialect,
                                       .target = way.target,
                                       .body = *rest ? std::string_view(**rest) : *body,
                                       .headers = at.request.headers()};
    result<std::unique_ptr<engine::relay_task>> const task = way.read(inbound);
    if (!task) {
        failure why = task.error();
        asio::awaitable<void> refusal = reply_error(way.dialect, at.request, std::move(why));
        co_await std::move(refusal);
        co_return;
    }
    engine::relay_call call{at.server.kernel(), executor, way.operation, **task, *wishes};
    disconnect_guard const guard{at.request, call};
    result<void> started = co_await call.start();
    if (started && (*task)->facts().stream) {
        asio::awaitable<void> relay = relay_stream(at, call, way);
        co_await std::move(relay);
        co_return;
    }
    if (!started) {
        failure why = started.error();
        asio::awaitable<void> refusal = reply_error(way.dialect, at.request, std::move(why), &call.record());
        co_await std::move(refusal);
        co_return;
    }
    asio::awaitable<void> sent = reply(at.request, 200, json_type, call.whole(), &call.record());
    co_await std::move(sent);
}

} // namespace cogate::server
