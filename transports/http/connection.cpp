#include "transports/http/connection.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/error.hpp>

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <tuple>
#include <utility>

namespace cogate::transports {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using io_outcome = std::tuple<error_code, std::size_t>;

namespace {

tcp::socket::wait_type wait_for(tls_stream::want what) noexcept
{
    return what == tls_stream::want::write ? tcp::socket::wait_write : tcp::socket::wait_read;
}

} // namespace

connection::connection(asio::any_io_executor const& executor, endpoint const& where,
                       std::shared_ptr<transport_stats> stats)
    : origin_(where.url.origin()),
      pool_key_(where.pool_key),
      stats_(std::move(stats)),
      clock_(timers_of(executor)),
      turn_(send_turn::of(asio::query(executor, asio::execution::context))),
      watchdog_(clock_, &connection::expired, this),
      socket_(executor)
{}

connection::~connection() = default;

void connection::arm(phase what, std::chrono::milliseconds limit, exchange_limits const& limits) noexcept
{
    phase_ = what;
    total_by_ = limits.total_by;
    watchdog_.arm(std::min(clock_.now() + limit, limits.total_by));
}

void connection::expired(void* self) noexcept
{
    auto* const me = static_cast<connection*>(self);
    me->expired_ = true;
    me->close();
}

void connection::cancel() noexcept
{
    cancelled_ = true;
    close();
}

void connection::close() noexcept
{
    error_code ignored;
    socket_.close(ignored);
}

std::optional<failure> connection::ended_by_us(error_code why) noexcept
{
    watchdog_.disarm();
    if (!cancelled_ && expired_) {
        return failures::timed_out(origin_, phase_, clock_.now() >= total_by_);
    }
    if (cancelled_ || why == asio::error::operation_aborted) {
        cancel();
        return failures::cancelled(origin_);
    }
    return std::nullopt;
}

asio::awaitable<result<response_head>> connection::receive_head(exchange_limits const& limits)
{
    arm(phase::first_byte, limits.first_byte, limits);
    for (;;) {
        const response_reader::progress step = reader_.parse_head();
        if (step == response_reader::progress::ready) {
            watchdog_.disarm();
            co_return reader_.head();
        }
        if (step == response_reader::progress::bad) {
            watchdog_.disarm();
            failed_ = true;
            close();
            co_return failures::bad_http(origin_, reader_.fault());
        }
        error_code why = asio::error::operation_aborted;
        if (tls_) {
            why = co_await fill_tls();
        } else if (!cancelled_ && !expired_) {
            // Right after the request nothing can have come: waiting costs the kernel less than trying in vain.
            const std::tuple<error_code> waited =
                co_await socket_.async_wait(tcp::socket::wait_read, asio::as_tuple(asio::deferred));
            why = std::get<0>(waited) ? std::get<0>(waited) : fill_now();
        }
        if (why) {
            failed_ = true;
            if (std::optional<failure> ours = ended_by_us(why)) {
                co_return *std::move(ours);
            }
            close();
            co_return failures::closed_early(origin_, reader_.received() != 0);
        }
    }
}

std::optional<result<std::string_view>> connection::body_at_hand()
{
    std::string_view piece;
    switch (reader_.parse_body(piece)) {
    case response_reader::progress::ready: watchdog_.disarm(); return piece;
    case response_reader::progress::need_more: return std::nullopt;
    case response_reader::progress::bad: break;
    }
    watchdog_.disarm();
    failed_ = true;
    close();
    return failures::bad_http(origin_, reader_.fault());
}

asio::awaitable<result<std::string_view>> connection::read_body(exchange_limits const& limits)
{
    bool ended = false;
    for (;;) {
        if (std::optional<result<std::string_view>> here = body_at_hand()) {
            co_return *std::move(here);
        }
        if (ended) {
            close();
            co_return failures::truncated(origin_);
        }
        if (!watchdog_.armed()) {
            arm(phase::idle, limits.idle, limits);
        }
        error_code why = asio::error::operation_aborted;
        if (tls_) {
            why = co_await fill_tls();
        } else if (!cancelled_ && !expired_) {
            const std::span<char> room = reader_.prepare();
            const asio::mutable_buffer buffer(room.data(), room.size());
            const io_outcome outcome =
                co_await socket_.async_read_some(buffer, asio::as_tuple(asio::deferred));
            reader_.commit(std::get<1>(outcome));
            why = std::get<0>(outcome);
        }
        if (why) {
            failed_ = true;
            if (std::optional<failure> ours = ended_by_us(why)) {
                co_return *std::move(ours);
            }
            // Without the mark of an orderly end (TLS: close_notify) even a body that runs to EOF is cut.
            ended = true;
            if (why == asio::error::eof) {
                reader_.end_of_stream();
            }
        } else {
            watchdog_.disarm();
        }
    }
}

// What the socket has; nothing is no error.
error_code connection::fill_now()
{
    if (cancelled_ || expired_) {
        return asio::error::operation_aborted;
    }
    error_code why;
    const std::span<char> room = reader_.prepare();
    reader_.commit(socket_.read_some(asio::mutable_buffer(room.data(), room.size()), why));
    return why == asio::error::would_block || why == asio::error::try_again ? error_code{} : why;
}

asio::awaitable<error_code> connection::fill_tls()
{
    tls_stream::step got;
    if (reader_.received() == 0 && !tls_->buffered()) {
        got.wants = tls_stream::want::read; // as in receive_head
    }
    for (;;) {
        if (got.wants != tls_stream::want::nothing) {
            const std::tuple<error_code> waited =
                co_await socket_.async_wait(wait_for(got.wants), asio::as_tuple(asio::deferred));
            if (std::get<0>(waited)) {
                co_return std::get<0>(waited);
            }
        }
        if (cancelled_ || expired_) {
            co_return asio::error::operation_aborted;
        }
        got = tls_->read(reader_.prepare());
        if (got.bytes != 0) {
            reader_.commit(got.bytes);
            drain_tls();
        }
        if (got.wants == tls_stream::want::nothing) {
            co_return got.why;
        }
    }
}

asio::awaitable<error_code> connection::ready_for(tls_stream::want what)
{
    const std::tuple<error_code> waited =
        co_await socket_.async_wait(wait_for(what), asio::as_tuple(asio::deferred));
    co_return std::get<0>(waited);
}

// One read gives one record, although the socket may have brought many. Taking those at once spares a write to
// the client for each. An error comes again in the next read.
void connection::drain_tls() noexcept
{
    while (!reader_.spare().empty() && tls_->buffered()) {
        const tls_stream::step got = tls_->read(reader_.spare());
        if (got.bytes == 0) {
            return;
        }
        reader_.commit(got.bytes);
    }
}

connection_facts connection::facts() const noexcept
{
    connection_facts known;
    known.request_written = written_;
    known.response_complete = reader_.complete();
    known.kept_alive = reader_.reusable();
    known.bytes_left = reader_.buffered() || (tls_ && tls_->buffered());
    known.cancelled = cancelled_;
    known.timed_out = expired_;
    known.failed = failed_;
    return known;
}

void connection::rest() noexcept
{
    watchdog_.disarm();
    reader_.next_message();
    reader_.shrink();
    if (outgoing_.capacity() > response_reader::initial_capacity) {
        outgoing_ = {};
    }
    phase_ = phase::none;
    written_ = false;
}

bool connection::stale() noexcept
{
    if (!socket_.is_open()) {
        return true;
    }
    char byte = 0;
    const ssize_t seen = ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return seen >= 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
}

} // namespace cogate::transports
