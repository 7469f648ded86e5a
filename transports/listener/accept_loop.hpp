#pragma once

#include "transports/listener/binding.hpp"
#include "transports/listener/worker.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace cogate::transports {

/// Accepts connections and gives each to the worker that has the fewest. One coroutine on the first worker.
///
/// Without free file descriptors it answers one waiting client with 503 through a descriptor held in reserve,
/// closes connections that are idle, and pauses; it never spins.
class accept_loop {
public:
    accept_loop(client_acceptor acceptor, std::vector<std::unique_ptr<worker>>& workers);
    ~accept_loop();
    accept_loop(accept_loop const&) = delete;
    accept_loop& operator=(accept_loop const&) = delete;

    std::uint16_t port() const noexcept { return port_; }

    /// Runs until `stop`. `this` must outlive it.
    boost::asio::awaitable<void> run();
    void stop() noexcept;

private:
    worker& least_loaded() const noexcept;
    std::size_t connections() const noexcept;
    void hand_over(worker& target, client_socket socket);
    void shed_idle();
    void turn_away(client_socket& socket, std::string_view reason);
    void use_reserve();

    client_acceptor acceptor_;
    std::vector<std::unique_ptr<worker>>& workers_;
    boost::asio::steady_timer pause_;
    boost::asio::ip::tcp::endpoint peer_;
    std::uint16_t port_ = 0;
    int reserve_ = -1;
    bool stopped_ = false;
};

} // namespace cogate::transports
