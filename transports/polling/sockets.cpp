#include "transports/polling/sockets.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <stdexcept>
#include <system_error>

namespace cogate::transports {

namespace {

using address_list = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

address_list resolve(const std::string& host, std::uint16_t port, int flags)
{
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = flags | AI_NUMERICSERV;
    addrinfo* found = nullptr;
    const std::string service = std::to_string(port);
    if (const int code = ::getaddrinfo(host.c_str(), service.c_str(), &hints, &found); code != 0) {
        throw std::runtime_error("cannot resolve '" + host + "': " + ::gai_strerror(code));
    }
    return {found, &::freeaddrinfo};
}

void no_delay(int descriptor) noexcept
{
    const int on = 1;
    ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

} // namespace

void socket_descriptor::reset(int value) noexcept
{
    if (value_ >= 0) {
        ::close(value_);
    }
    value_ = value;
}

socket_descriptor listen_tcp(const std::string& host, std::uint16_t port)
{
    const address_list addresses = resolve(host, port, AI_PASSIVE);
    socket_descriptor listener(::socket(addresses->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    const int on = 1;
    ::setsockopt(listener.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (!listener.valid() || ::bind(listener.get(), addresses->ai_addr, addresses->ai_addrlen) != 0 ||
        ::listen(listener.get(), SOMAXCONN) != 0) {
        throw std::system_error(errno, std::generic_category(),
                                "cannot listen on " + host + ":" + std::to_string(port));
    }
    return listener;
}

std::uint16_t local_port(int descriptor) noexcept
{
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    if (::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
        return 0;
    }
    return address.ss_family == AF_INET6 ? ntohs(reinterpret_cast<const sockaddr_in6&>(address).sin6_port)
                                         : ntohs(reinterpret_cast<const sockaddr_in&>(address).sin_port);
}

socket_descriptor accept_tcp(int listener) noexcept
{
    socket_descriptor accepted(::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (accepted.valid()) {
        no_delay(accepted.get());
    }
    return accepted;
}

tcp_target::tcp_target(const std::string& host, std::uint16_t port)
{
    const address_list addresses = resolve(host, port, 0);
    family_ = addresses->ai_family;
    address_.assign(reinterpret_cast<const char*>(addresses->ai_addr), addresses->ai_addrlen);
}

socket_descriptor tcp_target::connect() const noexcept
{
    socket_descriptor socket(::socket(family_, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!socket.valid()) {
        return {};
    }
    no_delay(socket.get());
    const auto* address = reinterpret_cast<const sockaddr*>(address_.data());
    if (::connect(socket.get(), address, static_cast<socklen_t>(address_.size())) != 0 &&
        errno != EINPROGRESS) {
        return {};
    }
    return socket;
}

int socket_error(int descriptor) noexcept
{
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size);
    return error;
}

void reset_on_close(int descriptor) noexcept
{
    const linger now{1, 0};
    ::setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

} // namespace cogate::transports
