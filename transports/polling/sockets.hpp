#pragma once

#include <cstdint>
#include <string>

namespace cogate::transports {

/// Owns a descriptor. Move-only.
class socket_descriptor {
public:
    socket_descriptor() noexcept = default;
    explicit socket_descriptor(int value) noexcept : value_(value) {}
    socket_descriptor(socket_descriptor&& other) noexcept : value_(other.release()) {}
    socket_descriptor& operator=(socket_descriptor&& other) noexcept
    {
        if (this != &other) {
            reset(other.release());
        }
        return *this;
    }
    ~socket_descriptor() { reset(); }

    int get() const noexcept { return value_; }
    bool valid() const noexcept { return value_ >= 0; }
    int release() noexcept
    {
        const int value = value_;
        value_ = -1;
        return value;
    }
    void reset(int value = -1) noexcept;

private:
    int value_ = -1;
};

/// Binds and listens on a non-blocking TCP socket; port 0 takes a free one.
/// Throws std::system_error with a text that names address and port.
socket_descriptor listen_tcp(const std::string& host, std::uint16_t port);

std::uint16_t local_port(int descriptor) noexcept;

/// The next waiting connection, non-blocking and without Nagle's delay; invalid when there is none.
socket_descriptor accept_tcp(int listener) noexcept;

/// A resolved address to which many connections are made.
class tcp_target {
public:
    /// Resolves; blocks. Throws std::runtime_error when the name is unknown.
    tcp_target(const std::string& host, std::uint16_t port);

    /// Starts a non-blocking connection; invalid when it failed at once. Writable means decided: see `socket_error`.
    socket_descriptor connect() const noexcept;

private:
    std::string address_; // the bytes of a sockaddr
    int family_ = 0;
};

/// The pending error of a socket, 0 for none; clears it.
int socket_error(int descriptor) noexcept;

/// Makes the following close send a reset instead of an orderly end.
void reset_on_close(int descriptor) noexcept;

} // namespace cogate::transports
