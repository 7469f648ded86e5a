#pragma once

#include "transports/mock_server/answer.hpp"
#include "transports/mock_server/fault.hpp"
#include "transports/mock_server/latency_model.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace cogate::transports::mock {

/// How the mock upstream behaves.
struct mock_options {
    std::string host = "127.0.0.1";
    std::uint16_t port = 0;                  ///< 0: a free one
    unsigned workers = 1;                    ///< threads, one event loop each
    latency_model latency{};                 ///< from the whole request to the head of its answer
    std::chrono::nanoseconds first_token{0}; ///< from the head of a stream to its first event
    double rate = 0;                         ///< events per second of a stream; 0: as fast as possible
    unsigned events_per_write = 1;           ///< events that share one write when `rate` is 0
    answer_shape shape{};
    double error_rate = 0; ///< share of requests answered with `error_status`
    int error_status = 500;
    fault every{};                ///< what befalls every model request
    std::uint64_t seed = 1;       ///< of all random draws
    std::string certificate_file; ///< PEM; with `key_file`: TLS instead of plain TCP
    std::string key_file;
};

/// An upstream for tests and benchmarks: /v1/chat/completions, /v1/embeddings, /v1/responses, /v1/models, Anthropic's
/// /v1/messages, Gemini's /v1beta/models/NAME:generateContent and :streamGenerateContent (always as events, without
/// regard for alt=), /healthz, and /__mock/stats, which tells as JSON what it saw. Tool calls: chat only. It answers from rendered bytes, so that it costs little more
/// than its system calls. A request for the model `fault/NAME` is answered with that fault.
///
/// It reads requests cheaply and trusts them: for loopback, not for a network.
/// Thread safety: `stop` from any thread and from signal handlers; everything else from one thread.
class mock_server {
public:
    /// Binds at once. Throws std::system_error (cannot listen) or std::runtime_error (host, certificate, key).
    explicit mock_server(mock_options options);
    ~mock_server();

    std::uint16_t port() const noexcept;

    /// Serves until `stop`; the calling thread is the first worker.
    void run();
    void stop() noexcept;

    class implementation;

private:
    std::unique_ptr<implementation> impl_;
};

} // namespace cogate::transports::mock
