#pragma once
/// Calls whose request and answer a codec of the dialect makes and reads.

#include "lib/engine/call.hpp"
#include "lib/engine/encoded.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/this_coro.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace cogate::engine {

template <class Request, class Response>
using codec_of = providers::codec<Request, Response> const* (providers::client_dialect::*)() const noexcept;

inline failure not_served(std::string_view operation, served_deployment const& deployment)
{
    std::string message(deployment.provider->name);
    message += " serves no ";
    message += operation;
    return failure{error_kind::invalid_request, std::move(message)}
        .with_code("unsupported_operation")
        .with_param("model");
}

/// The first dialect of the deployment that has the codec.
template <class Request, class Response>
providers::client_dialect const* find_dialect(served_deployment const& deployment,
                                              codec_of<Request, Response> pick)
{
    for (providers::client_dialect const* each : deployment.dialects) {
        if ((each->*pick)() != nullptr) {
            return each;
        }
    }
    return nullptr;
}

/// A request that a codec encodes.
template <class Request, class Response>
class coded final : public outgoing {
public:
    coded(Request const& request, std::string_view operation, codec_of<Request, Response> pick)
        : asked_(request), operation_(operation), pick_(pick)
    {}

    result<parts> prepare(served_deployment const& deployment, std::string_view upstream_model) override
    {
        providers::client_dialect const* const dialect = find_dialect(deployment, pick_);
        if (dialect == nullptr) {
            return not_served(operation_, deployment);
        }
        result<providers::encoded_request> made =
            (dialect->*pick_)()->encode(asked_, deployment.context(upstream_model, false));
        if (!made) {
            return made.error();
        }
        request_ = std::move(*made);
        body_ = request_.body;
        return parts_of(request_, body_, *dialect, false);
    }

    result<Response> decode(call const& one, std::string_view body) const
    {
        return (one.dialect().*pick_)()->decode({body, one.head().headers}, asked_,
                                                one.deployment().context(one.upstream_model(), false));
    }

private:
    Request const& asked_;
    std::string_view operation_;
    codec_of<Request, Response> pick_;
    providers::encoded_request request_;
    std::string_view body_;
};

/// One exchange. `request` and `options` outlive it in the coroutine that awaits it.
template <class Request, class Response>
boost::asio::awaitable<result<Response>> ask(kernel& owner, Request const& request,
                                             call_options const& options, std::string_view operation,
                                             codec_of<Request, Response> pick)
{
    boost::asio::any_io_executor const executor = co_await boost::asio::this_coro::executor;
    call_kind const kind{.operation = operation, .model = request.model};
    call one{owner, executor, kind, options};
    coded<Request, Response> body{request, operation, pick};
    result<void> const started = co_await one.start(body);
    if (!started) {
        co_return started.error();
    }
    result<std::string_view> const bytes = co_await one.read_all();
    if (!bytes) {
        co_return one.fail(bytes.error());
    }
    result<Response> answer = body.decode(one, *bytes);
    if (!answer) {
        co_return one.fail(answer.error());
    }
    one.succeed(answer->usage);
    co_return answer;
}

} // namespace cogate::engine
