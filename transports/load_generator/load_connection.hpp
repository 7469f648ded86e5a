#pragma once

#include "transports/load_generator/response_reader.hpp"
#include "transports/polling/poller.hpp"
#include "transports/polling/sockets.hpp"

#include <chrono>
#include <cstdint>
#include <string_view>

namespace cogate::transports::load {

class load_run;

/// One connection of a load run: idle, or with one request under way. Reconnects by itself.
class load_connection final : public poll_source {
public:
    using time_point = poll_timer::clock::time_point;

    explicit load_connection(load_run& owner);
    ~load_connection() override;

    void open();
    /// Precondition: idle. `start` is where latency counts from.
    void send(time_point start, bool measured);
    void on_ready(std::uint32_t events) override;

    bool is_idle() const noexcept { return state_ == state::idle; }
    bool busy() const noexcept { return state_ == state::writing || state_ == state::reading; }
    time_point sent_at() const noexcept { return sent_at_; }
    void fail(std::string_view why);

private:
    enum class state : std::uint8_t { closed, connecting, idle, writing, reading };

    void write_some();
    void read_some();
    void count_events(std::uint64_t fresh);
    void judge();
    void become_idle();
    void close();
    void want(std::uint32_t events);

    load_run& owner_;
    poll_timer retry_;
    socket_descriptor socket_;
    response_reader answer_;
    std::size_t written_ = 0;
    time_point start_{};
    time_point sent_at_{};
    time_point first_event_{};
    time_point last_event_{};
    std::uint32_t interest_ = 0;
    state state_ = state::closed;
    bool measured_ = false;
    bool fresh_ = true;
};

} // namespace cogate::transports::load
