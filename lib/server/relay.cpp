#include "lib/server/relay.hpp"

#include "lib/engine/continued_relay.hpp"
#include "lib/server/admission.hpp"
#include "lib/server/call_wishes.hpp"
#include "lib/server/reply.hpp"
#include "lib/server/request_fields.hpp"
#include "lib/server/request_members.hpp"
#include "lib/server/stream_out.hpp"
#include "lib/server/usage_wish.hpp"

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <memory>
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

asio::awaitable<void> relay_stream(routed at, engine::continued_relay& call, relay_endpoint const& way)
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

bool may_have_own_fields(engine::relay_task const& task) noexcept
{
    return std::any_of(request_field_names.begin(), request_field_names.end(),
                       [&](std::string_view name) { return task.may_have(name); });
}

/// The request, once what the body says to the gateway itself has been taken out of it: `inbound.body` is `rest` then.
/// The scan that the lane needs anyway tells whether there is anything to take.
result<std::unique_ptr<engine::relay_task>> read_without_own_fields(relay_endpoint const& way,
                                                                    engine::inbound_chat& inbound,
                                                                    std::string& rest, call_options& wishes)
{
    result<std::unique_ptr<engine::relay_task>> task = way.read(inbound);
    if (inbound.dialect.name() != "openai_chat" || (task && !may_have_own_fields(**task))) {
        return task;
    }
    result<std::optional<std::string>> taken = take_request_fields(inbound.body, wishes);
    if (!taken) {
        return taken.error();
    }
    if (!*taken) {
        return task;
    }
    rest = std::move(**taken);
    inbound.body = rest;
    return way.read(inbound);
}

/// The same, and how the answer is to say what it cost.
result<std::unique_ptr<engine::relay_task>> read_task(routed const& at, relay_endpoint const& way,
                                                      engine::inbound_chat& inbound, std::string& rest,
                                                      call_options& wishes)
{
    bool const has_usage =
        inbound.dialect.name() == "openai_chat" || inbound.dialect.name() == "openai_completions";
    if (has_usage && at.server.cost_in_streams()) {
        inbound.cost = engine::cost_wish::in_streams;
    }
    result<std::unique_ptr<engine::relay_task>> task = read_without_own_fields(way, inbound, rest, wishes);
    if (!task || !has_usage || !(*task)->may_have("usage")) {
        return task;
    }
    result<usage_wish> wish = take_usage_wish(inbound.body);
    if (!wish) {
        return wish.error();
    }
    if (!wish->rest) {
        return task;
    }
    if (wish->include) {
        inbound.cost = engine::cost_wish::asked;
    }
    rest = std::move(*wish->rest);
    inbound.body = rest;
    return way.read(inbound);
}

asked_call asked_of(routed const& at, relay_endpoint const& way, engine::relay_task const& task)
{
    asked_call out{.call_type = way.operation, .model = task.facts().model};
    if (at.server.accounts() != nullptr) {
        engine::request_terms const& terms = task.terms();
        out.end_user = terms.end_user;
        out.prompt_bytes = static_cast<std::int64_t>(task.facts_for_routing().bytes);
        out.max_output_tokens = terms.max_output_tokens.value_or(0);
    }
    return out;
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
    std::string rest;
    engine::inbound_chat inbound{
        .dialect = way.dialect, .target = way.target, .body = *body, .headers = at.request.headers()};
    result<std::unique_ptr<engine::relay_task>> task = std::unique_ptr<engine::relay_task>{};
    if (wishes) {
        task = read_task(at, way, inbound, rest, *wishes);
    } else {
        task = wishes.error();
    }
    if (!task) {
        failure why = task.error();
        asio::awaitable<void> refusal = reply_error(way.dialect, at.request, std::move(why));
        co_await std::move(refusal);
        co_return;
    }
    result<std::string_view> const model = admit(at, executor, asked_of(at, way, **task), *wishes);
    if (!model) {
        failure why = model.error();
        asio::awaitable<void> refusal = reply_error(way.dialect, at.request, std::move(why));
        co_await std::move(refusal);
        co_return;
    }
    // counting tokens is free of charge; its place among the calls at once lives as long as the call
    std::shared_ptr<payer> const account = wishes->payer;
    if ((*task)->operation() == providers::operation::count_tokens) {
        wishes->payer.reset();
    }
    engine::continued_relay call{
        at.server.kernel(), executor, way.operation, inbound, **task, *model, *wishes};
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
