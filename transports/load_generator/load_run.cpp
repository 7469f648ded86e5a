#include "transports/load_generator/load_run.hpp"

#include <algorithm>
#include <stdexcept>

namespace cogate::transports::load {

namespace {

constexpr std::chrono::milliseconds tick_interval(250);
/// Failed attempts to connect, per connection, after which a run that has not had one answer gives up.
constexpr std::uint64_t hopeless = 25;

double seconds_of(std::chrono::nanoseconds time)
{
    return std::chrono::duration<double>(time).count();
}

} // namespace

load_run::load_run(const load_options& how, const std::function<void(const load_progress&)>& progress)
    : options(how),
      target(how.host, how.port),
      progress_(progress),
      random_(how.seed),
      arrival_(
          loop, [](void* self) { static_cast<load_run*>(self)->arrive(); }, this),
      tick_(
          loop, [](void* self) { static_cast<load_run*>(self)->tick(); }, this),
      end_timer_(
          loop, [](void* self) { static_cast<load_run*>(self)->stop_when_quiet(); }, this),
      started_(poll_timer::clock::now()),
      begin_(started_ + how.warmup),
      end_(how.requests != 0 ? time_point::max() : begin_ + how.duration),
      due_(started_),
      last_report_(started_)
{
    for (unsigned i = 0; i < std::max(1U, how.connections); ++i) {
        connections_.push_back(std::make_unique<load_connection>(*this));
    }
}

load_report load_run::run()
{
    for (const auto& connection : connections_) {
        connection->open();
    }
    tick_.arm(started_ + tick_interval);
    if (options.schedule != arrivals::closed) {
        arrive();
    }
    if (options.requests == 0) {
        end_timer_.arm(end_);
    }
    loop.run();
    const time_point ended = std::min(poll_timer::clock::now(), end_);
    report.seconds = std::max(0.0, seconds_of(ended - begin_));
    report.rate = report.seconds > 0 ? static_cast<double>(completed_in_time_) / report.seconds : 0;
    report.unsent = waiting_.size();
    connections_.clear();
    return std::move(report);
}

bool load_run::over(time_point now) const noexcept
{
    return stopping_ || now >= end_ || (options.requests != 0 && report.completed >= options.requests);
}

void load_run::idle(load_connection& free)
{
    if (!free.is_idle()) {
        std::erase(free_, &free);
        if (stopping_) {
            stop_when_quiet();
        } else {
            free.open();
        }
        return;
    }
    const time_point now = poll_timer::clock::now();
    if (over(now)) {
        stop_when_quiet();
    } else if (options.schedule == arrivals::closed) {
        free.send(now, measures(now));
    } else if (!waiting_.empty()) {
        const time_point due = waiting_.front();
        waiting_.pop_front();
        free.send(due, measures(due));
    } else {
        free_.push_back(&free);
    }
}

std::chrono::nanoseconds load_run::next_interval()
{
    const double mean = 1e9 / options.rate;
    if (options.schedule == arrivals::fixed) {
        return std::chrono::nanoseconds(static_cast<std::int64_t>(mean));
    }
    std::exponential_distribution<double> interval(1.0);
    return std::chrono::nanoseconds(static_cast<std::int64_t>(mean * interval(random_)));
}

/// Sends all that is due by now, on time or, without a free connection, as soon as there is one.
void load_run::arrive()
{
    const time_point now = poll_timer::clock::now();
    if (over(now)) {
        return;
    }
    while (due_ <= now && due_ < end_) {
        if (free_.empty()) {
            waiting_.push_back(due_);
        } else {
            load_connection& free = *free_.back();
            free_.pop_back();
            free.send(due_, measures(due_));
        }
        due_ += next_interval();
    }
    if (due_ < end_) {
        arrival_.arm(due_);
    }
}

void load_run::tick()
{
    const time_point now = poll_timer::clock::now();
    for (const auto& connection : connections_) {
        if (connection->busy() && now - connection->sent_at() > options.timeout) {
            connection->fail("timeout");
        }
    }
    if (progress_ && now - last_report_ >= std::chrono::seconds(1)) {
        load_progress state;
        state.seconds = seconds_of(now - started_);
        state.completed = report.completed_total;
        state.failed = report.failed;
        state.rate =
            static_cast<double>(report.completed_total - last_completed_) / seconds_of(now - last_report_);
        last_completed_ = report.completed_total;
        last_report_ = now;
        progress_(state);
    }
    tick_.arm(now + tick_interval);
}

/// Ends the run once no request is under way; each of them ends by its answer or its timeout.
void load_run::stop_when_quiet()
{
    stopping_ = true;
    const bool busy = std::any_of(connections_.begin(), connections_.end(),
                                  [](const auto& connection) { return connection->busy(); });
    if (!busy) {
        loop.stop();
    }
}

void load_run::failed(std::string_view why)
{
    ++report.errors[std::string(why)];
    ++report.failed;
}

void load_run::connect_failed()
{
    failed("connect");
    if (report.connects == 0 && report.failed > hopeless * connections_.size()) {
        loop.stop();
    } else if (stopping_) {
        stop_when_quiet();
    }
}

void load_run::succeeded(const response_reader& answer, time_point start, time_point now, bool measured)
{
    ++report.completed_total;
    if (!measured) {
        return;
    }
    ++report.completed;
    completed_in_time_ += now < end_ ? 1 : 0;
    report.body_bytes += answer.body_bytes();
    report.events += answer.events();
    report.latency.record((now - start).count());
}

load_report run_load(const load_options& options, const std::function<void(const load_progress&)>& progress)
{
    if (options.schedule != arrivals::closed && !(options.rate > 0)) {
        throw std::invalid_argument("an open loop needs a rate");
    }
    load_run run(options, progress);
    return run.run();
}

} // namespace cogate::transports::load
