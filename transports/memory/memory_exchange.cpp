#include "transports/memory/memory_exchange.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/error.hpp>

#include <algorithm>
#include <charconv>
#include <tuple>
#include <utility>

namespace cogate::transports {

namespace asio = boost::asio;
using ending = wire::scripted_reply::ending;

memory_exchange::memory_exchange(timers& clock, std::string origin, exchange_limits const& limits,
                                 std::shared_ptr<memory_transport::responder const> answer,
                                 std::shared_ptr<memory_transport::log> log, bool fresh)
    : clock_(clock),
      waiter_(clock),
      origin_(std::move(origin)),
      limits_(limits),
      answer_(std::move(answer)),
      log_(std::move(log)),
      fresh_(fresh)
{
    if (log_) {
        const std::lock_guard lock(log_->mutex);
        record_ = log_->records.size();
        log_->records.emplace_back().origin = origin_;
        log_->records.back().fresh = fresh_;
    }
}

memory_exchange::~memory_exchange()
{
    note(complete_ ? &memory_transport::record::complete : &memory_transport::record::cancelled);
}

void memory_exchange::note(bool memory_transport::record::*what)
{
    if (log_) {
        const std::lock_guard lock(log_->mutex);
        log_->records[record_].*what = true;
    }
}

failure memory_exchange::cancelled() const
{
    return failure{error_kind::cancelled, "the exchange with " + origin_ + " was cancelled"}.with_code(
        "cancelled");
}

failure memory_exchange::timed_out(phase what, bool total) const
{
    if (total) {
        return failure{error_kind::timeout,
                       "the time for the whole call ran out while waiting for " + origin_}
            .with_code("timeout_total");
    }
    if (what == phase::first_byte) {
        return failure{error_kind::timeout, origin_ + " did not start its answer in time"}.with_code(
            "timeout_first_byte");
    }
    return failure{error_kind::timeout, origin_ + " stopped sending within its answer"}.with_code(
        "timeout_idle");
}

asio::awaitable<result<void>> memory_exchange::send(std::span<std::string_view const> pieces)
{
    if (cancelled_) {
        co_return cancelled();
    }
    for (std::string_view piece : pieces) {
        request_.append(piece);
    }
    reply_ = (*answer_)(request_);
    if (log_) {
        const std::lock_guard lock(log_->mutex);
        log_->records[record_].request = request_;
    }
    if (reply_.end == ending::refuse) {
        co_return failure{error_kind::connection, "connection to " + origin_ + " was refused"}.with_code(
            "upstream_connect");
    }
    co_return result<void>();
}

asio::awaitable<std::optional<failure>> memory_exchange::pass(std::optional<std::chrono::milliseconds> delay,
                                                              phase what)
{
    if (cancelled_) {
        co_return cancelled();
    }
    if (delay && delay->count() <= 0) {
        co_return std::nullopt;
    }
    const steady_time now = clock_.now();
    const steady_time phase_by = now + (what == phase::first_byte ? limits_.first_byte : limits_.idle);
    const steady_time limit = std::min(phase_by, limits_.total_by);
    const steady_time done = delay ? now + *delay : steady_time::max();
    std::tuple<boost::system::error_code> waited =
        co_await waiter_.wait_until(std::min(done, limit), asio::as_tuple(asio::deferred));
    if (cancelled_ || std::get<0>(waited) == asio::error::operation_aborted) {
        cancelled_ = true;
        co_return cancelled();
    }
    if (done <= limit) {
        co_return std::nullopt;
    }
    co_return timed_out(what, limits_.total_by <= phase_by);
}

asio::awaitable<result<response_head>> memory_exchange::receive_head()
{
    std::optional<failure> ended = co_await pass(reply_.head_delay, phase::first_byte);
    if (ended) {
        co_return *std::move(ended);
    }
    if (reply_.end == ending::no_answer) {
        co_return failure{error_kind::connection, origin_ + " closed the connection before it answered"}
            .with_code("upstream_closed");
    }
    response_head head;
    head.status = reply_.status;
    for (auto const& [name, value] : reply_.headers) {
        headers_.push_back({name, value});
        received_ += name.size() + value.size() + 4;
        if (name == "content-length") {
            std::uint64_t length = 0;
            std::from_chars(value.data(), value.data() + value.size(), length);
            head.content_length = length;
        }
    }
    head.headers = headers_;
    co_return head;
}

asio::awaitable<result<std::string_view>> memory_exchange::read_body()
{
    while (step_ < reply_.body.size()) {
        std::optional<failure> ended = co_await pass(reply_.body[step_].delay, phase::idle);
        if (ended) {
            co_return *std::move(ended);
        }
        const std::string_view bytes = reply_.body[step_++].bytes;
        // An empty view would be the end of the body.
        if (!bytes.empty()) {
            received_ += bytes.size();
            co_return bytes;
        }
    }
    if (reply_.end == ending::stall) {
        std::optional<failure> ended = co_await pass(std::nullopt, phase::idle);
        co_return *std::move(ended);
    }
    if (cancelled_) {
        co_return cancelled();
    }
    if (reply_.end == ending::cut) {
        co_return failure{error_kind::truncated,
                          origin_ + " closed the connection before its answer was complete"}
            .with_code("upstream_truncated");
    }
    complete_ = true;
    co_return std::string_view();
}

void memory_exchange::cancel() noexcept
{
    cancelled_ = true;
    waiter_.notify();
}

} // namespace cogate::transports
