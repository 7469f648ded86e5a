#pragma once

#include "transports/polling/sockets.hpp"

#include <openssl/types.h>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace cogate::transports::mock {

/// The server side of TLS: one certificate for all connections. Thread-safe after construction.
class tls_server_context {
public:
    /// PEM files. Throws std::runtime_error naming the file that cannot be used.
    tls_server_context(const std::string& certificate_file, const std::string& key_file);
    ~tls_server_context();
    tls_server_context(const tls_server_context&) = delete;
    tls_server_context& operator=(const tls_server_context&) = delete;

    SSL_CTX* get() const noexcept { return context_; }

private:
    SSL_CTX* context_;
};

/// A non-blocking byte stream over an accepted socket, plain or TLS.
class channel {
public:
    /// What a read or write gave. `bytes` > 0: so many; else the flag that is set tells why not.
    struct outcome {
        std::size_t bytes = 0;
        bool blocked = false; ///< wait for `wants_write() ? EPOLLOUT : EPOLLIN`
        bool ended = false;   ///< the peer ended in order
        bool failed = false;
    };

    /// `tls` may be null: a plain stream. It must outlive the channel.
    channel(socket_descriptor socket, const tls_server_context* tls);
    ~channel();
    channel(const channel&) = delete;
    channel& operator=(const channel&) = delete;

    outcome read(char* data, std::size_t size);
    outcome write(std::string_view bytes);
    int descriptor() const noexcept { return socket_.get(); }
    /// True when the TLS layer must write before it can go on reading.
    bool wants_write() const noexcept { return wants_write_; }
    bool encrypted() const noexcept { return ssl_ != nullptr; }
    void close() noexcept;

private:
    outcome tls_outcome(int result);

    socket_descriptor socket_;
    SSL* ssl_ = nullptr;
    bool wants_write_ = false;
};

} // namespace cogate::transports::mock
