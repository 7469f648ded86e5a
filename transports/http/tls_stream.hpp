#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/system/error_code.hpp>

#include <openssl/ssl.h>

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

namespace cogate::transports {

/// A client's TLS on a non-blocking socket. Records go between OpenSSL and the socket without a buffer in
/// between; each step does what it can at once and names what it waits for, and the waiting is the caller's.
///
/// Errors: asio::error::eof after a close_notify; asio::ssl::error::stream_truncated for an end without one;
/// system errors of the socket; else OpenSSL's in asio's SSL category. An error is final: every later step
/// gives it again.
/// Lifetime: the socket must outlive it; once that is closed, steps fail. Thread safety: none.
class tls_stream {
public:
    enum class want : unsigned char { nothing, read, write };

    struct step {
        std::size_t bytes = 0; ///< done now
        want wants = want::nothing;
        boost::system::error_code why{};
    };

    /// Throws std::bad_alloc only.
    tls_stream(boost::asio::ip::tcp::socket& socket, SSL_CTX* context);
    ~tls_stream();
    tls_stream(tls_stream const&) = delete;
    tls_stream& operator=(tls_stream const&) = delete;

    SSL* native_handle() const noexcept { return tls_.get(); }

    /// Done when it wants nothing and has no error.
    step handshake() noexcept;
    /// At most one record's bytes; `room` and `bytes` are not empty.
    step read(std::span<char> room) noexcept;
    step write(std::string_view bytes) noexcept;

    /// Whether bytes of the peer wait here, decrypted or not: a read may give some without the socket.
    bool buffered() const noexcept { return SSL_has_pending(tls_.get()) != 0; }

private:
    struct free_tls {
        void operator()(SSL* tls) const noexcept { SSL_free(tls); }
    };

    step judge(int outcome, std::size_t bytes) noexcept;

    std::unique_ptr<SSL, free_tls> tls_;
    boost::system::error_code fault_;
};

} // namespace cogate::transports
