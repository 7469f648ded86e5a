#pragma once

#include <atomic>
#include <cstdint>
#include <string>

namespace cogate::transports::mock {

/// What one kind of answers is charged. Thread-safe.
struct account_sum {
    std::atomic<std::uint64_t> answers{0};
    std::atomic<std::uint64_t> prompt_tokens{0};
    std::atomic<std::uint64_t> completion_tokens{0};

    void add(std::uint64_t prompt, std::uint64_t completion) noexcept
    {
        answers.fetch_add(1, std::memory_order_relaxed);
        prompt_tokens.fetch_add(prompt, std::memory_order_relaxed);
        completion_tokens.fetch_add(completion, std::memory_order_relaxed);
    }

    std::string json() const
    {
        return "{\"answers\":" + std::to_string(answers.load()) +
               ",\"prompt_tokens\":" + std::to_string(prompt_tokens.load()) +
               ",\"completion_tokens\":" + std::to_string(completion_tokens.load()) + "}";
    }
};

/// What the mock saw, for tests. Thread-safe.
struct statistics {
    std::atomic<std::uint64_t> connections_open{0};
    std::atomic<std::uint64_t> connections_total{0};
    std::atomic<std::uint64_t> requests{0};
    std::atomic<std::uint64_t> streams_aborted{0};         ///< the peer went away before the end of a stream
    std::atomic<std::uint64_t> answers_aborted{0};         ///< the same for plain answers
    std::atomic<std::uint64_t> last_authorization_hash{0}; ///< of the header's value; 0 without one
    std::atomic<std::uint64_t> last_body_bytes{0};
    account_sum completed; ///< its bill: answers that were sent whole
    account_sum aborted;   ///< of those that the peer broke off, as far as they were sent
    account_sum broken;    ///< of those that it broke off itself

    std::string json() const
    {
        const auto member = [](const char* name, const std::atomic<std::uint64_t>& value) {
            return "\"" + std::string(name) + "\":" + std::to_string(value.load(std::memory_order_relaxed));
        };
        // The hash is a text: JavaScript would round the number.
        return "{" + member("connections_open", connections_open) + "," +
               member("connections_total", connections_total) + "," + member("requests", requests) + "," +
               member("streams_aborted", streams_aborted) + "," + member("answers_aborted", answers_aborted) +
               "," + member("last_body_bytes", last_body_bytes) + ",\"completed\":" + completed.json() +
               ",\"aborted\":" + aborted.json() + ",\"broken\":" + broken.json() +
               ",\"last_authorization_hash\":\"" +
               std::to_string(last_authorization_hash.load(std::memory_order_relaxed)) + "\"}\n";
    }
};

} // namespace cogate::transports::mock
