#include "transports/listener/session.hpp"

#include "lib/wire/head_builder.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/error.hpp>

#include <algorithm>
#include <array>
#include <tuple>

namespace cogate::transports {

namespace {

constexpr std::size_t pieces_per_call = 16;
constexpr std::size_t linger_bytes = 64 * 1024;
constexpr std::chrono::milliseconds linger_time{1'000};

/// Buffers of one system call, on the stack.
struct gather {
    std::array<boost::asio::const_buffer, pieces_per_call> buffers;
    std::size_t count = 0;

    using value_type = boost::asio::const_buffer;
    using const_iterator = boost::asio::const_buffer const*;
    const_iterator begin() const noexcept { return buffers.data(); }
    const_iterator end() const noexcept { return buffers.data() + count; }
};

/// How far the pieces have been sent.
struct send_position {
    std::size_t piece = 0;
    std::size_t offset = 0;
};

void advance(send_position& at, std::span<std::string_view const> pieces, std::size_t sent) noexcept
{
    while (at.piece < pieces.size() && sent >= pieces[at.piece].size() - at.offset) {
        sent -= pieces[at.piece].size() - at.offset;
        at.offset = 0;
        ++at.piece;
    }
    at.offset += sent;
}

/// A small answer as one piece: copying it costs less than the kernel's work with a list of pieces.
class one_piece {
public:
    explicit one_piece(std::span<std::string_view const> pieces) noexcept
    {
        if (pieces.size() == 1) {
            whole_ = pieces.front();
            return;
        }
        std::size_t total = 0;
        for (std::string_view const piece : pieces) {
            total += piece.size();
        }
        if (total > bytes_.size()) {
            return;
        }
        std::size_t used = 0;
        for (std::string_view const piece : pieces) {
            used += piece.copy(bytes_.data() + used, piece.size());
        }
        whole_ = {bytes_.data(), used};
    }

    /// Empty when the pieces are too large, or empty themselves.
    std::string_view view() const noexcept { return whole_; }

private:
    std::array<char, 8 * 1024> bytes_; // not cleared: only what was copied is read
    std::string_view whole_;
};

/// Sends until all is gone or the socket takes no more. Writing at once saves a turn of the event loop.
boost::system::error_code send_now(client_socket& socket, std::span<std::string_view const> pieces,
                                   send_position& at)
{
    boost::system::error_code ec;
    advance(at, pieces, 0);
    if (at.piece == 0 && at.offset == 0) {
        one_piece const whole(pieces);
        if (!whole.view().empty()) {
            std::size_t const sent =
                socket.write_some(boost::asio::const_buffer(whole.view().data(), whole.view().size()), ec);
            advance(at, pieces, sent);
        }
    }
    while (at.piece < pieces.size() && !ec) {
        gather batch;
        std::size_t offset = at.offset;
        for (std::size_t i = at.piece; i < pieces.size() && batch.count < pieces_per_call; ++i) {
            std::string_view const rest = pieces[i].substr(offset);
            offset = 0;
            batch.buffers[batch.count++] = boost::asio::const_buffer(rest.data(), rest.size());
        }
        std::size_t const sent = socket.write_some(batch, ec);
        advance(at, pieces, sent);
    }
    return ec;
}

} // namespace

boost::asio::awaitable<bool> session::write(std::span<std::string_view const> pieces)
{
    wrote_ = true;
    return send(pieces);
}

boost::asio::awaitable<bool> session::send(std::span<std::string_view const> pieces)
{
    send_position at;
    if (worker_.turn().waits()) {
        auto later = worker_.turn().end_of_turn();
        co_await std::move(later);
    }
    while (!dead_) {
        boost::system::error_code const ec = send_now(socket_, pieces, at);
        if (!ec) {
            co_return true;
        }
        if (ec != boost::asio::error::would_block && ec != boost::asio::error::try_again) {
            dead_ = true;
            break;
        }
        watch(phase::write, worker_.shared().limits.write_stall);
        auto const waited = co_await socket_.async_wait(client_socket::wait_write,
                                                        boost::asio::as_tuple(boost::asio::deferred));
        unwatch();
        dead_ = dead_ || std::get<0>(waited);
    }
    co_return false;
}

boost::asio::awaitable<void> session::refuse(refusal why)
{
    std::string body;
    worker_.shared().handler.write_refusal(why.status, why.reason, body);
    std::string head;
    wire::response_head_builder builder(head);
    builder.start(why.status).add("content-type", "application/json").content_length(body.size());
    builder.add("connection", "close");
    if (why.status == 405) {
        builder.add("allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
    }
    if (why.status == 503) {
        builder.add("retry-after", std::uint64_t{1});
    }
    bool const built = builder.finish();
    if (built) {
        std::string_view const content =
            parts_.method == "HEAD" ? std::string_view() : std::string_view(body);
        std::array<std::string_view, 2> const pieces{head, content};
        bool const sent = co_await send(pieces);
        if (sent && !gone_) {
            co_await linger();
        }
    }
}

/// Ends sending, then waits a little for the client to close: closing with unread bytes would reset the
/// connection, and the client might lose the answer.
boost::asio::awaitable<void> session::linger()
{
    boost::system::error_code ignored;
    socket_.shutdown(client_socket::shutdown_send, ignored);
    watch(phase::linger, linger_time);
    std::size_t budget = linger_bytes;
    while (budget > 0 && !gone_ && !dead_) {
        if (!reading_) {
            buffer_.clear();
            begin_ = next_ = 0;
            make_room();
            start_read(buffer_.tail(), buffer_.room(), read_target::buffer);
        }
        auto arrived = read_done();
        co_await std::move(arrived);
        budget -= std::min(budget, std::max<std::size_t>(buffer_.size(), 1));
    }
    unwatch();
}

} // namespace cogate::transports
