#include <cogate/gateway.hpp>

#include "lib/engine/chat.hpp"
#include "lib/engine/guarded.hpp"
#include "lib/engine/kernel.hpp"
#include "lib/engine/operations.hpp"

#include <memory>
#include <utility>

namespace asio = boost::asio;

namespace cogate {
namespace {

transports::http_transport_options pool_options(gateway_options const& options)
{
    return {options.max_idle_connections_per_origin, options.idle_connection_lifetime};
}

} // namespace

using engine::guarded;
using engine::shared;
using engine::throwing;

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

asio::awaitable<result<chat_stream>> gateway::try_stream(chat_request const& request,
                                                         call_options const& options)
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
    return kernel_->current_routes()->models();
}

gateway::observer_faults gateway::faults() const noexcept
{
    return kernel_->observers().faults();
}

} // namespace cogate
