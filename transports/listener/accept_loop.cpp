#include "transports/listener/accept_loop.hpp"

#include "lib/wire/head_builder.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <tuple>
#include <unistd.h>
#include <utility>

namespace cogate::transports {

namespace {

constexpr std::chrono::milliseconds pause_time{100};

int open_reserve() noexcept
{
    return ::open("/dev/null", O_RDONLY | O_CLOEXEC);
}

/// Errors of the one connection, not of the machine: the next may be accepted at once.
bool concerns_one_client(boost::system::error_code ec) noexcept
{
    namespace error = boost::asio::error;
    return ec == error::connection_aborted || ec == error::connection_reset || ec == error::interrupted ||
           ec == boost::system::error_code(EPROTO, boost::system::system_category());
}

} // namespace

accept_loop::accept_loop(client_acceptor acceptor, std::vector<std::unique_ptr<worker>>& workers)
    : acceptor_(std::move(acceptor)),
      workers_(workers),
      pause_(acceptor_.get_executor()),
      port_(acceptor_.local_endpoint().port()),
      reserve_(open_reserve())
{}

accept_loop::~accept_loop()
{
    if (reserve_ >= 0) {
        ::close(reserve_);
    }
}

boost::asio::awaitable<void> accept_loop::run()
{
    while (!stopped_) {
        worker& target = least_loaded();
        auto accepted = co_await acceptor_.async_accept(target.context(), peer_,
                                                        boost::asio::as_tuple(boost::asio::deferred));
        boost::system::error_code const ec = std::get<0>(accepted);
        if (stopped_) {
            break;
        }
        if (!ec) {
            hand_over(target, std::move(std::get<1>(accepted)));
            continue;
        }
        if (concerns_one_client(ec)) {
            continue;
        }
        use_reserve();
        shed_idle();
        pause_.expires_after(pause_time);
        auto const waited = co_await pause_.async_wait(boost::asio::as_tuple(boost::asio::deferred));
        static_cast<void>(waited);
    }
}

void accept_loop::stop() noexcept
{
    stopped_ = true;
    boost::system::error_code ignored;
    acceptor_.close(ignored);
    pause_.cancel();
}

worker& accept_loop::least_loaded() const noexcept
{
    auto const fewer = [](auto const& a, auto const& b) { return a->connections() < b->connections(); };
    return **std::min_element(workers_.begin(), workers_.end(), fewer);
}

std::size_t accept_loop::connections() const noexcept
{
    std::size_t sum = 0;
    for (auto const& each : workers_) {
        sum += each->connections();
    }
    return sum;
}

void accept_loop::hand_over(worker& target, client_socket socket)
{
    std::size_t const cap = target.shared().limits.connections;
    std::size_t const now = connections();
    try {
        if (now + std::min<std::size_t>(cap / 16, 64) >= cap) {
            shed_idle();
        }
        if (now >= cap) {
            turn_away(socket, "too many connections");
        } else {
            target.take_over(std::move(socket), peer_);
        }
    } catch (...) {
        // Out of memory: this client is dropped, accepting goes on.
        boost::system::error_code ignored;
        socket.close(ignored);
    }
}

void accept_loop::shed_idle()
{
    for (auto const& each : workers_) {
        worker* const which = each.get();
        boost::asio::post(which->context(), [which] { which->shed_idle(); });
    }
}

/// One 503, sent if the socket takes it at once; then closed.
void accept_loop::turn_away(client_socket& socket, std::string_view reason)
{
    std::string body;
    workers_.front()->shared().handler.write_refusal(503, reason, body);
    std::string answer;
    wire::response_head_builder builder(answer);
    builder.start(503).add("content-type", "application/json").content_length(body.size());
    builder.add("connection", "close").add("retry-after", std::uint64_t{1});
    if (builder.finish()) {
        answer += body;
        boost::system::error_code ignored;
        socket.non_blocking(true, ignored);
        socket.write_some(boost::asio::buffer(answer), ignored);
        socket.shutdown(client_socket::shutdown_both, ignored);
    }
    boost::system::error_code ignored;
    socket.close(ignored);
}

/// No descriptor is free: spends the reserve on telling one client so, and takes it back.
void accept_loop::use_reserve()
{
    if (reserve_ >= 0) {
        ::close(std::exchange(reserve_, -1));
    }
    boost::system::error_code ec;
    client_socket socket(workers_.front()->context());
    acceptor_.accept(socket, ec);
    if (!ec) {
        turn_away(socket, "no free file descriptors");
    }
    reserve_ = open_reserve();
}

} // namespace cogate::transports
