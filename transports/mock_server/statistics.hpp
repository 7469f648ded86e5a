#pragma once

#include <atomic>
#include <cstdint>
#include <string>

namespace cogate::transports::mock {

/// What the mock saw, for tests. Thread-safe.
struct statistics {
    std::atomic<std::uint64_t> connections_open{0};
    std::atomic<std::uint64_t> connections_total{0};
    std::atomic<std::uint64_t> requests{0};
    std::atomic<std::uint64_t> streams_aborted{0};         ///< the peer went away before the end of a stream
    std::atomic<std::uint64_t> answers_aborted{0};         ///< the same for plain answers
    std::atomic<std::uint64_t> last_authorization_hash{0}; ///< of the header's value; 0 without one
    std::atomic<std::uint64_t> last_body_bytes{0};

    std::string json() const
    {
        const auto member = [](const char* name, const std::atomic<std::uint64_t>& value) {
            return "\"" + std::string(name) + "\":" + std::to_string(value.load(std::memory_order_relaxed));
        };
        // The hash is a text: JavaScript would round the number.
        return "{" + member("connections_open", connections_open) + "," +
               member("connections_total", connections_total) + "," + member("requests", requests) + "," +
               member("streams_aborted", streams_aborted) + "," + member("answers_aborted", answers_aborted) +
               "," + member("last_body_bytes", last_body_bytes) + ",\"last_authorization_hash\":\"" +
               std::to_string(last_authorization_hash.load(std::memory_order_relaxed)) + "\"}\n";
    }
};

} // namespace cogate::transports::mock
