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
    pool& home = pool::of(asio::query(executor, asio::execution::context));
    std::unique_ptr<connection> leased;
    if (!fresh) {
        leased = home.take(where.pool_key);
    }
    const bool reused = leased != nullptr;
    if (!reused) {
        leased = std::make_unique<connection>(executor, where, stats_);
        const result<void> established = co_await leased->establish(where, limits, tls_contexts_);
        if (!established) {
            co_return established.error();
        }
    }
    std::unique_ptr<exchange> made =
        std::make_unique<http_exchange>(std::move(leased), home, options_, limits, reused);
    co_return std::move(made);
}

std::shared_ptr<transport> make_http_transport(http_transport_options options)
{
    return std::make_shared<http_transport>(options);
}

} // namespace cogate::transports
