#include "transports/load_generator/load_connection.hpp"

#include "transports/load_generator/load_run.hpp"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <cerrno>
#include <string>

namespace cogate::transports::load {

namespace {

constexpr std::chrono::milliseconds reconnect_pause(20);

} // namespace

load_connection::load_connection(load_run& owner)
    : owner_(owner),
      retry_(
          owner.loop, [](void* self) { static_cast<load_connection*>(self)->open(); }, this),
      answer_(owner.options.mark)
{}

load_connection::~load_connection()
{
    close();
}

void load_connection::open()
{
    socket_ = owner_.target.connect();
    if (!socket_.valid()) {
        owner_.connect_failed();
        retry_.arm(poll_timer::clock::now() + reconnect_pause);
        return;
    }
    state_ = state::connecting;
    interest_ = EPOLLOUT;
    owner_.loop.watch(socket_.get(), *this, interest_);
}

void load_connection::close()
{
    if (socket_.valid()) {
        owner_.loop.forget(socket_.get(), *this);
        socket_.reset();
    }
    state_ = state::closed;
}

void load_connection::send(time_point start, bool measured)
{
    state_ = state::writing;
    start_ = start;
    measured_ = measured;
    written_ = 0;
    first_event_ = {};
    last_event_ = {};
    answer_.begin();
    sent_at_ = poll_timer::clock::now();
    write_some();
}

void load_connection::on_ready(std::uint32_t events)
{
    if (state_ == state::connecting) {
        if (socket_error(socket_.get()) != 0) {
            close();
            owner_.connect_failed();
            retry_.arm(poll_timer::clock::now() + reconnect_pause);
            return;
        }
        owner_.connected();
        fresh_ = true;
        want(EPOLLIN);
        become_idle();
        return;
    }
    if (state_ == state::writing && (events & EPOLLOUT) != 0) {
        write_some();
    }
    if ((events & ~std::uint32_t{EPOLLOUT}) != 0 && socket_.valid()) {
        read_some();
    }
}

void load_connection::write_some()
{
    const std::string_view request = owner_.options.request;
    while (written_ < request.size()) {
        const ssize_t put =
            ::send(socket_.get(), request.data() + written_, request.size() - written_, MSG_NOSIGNAL);
        if (put < 0) {
            if (errno == EAGAIN || errno == EINTR) {
                want(EPOLLIN | EPOLLOUT);
                return;
            }
            fail("write");
            return;
        }
        written_ += static_cast<std::size_t>(put);
    }
    want(EPOLLIN);
    state_ = state::reading;
}

void load_connection::read_some()
{
    for (;;) {
        const ssize_t got = ::recv(socket_.get(), owner_.scratch.data(), owner_.scratch.size(), 0);
        if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
            return;
        }
        if (!busy()) {
            // The server may end an idle connection; anything it says unasked is an error.
            if (got > 0) {
                owner_.failed("unasked_bytes");
            }
            close();
            owner_.idle(*this);
            return;
        }
        if (got <= 0) {
            if (got == 0 && answer_.end_of_input() == response_reader::status::complete) {
                judge();
            } else {
                fail(answer_.started() ? "truncated" : (fresh_ ? "no_answer" : "closed_before_answer"));
            }
            return;
        }
        const std::uint64_t events_before = answer_.events();
        const auto status = answer_.feed({owner_.scratch.data(), static_cast<std::size_t>(got)});
        if (owner_.options.stream && answer_.events() != events_before) {
            count_events(answer_.events() - events_before);
        }
        if (status == response_reader::status::bad) {
            fail("bad_http");
            return;
        }
        if (status == response_reader::status::complete) {
            judge();
            return;
        }
        if (static_cast<std::size_t>(got) < owner_.scratch.size()) {
            return;
        }
    }
}

void load_connection::count_events(std::uint64_t fresh)
{
    const time_point now = poll_timer::clock::now();
    if (first_event_ == time_point()) {
        first_event_ = now;
    } else if (measured_) {
        owner_.report.event_gap.record((now - last_event_).count());
    }
    last_event_ = now;
    for (std::uint64_t i = 1; measured_ && i < fresh; ++i) {
        owner_.report.event_gap.record(0);
    }
}

/// The answer's framing has ended: was it a good one?
void load_connection::judge()
{
    if (answer_.code() != 200) {
        owner_.failed("http_" + std::to_string(answer_.code()));
    } else if (owner_.options.stream && answer_.error_event()) {
        owner_.failed("error_event");
    } else if (owner_.options.stream && !answer_.done_event()) {
        owner_.failed("no_done");
    } else if (!owner_.options.stream && answer_.last_byte() != '}') {
        owner_.failed("bad_body");
    } else {
        owner_.succeeded(answer_, start_, poll_timer::clock::now(), measured_);
        if (owner_.options.stream && measured_) {
            owner_.report.first_event.record((first_event_ - start_).count());
        }
    }
    fresh_ = false;
    if (!answer_.keep_alive()) {
        close();
    }
    become_idle();
}

void load_connection::fail(std::string_view why)
{
    owner_.failed(why);
    close();
    become_idle();
}

void load_connection::become_idle()
{
    if (state_ != state::closed) {
        state_ = state::idle;
    }
    owner_.idle(*this);
}

void load_connection::want(std::uint32_t events)
{
    if (events != interest_) {
        interest_ = events;
        owner_.loop.change(socket_.get(), *this, events);
    }
}

} // namespace cogate::transports::load
