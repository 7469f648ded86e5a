#include "transports/listener/session.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>

namespace cogate::transports {

namespace {

wire::inbound_limits guard_limits(inbound_limits const& limits)
{
    wire::inbound_limits caps;
    caps.max_head_bytes = limits.head_bytes;
    caps.max_body_bytes = limits.body_bytes;
    return caps;
}

std::string peer_text(boost::asio::ip::tcp::endpoint const& peer)
{
    boost::asio::ip::address const address = peer.address();
    if (address.is_v6() && address.to_v6().is_v4_mapped()) {
        return boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, address.to_v6()).to_string();
    }
    return address.to_string();
}

} // namespace

session::session(worker& owner, client_socket socket, boost::asio::ip::tcp::endpoint const& peer)
    : worker_(owner),
      socket_(std::move(socket)),
      deadline_(owner.clock(), &session::on_deadline, this),
      guard_(guard_limits(owner.shared().limits)),
      peer_(peer_text(peer)),
      held_(owner.shared().bodies),
      pace_(owner.shared().limits.body_rate, owner.shared().limits.body_time)
{
    boost::system::error_code ignored; // a socket that refuses an option fails at its first read
    socket_.set_option(boost::asio::ip::tcp::no_delay(true), ignored);
    socket_.non_blocking(true, ignored);
}

session::~session()
{
    if (in_request_) {
        worker_.request_ended();
    }
    unlink();
    worker_.connection_ended();
}

boost::asio::awaitable<void> session::serve(std::unique_ptr<session> which)
{
    try {
        co_await which->run();
    } catch (...) {
        // Out of memory: this connection ends, the others go on.
        which->close_socket();
    }
    retire(std::move(which));
}

void session::retire(std::unique_ptr<session> which) noexcept
{
    which->unwatch();
    which->close_socket();
    if (which->reading_) {
        session* const waits_for_read = which.release();
        waits_for_read->retired_ = true;
    }
}

boost::asio::awaitable<void> session::run()
{
    bool open = true;
    while (open) {
        bool const received = co_await receive_head();
        open = received;
        if (received) {
            bool const again = co_await answer();
            open = again;
        }
    }
}

boost::asio::awaitable<bool> session::receive_head()
{
    wait_for_request();
    progress got = advance_head();
    while (got == progress::more && !gone_ && !dead_ && !timed_out_) {
        if (!reading_) {
            make_room();
            start_read(buffer_.tail(), buffer_.room(), read_target::buffer);
        }
        auto arrived = read_done();
        co_await std::move(arrived);
        if (!read_error_) {
            worker_.now_busy(*this);
            got = advance_head();
            if (got == progress::more && phase_ == phase::idle) {
                watch(phase::head, worker_.shared().limits.head_time);
            }
        }
    }
    unwatch();
    if (got == progress::more && timed_out_) {
        got = refuse_later(408, "request head took too long");
    }
    if (got == progress::refused && !dead_) {
        co_await refuse(refusal_);
    }
    co_return got == progress::ready && !dead_;
}

boost::asio::awaitable<bool> session::answer()
{
    in_request_ = true;
    worker_.request_began();
    bool failed = false;
    try {
        co_await worker_.shared().handler.handle(*this);
    } catch (...) {
        failed = true;
    }
    worker_.request_ended();
    in_request_ = false;
    gone_callback_ = nullptr;
    if (dead_ || (gone_ && !wrote_)) {
        co_return false;
    }
    if (!wrote_) {
        refusal const why{500, failed ? "internal error" : "no answer"};
        co_await refuse(why);
        co_return false;
    }
    bool const open = !failed && keep_alive();
    if (open) {
        end_request();
    } else if (!failed && !gone_ && (!body_complete_ || sent_ahead() > 0)) {
        co_await linger();
    }
    co_return open;
}

bool session::keep_alive() const noexcept
{
    return client_keeps_ && body_complete_ && !close_after_ && !gone_ && !dead_ &&
           !worker_.shared().draining.load(std::memory_order_relaxed);
}

void session::start_read(char* where, std::size_t size, read_target target)
{
    target_ = target;
    socket_.async_read_some(boost::asio::buffer(where, size), read_handler{this});
    reading_ = true;
}

void session::start_read_later(char* where, std::size_t size, read_target target)
{
    target_ = target;
    later_ = where;
    later_size_ = size;
    socket_.async_wait(client_socket::wait_read, ready_handler{this});
    reading_ = true;
}

void session::on_readable(boost::system::error_code ec)
{
    std::size_t bytes = 0;
    if (!ec && !retired_ && !dead_) {
        bytes = socket_.read_some(boost::asio::buffer(later_, later_size_), ec);
        if (ec == boost::asio::error::would_block || ec == boost::asio::error::try_again) {
            start_read_later(later_, later_size_, target_);
            return;
        }
    } else if (!ec) {
        ec = boost::asio::error::operation_aborted;
    }
    on_read(ec, bytes);
}

void session::on_read(boost::system::error_code ec, std::size_t bytes)
{
    reading_ = false;
    if (retired_) {
        delete this;
        return;
    }
    read_error_ = ec;
    if (phase_ == phase::body) {
        pace_.came(bytes);
    }
    switch (target_) {
    case read_target::buffer: buffer_.grown(bytes); break;
    case read_target::spare: spare_.grown(bytes); break;
    case read_target::body:
        body_.grown(bytes);
        body_left_ -= bytes;
        break;
    }
    bool const cancelled = timed_out_ && ec == boost::asio::error::operation_aborted;
    if (waiter_) {
        gone_ = gone_ || (ec && !cancelled);
        boost::asio::any_completion_handler<void()> resume(std::move(*waiter_));
        waiter_.reset();
        std::move(resume)(); // may end the session
    } else if (ec && !cancelled) {
        client_gone();
    }
}

void session::client_gone() noexcept
{
    gone_ = true;
    if (auto const callback = std::exchange(gone_callback_, nullptr); callback != nullptr) {
        callback(gone_context_);
    }
}

void session::on_disconnect(void (*callback)(void*) noexcept, void* context) noexcept
{
    gone_callback_ = callback;
    gone_context_ = context;
    if (gone_) {
        client_gone();
    }
}

void session::close_socket() noexcept
{
    dead_ = true;
    boost::system::error_code ignored;
    socket_.close(ignored);
}

void session::close_idle() noexcept
{
    // A request of a connection that was just made may be on its way.
    if (served_) {
        close_socket();
    } else {
        watch(phase::idle, drain_patience);
    }
}

bool session::shed() noexcept
{
    bool const open = !dead_;
    close_socket();
    return open;
}

void session::abort() noexcept
{
    close_socket();
    client_gone();
}

void session::abandon() noexcept
{
    if (retired_) {
        delete this;
    } else if (waiter_) {
        // Dropped without being called: that destroys the coroutine, which owns this session.
        std::optional<boost::asio::any_completion_handler<void()>> const dropped(std::move(*waiter_));
        waiter_.reset();
    }
}

void session::watch(phase what, std::chrono::milliseconds limit) noexcept
{
    phase_ = what;
    deadline_.arm(worker_.clock().now() + limit);
}

void session::on_deadline(void* self) noexcept
{
    session& which = *static_cast<session*>(self);
    switch (which.phase_) {
    case phase::head:
    case phase::body: {
        // The client can still be told why.
        which.timed_out_ = true;
        boost::system::error_code ignored;
        which.socket_.cancel(ignored);
        break;
    }
    case phase::idle:
    case phase::write:
    case phase::linger: which.close_socket(); break;
    case phase::none: break;
    }
}

} // namespace cogate::transports
