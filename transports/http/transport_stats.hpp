#pragma once

#include <atomic>
#include <cstdint>

namespace cogate::transports {

/// Counts of one http transport over all contexts; each only grows. Thread-safe.
struct transport_stats {
    std::atomic<std::uint64_t> opened{0};  ///< connections made, TLS included
    std::atomic<std::uint64_t> reused{0};  ///< exchanges that took an idle connection
    std::atomic<std::uint64_t> stale{0};   ///< idle connections found closed or with stray bytes
    std::atomic<std::uint64_t> resumed{0}; ///< TLS handshakes shortened by a session ticket
};

inline void count(std::atomic<std::uint64_t>& counter) noexcept
{
    counter.fetch_add(1, std::memory_order_relaxed);
}

} // namespace cogate::transports
