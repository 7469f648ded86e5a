#pragma once

#include "transports/memory/memory_transport.hpp"
#include "transports/runtime/timers.hpp"
#include "transports/runtime/waiter.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cogate::transports {

/// Plays one scripted reply.
class memory_exchange final : public exchange {
public:
    memory_exchange(timers& clock, std::string origin, exchange_limits const& limits,
                    std::shared_ptr<memory_transport::responder const> answer,
                    std::shared_ptr<memory_transport::log> log, bool fresh);
    ~memory_exchange() override;

    boost::asio::awaitable<result<void>> send(std::span<std::string_view const> pieces) override;
    boost::asio::awaitable<result<response_head>> receive_head() override;
    boost::asio::awaitable<result<std::string_view>> read_body() override;
    void cancel() noexcept override;
    bool reused() const noexcept override { return false; }
    std::uint64_t bytes_received() const noexcept override { return received_; }

private:
    enum class phase { first_byte, idle };

    /// Waits for the delay, or for ever; the failure if a limit or a cancellation came first.
    boost::asio::awaitable<std::optional<failure>> pass(std::optional<std::chrono::milliseconds> delay,
                                                        phase what);
    failure cancelled() const;
    failure timed_out(phase what, bool total) const;
    void note(bool memory_transport::record::*what);

    timers& clock_;
    waiter waiter_;
    std::string origin_;
    exchange_limits limits_;
    std::shared_ptr<memory_transport::responder const> answer_;
    std::shared_ptr<memory_transport::log> log_;
    std::size_t record_ = 0; ///< place in the log
    std::string request_;    ///< grows with every send: a body may come in pieces
    wire::scripted_reply reply_;
    std::vector<wire::header> headers_;
    std::size_t step_ = 0;
    std::uint64_t received_ = 0;
    bool fresh_;
    bool cancelled_ = false;
    bool complete_ = false;
};

} // namespace cogate::transports
