#pragma once

#include "transports/mock_server/channel.hpp"
#include "transports/mock_server/mock_server.hpp"
#include "transports/mock_server/request.hpp"
#include "transports/mock_server/statistics.hpp"
#include "transports/polling/poller.hpp"

#include <array>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <unordered_map>

namespace cogate::transports::mock {

class session;

/// One event loop of the mock with its connections. Used by one thread, but for `loop.stop`.
class worker final : public poll_source {
public:
    /// `listener`, `tls` (may be null), options and statistics must outlive the worker.
    worker(const mock_options& options, statistics& seen, const tls_server_context* tls, int listener,
           std::uint64_t seed);
    ~worker() override;

    /// Accepts what waits.
    void on_ready(std::uint32_t events) override;

    /// Chooses the answer to a whole request.
    std::shared_ptr<const answer> answer_to(const request_head& head, std::string_view body);
    std::chrono::nanoseconds draw_latency() { return options.latency.sample(random_); }

    /// Drops a connection that has ended.
    void drop(session& ended);

    poller loop;
    const mock_options& options;
    statistics& seen;
    std::array<char, 256 * 1024> scratch;

private:
    std::shared_ptr<const answer> model_answer(api shape, const asked& what);
    answer render(api shape, const asked& what) const;

    std::mt19937_64 random_;
    const tls_server_context* tls_;
    int listener_;
    std::string key_;
    std::unordered_map<std::string, std::shared_ptr<const answer>> rendered_;
    std::unordered_map<session*, std::unique_ptr<session>> sessions_;
};

} // namespace cogate::transports::mock
