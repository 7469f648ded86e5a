#include "transports/memory/memory_transport.hpp"

#include "transports/memory/memory_exchange.hpp"

#include <boost/asio/this_coro.hpp>

#include <utility>

namespace cogate::transports {

namespace asio = boost::asio;

memory_transport::memory_transport(responder answer, keep what)
    : answer_(std::make_shared<responder const>(std::move(answer))),
      log_(what == keep::records ? std::make_shared<log>() : nullptr)
{}

asio::awaitable<result<std::unique_ptr<exchange>>>
memory_transport::open(endpoint const& where, exchange_limits const& limits, bool fresh)
{
    const asio::any_io_executor executor = co_await asio::this_coro::executor;
    std::unique_ptr<exchange> made = std::make_unique<memory_exchange>(
        timers_of(executor), where.url.origin(), limits, answer_, log_, fresh);
    co_return std::move(made);
}

std::vector<memory_transport::record> memory_transport::records() const
{
    if (!log_) {
        return {};
    }
    const std::lock_guard lock(log_->mutex);
    return log_->records;
}

sent_request split_request(std::string_view request) noexcept
{
    sent_request parts;
    const std::size_t end = request.find("\r\n\r\n");
    parts.head = request.substr(0, end);
    if (end != std::string_view::npos) {
        parts.body = request.substr(end + 4);
    }
    std::string_view line = parts.head.substr(0, parts.head.find("\r\n"));
    const std::size_t space = line.find(' ');
    parts.method = line.substr(0, space);
    if (space != std::string_view::npos) {
        line.remove_prefix(space + 1);
        parts.target = line.substr(0, line.find(' '));
    }
    return parts;
}

std::shared_ptr<transport> make_memory_transport(wire::local_responder answer)
{
    return std::make_shared<memory_transport>(
        [answer](std::string_view request) {
            const sent_request parts = split_request(request);
            return answer(parts.target, parts.body);
        },
        memory_transport::keep::nothing);
}

std::shared_ptr<memory_transport> make_scripted_transport(memory_transport::responder answer)
{
    return std::make_shared<memory_transport>(std::move(answer), memory_transport::keep::records);
}

} // namespace cogate::transports
