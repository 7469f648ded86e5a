#pragma once

#include <cogate/result.hpp>

#include "transports/http/session_store.hpp"

#include <boost/asio/ssl/context.hpp>

#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

namespace cogate::transports {

/// How TLS is spoken to peers that one set of authorities vouches for: TLS 1.2 or later, peer verified, ALPN
/// http/1.1, sessions resumed. Used by connections of all threads; thread-safe after construction.
class tls_context {
public:
    /// Throws boost::system::system_error when `ca_file` cannot be read.
    explicit tls_context(std::string const& ca_file);
    tls_context(tls_context const&) = delete;
    tls_context& operator=(tls_context const&) = delete;

    boost::asio::ssl::context& native() noexcept { return context_; }

    /// Prepares a client's TLS object: server name, name check, and a session to resume if there is one.
    /// `key` must outlive `tls`. False when OpenSSL refuses the host name.
    bool prepare(SSL* tls, std::string const& host, std::string const& key);

private:
    static int keep_session(SSL* tls, SSL_SESSION* session) noexcept;

    boost::asio::ssl::context context_;
    session_store sessions_;
};

/// The TLS contexts of a transport, one per file of authorities, made on first use. Thread-safe.
class tls_contexts {
public:
    /// Errors: connection/"upstream_tls" when the file cannot be used.
    result<std::shared_ptr<tls_context>> of(std::string const& ca_file);

private:
    std::mutex mutex_;
    std::unordered_map<std::string, std::shared_ptr<tls_context>> contexts_;
};

} // namespace cogate::transports
