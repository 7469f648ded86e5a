#include <cogate/gateway.hpp>

#include "lib/engine/chat.hpp"
#include "lib/engine/kernel.hpp"

#include <boost/system/system_error.hpp>

#include <memory>
#include <utility>

namespace asio = boost::asio;

namespace cogate {
namespace {

transports::http_transport_options pool_options(gateway_options const& options)
{
    return {options.max_idle_connections_per_origin, options.idle_connection_lifetime};
}

// Turns asio's exception for a cancelled coroutine into the failure it is.
template <class T>
asio::awaitable<result<T>> guarded(asio::awaitable<result<T>> work)
{
    try {
        co_return co_await std::move(work);
    } catch (boost::system::system_error const& thrown) {
        if (thrown.code() != asio::error::operation_aborted) {
            throw;
        }
    }
    co_return failure{error_kind::cancelled, "The caller cancelled the call."}.with_code("cancelled");
}

template <class T>
asio::awaitable<T> throwing(asio::awaitable<result<T>> work)
{
    result<T> done = co_await std::move(work);
    co_return std::move(done).value();
}

template <class Request>
std::shared_ptr<Request const> shared(Request const& request)
{
    return std::make_shared<Request const>(request);
}

} // namespace

gateway::gateway(gateway_options options)
{
    engine::network_transport network = transports::make_http_transport(pool_options(options));
    kernel_ = std::make_shared<engine::kernel>(std::move(options), std::move(network));
}

gateway::gateway(std::shared_ptr<engine::kernel> kernel) : kernel_(std::move(kernel)) {}

gateway::~gateway() = default;

asio::awaitable<result<chat_response>> gateway::try_completion(chat_request const& request,
                                                               call_options const& options)
{
    return guarded(engine::complete(*kernel_, shared(request), options));
}

asio::awaitable<result<chat_response>> gateway::try_completion(chat_request const& request)
{
    return try_completion(request, call_options{});
}

asio::awaitable<chat_response> gateway::completion(chat_request const& request, call_options const& options)
{
    return throwing(try_completion(request, options));
}

asio::awaitable<chat_response> gateway::completion(chat_request const& request)
{
    return completion(request, call_options{});
}

asio::awaitable<result<chat_stream>> gateway::try_stream(chat_request const& request, call_options const& options)
{
    return guarded(engine::open_stream(*kernel_, shared(request), options));
}

asio::awaitable<result<chat_stream>> gateway::try_stream(chat_request const& request)
{
    return try_stream(request, call_options{});
}

asio::awaitable<chat_stream> gateway::stream(chat_request const& request, call_options const& options)
{
    return throwing(try_stream(request, options));
}

asio::awaitable<chat_stream> gateway::stream(chat_request const& request)
{
    return stream(request, call_options{});
}

asio::awaitable<result<embedding_response>> gateway::try_embedding(embedding_request const& request,
                                                                   call_options const& options)
{
    return guarded(engine::embed(*kernel_, shared(request), options));
}

asio::awaitable<result<embedding_response>> gateway::try_embedding(embedding_request const& request)
{
    return try_embedding(request, call_options{});
}

asio::awaitable<embedding_response> gateway::embedding(embedding_request const& request,
                                                       call_options const& options)
{
    return throwing(try_embedding(request, options));
}

asio::awaitable<embedding_response> gateway::embedding(embedding_request const& request)
{
    return embedding(request, call_options{});
}

std::vector<model> gateway::models() const
{
    return kernel_->models();
}

gateway::observer_faults gateway::faults() const noexcept
{
    return kernel_->observers().faults();
}

} // namespace cogate
