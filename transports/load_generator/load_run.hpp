#pragma once

#include "transports/load_generator/load_connection.hpp"
#include "transports/load_generator/load_generator.hpp"

#include <array>
#include <deque>
#include <memory>
#include <random>
#include <string_view>
#include <vector>

namespace cogate::transports::load {

/// The schedule and the books of one run. Used by one thread.
class load_run {
public:
    using time_point = poll_timer::clock::time_point;

    load_run(const load_options& options, const std::function<void(const load_progress&)>& progress);

    load_report run();

    // What connections tell.
    void idle(load_connection& free);
    void failed(std::string_view why);
    void succeeded(const response_reader& answer, time_point start, time_point now, bool measured);
    void connected() noexcept { ++report.connects; }
    void connect_failed();

    const load_options& options;
    poller loop;
    tcp_target target;
    load_report report;
    std::array<char, 256 * 1024> scratch;

private:
    bool measures(time_point start) const noexcept { return start >= begin_ && start < end_; }
    bool over(time_point now) const noexcept;
    void arrive();
    void tick();
    void stop_when_quiet();
    std::chrono::nanoseconds next_interval();

    const std::function<void(const load_progress&)>& progress_;
    std::mt19937_64 random_;
    poll_timer arrival_;
    poll_timer tick_;
    poll_timer end_timer_;
    std::vector<std::unique_ptr<load_connection>> connections_;
    std::vector<load_connection*> free_;
    std::deque<time_point> waiting_;
    time_point started_;
    time_point begin_;
    time_point end_;
    time_point due_;
    time_point last_report_;
    std::uint64_t last_completed_ = 0;
    std::uint64_t completed_in_time_ = 0;
    bool stopping_ = false;
};

} // namespace cogate::transports::load
