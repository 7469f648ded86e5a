#pragma once

#include <openssl/ssl.h>

#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace cogate::transports {

struct free_tls_session {
    void operator()(SSL_SESSION* session) const noexcept { SSL_SESSION_free(session); }
};
using tls_session = std::unique_ptr<SSL_SESSION, free_tls_session>;

/// TLS sessions for resumption, by pool key. Bounded: the newest four per key, at most 1024 keys.
/// Thread-safe.
class session_store {
public:
    void put(std::string const& key, tls_session session);
    /// A session to resume, or none. One of TLS 1.3 is given out once only (RFC 8446, C.4).
    tls_session take(std::string const& key);

private:
    static constexpr std::size_t max_per_key = 4;
    static constexpr std::size_t max_keys = 1024;

    std::mutex mutex_;
    std::unordered_map<std::string, std::deque<tls_session>> sessions_;
};

} // namespace cogate::transports
