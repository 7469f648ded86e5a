#include "transports/http/http_transport.hpp"

#include "transports/http/http_exchange.hpp"

#include <boost/asio/execution/context.hpp>
#include <boost/asio/query.hpp>
#include <boost/asio/this_coro.hpp>

#include <utility>

namespace cogate::transports {

namespace asio = boost::asio;

http_transport::http_transport(http_transport_options options)
    : options_(options), stats_(std::make_shared<transport_stats>())
{}

asio::awaitable<result<std::unique_ptr<exchange>>>
http_transport::open(endpoint const& where, exchange_limits const& limits, bool fresh)
{
    const asio::any_io_executor executor = co_await asio::this_coro::executor;
    if (!fresh) {
        if (std::unique_ptr<exchange> rested = at_hand(executor, where, limits)) {
            co_return std::move(rested);
        }
    }
    auto made = std::make_unique<connection>(executor, where, stats_);
    const result<void> established = co_await made->establish(where, limits, tls_contexts_);
    if (!established) {
        co_return established.error();
    }
    pool& home = pool::of(asio::query(executor, asio::execution::context));
    std::unique_ptr<exchange> out =
        std::make_unique<http_exchange>(std::move(made), home, options_, limits, false);
    co_return std::move(out);
}

std::unique_ptr<exchange> http_transport::at_hand(asio::any_io_executor const& executor,
                                                  endpoint const& where, exchange_limits const& limits)
{
    pool& home = pool::of(asio::query(executor, asio::execution::context));
    std::unique_ptr<connection> rested = home.take(where.pool_key);
    if (rested == nullptr) {
        return nullptr;
    }
    return std::make_unique<http_exchange>(std::move(rested), home, options_, limits, true);
}

std::shared_ptr<transport> make_http_transport(http_transport_options options)
{
    return std::make_shared<http_transport>(options);
}

} // namespace cogate::transports
