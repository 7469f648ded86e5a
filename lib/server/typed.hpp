#pragma once

#include "lib/server/admission.hpp"
#include "lib/server/call_wishes.hpp"
#include "lib/server/reply.hpp"
#include "lib/server/request_fields.hpp"
#include "lib/server/routes.hpp"
#include "providers/server_dialect.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <memory>
#include <string>
#include <utility>

namespace cogate::server {

/// Runs `work` unless the client goes away: then it is cancelled and the failure is `cancelled`.
template <class T>
boost::asio::awaitable<result<T>> while_there(transports::inbound_request& request,
                                              boost::asio::awaitable<result<T>> work)
{
    namespace asio = boost::asio;
    asio::any_io_executor const executor = co_await asio::this_coro::executor;
    asio::cancellation_signal gone;
    request.on_disconnect(
        [](void* signal) noexcept {
            static_cast<asio::cancellation_signal*>(signal)->emit(asio::cancellation_type::terminal);
        },
        &gone);
    result<T> answer = failure{error_kind::cancelled, "The client went away."}.with_code("cancelled");
    try {
        asio::awaitable<result<T>> running = asio::co_spawn(
            executor, std::move(work), asio::bind_cancellation_slot(gone.slot(), asio::use_awaitable));
        answer = co_await std::move(running);
    } catch (boost::system::system_error const&) {
        // asio's way to say that the coroutine was cancelled between two operations
    }
    request.on_disconnect(nullptr, nullptr);
    co_return answer;
}

/// `admit` for a typed request, whose model becomes the one that is meant.
template <class Request>
result<void> admit_typed(routed const& at, boost::asio::any_io_executor const& executor,
                         std::string_view call_type, Request& request, std::size_t body_bytes,
                         call_options& options)
{
    asked_call what{.call_type = call_type,
                    .model = request.model,
                    .prompt_bytes = static_cast<std::int64_t>(body_bytes)};
    if constexpr (requires { request.user.size(); }) {
        what.end_user = request.user;
    }
    result<std::string_view> const model = admit(at, executor, what, options);
    if (!model) {
        return model.error();
    }
    if (*model != request.model) {
        request.model = std::string(*model);
    }
    return {};
}

/// Answers with a value in the client's shape, or with its failure.
template <class Request, class Response>
boost::asio::awaitable<void> reply_value(routed at, result<Response> answer, Request const& asked,
                                         providers::server_codec<Request, Response> const& shape,
                                         about_call about)
{
    if (!answer) {
        failure why = answer.error();
        boost::asio::awaitable<void> refusal = reply_error(at.dialect, at.request, std::move(why), about);
        co_await std::move(refusal);
        co_return;
    }
    std::string body;
    shape.write(*answer, asked, body);
    boost::asio::awaitable<void> sent = reply(at.request, 200, json_type, body, about);
    co_await std::move(sent);
}

/// An endpoint whose request is read whole, answered by a typed call of the engine, and written anew.
template <class Request, class Response, class Run>
boost::asio::awaitable<void> serve_typed(routed at, std::string_view call_type,
                                         providers::server_codec<Request, Response> const& shape, Run run)
{
    boost::asio::any_io_executor const executor = co_await boost::asio::this_coro::executor;
    result<std::string_view> const body = co_await at.request.read_body();
    if (!body) {
        at.request.close_after();
    }
    result<call_options> wishes = read_wishes(at.request);
    result<std::optional<std::string>> rest = std::optional<std::string>{};
    if (body && wishes) {
        rest = take_request_fields(*body, *wishes);
    }
    result<Request> parsed = Request{};
    if (!body) {
        parsed = body.error();
    } else if (!wishes) {
        parsed = wishes.error();
    } else if (!rest) {
        parsed = rest.error();
    } else {
        parsed = shape.parse(*rest ? std::string_view(**rest) : *body);
    }
    if (!parsed) {
        failure why = parsed.error();
        boost::asio::awaitable<void> refusal = reply_error(at.dialect, at.request, std::move(why));
        co_await std::move(refusal);
        co_return;
    }
    result<void> const admitted = admit_typed(at, executor, call_type, *parsed, body->size(), *wishes);
    if (!admitted) {
        failure why = admitted.error();
        boost::asio::awaitable<void> refusal = reply_error(at.dialect, at.request, std::move(why));
        co_await std::move(refusal);
        co_return;
    }
    auto const asked = std::make_shared<Request const>(std::move(*parsed));
    engine::call_report told;
    boost::asio::awaitable<result<Response>> work = run(at.server.kernel(), asked, *wishes, &told);
    boost::asio::awaitable<result<Response>> guarded = while_there(at.request, std::move(work));
    result<Response> answer = co_await std::move(guarded);
    boost::asio::awaitable<void> sent =
        reply_value(at, std::move(answer), *asked, shape, about_call(told, *wishes));
    co_await std::move(sent);
}

} // namespace cogate::server
