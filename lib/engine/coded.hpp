#pragma once
/// Calls whose request and answer a codec of the dialect makes and reads.

#include "lib/engine/billed.hpp"
#include "lib/engine/call.hpp"
#include "lib/engine/call_report.hpp"
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

/// Its answer, decoded.
template <class Request, class Response>
class coded_dispatch final : public encoded_dispatch {
public:
    coded_dispatch(served_deployment const& deployment, std::string_view upstream_model,
                   providers::client_dialect const& dialect, providers::encoded_request&& made,
                   Request const& asked, codec_of<Request, Response> pick)
        : encoded_dispatch(deployment, upstream_model, dialect, std::move(made), false),
          asked_(asked),
          pick_(pick)
    {}

    ready ready_when() const noexcept override { return ready::whole; }

    result<void> whole(providers::whole_answer const& answer) override
    {
        result<Response> decoded = (dialect().*pick_)()->decode(answer, asked_, context());
        if (!decoded) {
            return decoded.error();
        }
        answer_ = std::move(*decoded);
        return {};
    }

    usage used() const override { return answer_.usage; }
    billing_facts billed() const override { return billed_for(asked_, answer_); }
    Response& answer() noexcept { return answer_; }

private:
    Request const& asked_;
    codec_of<Request, Response> pick_;
    Response answer_;
};

/// A request that a codec encodes.
template <class Request, class Response>
class coded final : public outgoing {
public:
    coded(Request const& request, std::string_view operation, codec_of<Request, Response> pick)
        : asked_(request), operation_(operation), pick_(pick)
    {}

    result<std::unique_ptr<dispatch>> prepare(served_deployment const& deployment,
                                              std::string_view upstream_model) override
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
        return std::unique_ptr<dispatch>(std::make_unique<coded_dispatch<Request, Response>>(
            deployment, upstream_model, *dialect, std::move(*made), asked_, pick_));
    }

    planned_cost planned() const override { return {.other = planned_for(asked_)}; }

private:
    Request const& asked_;
    std::string_view operation_;
    codec_of<Request, Response> pick_;
};

/// One exchange, told to `told` where somebody listens. `request`, `options` and `told` outlive it in the coroutine that
/// awaits it.
template <class Request, class Response>
boost::asio::awaitable<result<Response>> ask(kernel& owner, Request const& request,
                                             call_options const& options, std::string_view operation,
                                             codec_of<Request, Response> pick, call_report* told)
{
    boost::asio::any_io_executor const executor = co_await boost::asio::this_coro::executor;
    call_kind const kind{.operation = operation, .model = request.model};
    call one{owner, executor, kind, options};
    coded<Request, Response> body{request, operation, pick};
    result<void> const started = co_await one.start(body);
    if (told != nullptr) {
        told->add(one);
    }
    if (!started) {
        co_return started.error();
    }
    co_return std::move(static_cast<coded_dispatch<Request, Response>&>(one.answer()).answer());
}

} // namespace cogate::engine
