#include "transports/http/http_exchange.hpp"

#include "transports/http/reuse.hpp"

#include <utility>

namespace cogate::transports {

namespace asio = boost::asio;

http_exchange::http_exchange(std::unique_ptr<connection> leased, pool& home,
                             http_transport_options const& options, exchange_limits const& limits,
                             bool reused)
    : connection_(std::move(leased)), home_(home), options_(options), limits_(limits), reused_(reused)
{}

http_exchange::~http_exchange()
{
    if (may_reuse(connection_->facts())) {
        home_.give(std::move(connection_), options_);
    }
}

asio::awaitable<result<void>> http_exchange::send(std::span<std::string_view const> pieces)
{
    return connection_->send(pieces, limits_);
}

asio::awaitable<result<response_head>> http_exchange::receive_head()
{
    return connection_->receive_head(limits_);
}

asio::awaitable<result<std::string_view>> http_exchange::read_body()
{
    return connection_->read_body(limits_);
}

std::optional<result<std::string_view>> http_exchange::body_at_hand()
{
    return connection_->body_at_hand();
}

void http_exchange::cancel() noexcept
{
    connection_->cancel();
}

} // namespace cogate::transports
