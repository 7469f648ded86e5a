#include "transports/http/session_store.hpp"

#include <utility>

namespace cogate::transports {

void session_store::put(std::string const& key, tls_session session)
{
    const std::lock_guard lock(mutex_);
    if (sessions_.size() >= max_keys && !sessions_.contains(key)) {
        sessions_.erase(sessions_.begin());
    }
    std::deque<tls_session>& kept = sessions_[key];
    kept.push_back(std::move(session));
    if (kept.size() > max_per_key) {
        kept.pop_front();
    }
}

tls_session session_store::take(std::string const& key)
{
    const std::lock_guard lock(mutex_);
    const auto found = sessions_.find(key);
    if (found == sessions_.end() || found->second.empty()) {
        return nullptr;
    }
    std::deque<tls_session>& kept = found->second;
    if (SSL_SESSION_get_protocol_version(kept.back().get()) < TLS1_3_VERSION) {
        SSL_SESSION_up_ref(kept.back().get());
        return tls_session(kept.back().get());
    }
    tls_session newest = std::move(kept.back());
    kept.pop_back();
    return newest;
}

} // namespace cogate::transports
