#include "transports/listener/worker.hpp"

#include "transports/listener/session.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include <exception>
#include <memory>
#include <utility>

namespace cogate::transports {

worker::worker(listener_shared& shared)
    : shared_(shared),
      timers_(timers::of(context_)),
      turn_(send_turn::of(context_)),
      guard_(context_.get_executor())
{}

worker::~worker()
{
    // A coroutine that waits for a read is owned by its own session: the circle is broken here.
    for (session_list* list : {&idle_, &busy_}) {
        for (auto next = list->begin(); next != list->end();) {
            session& which = *next++;
            which.abandon();
        }
    }
}

void worker::run() noexcept
{
    for (;;) {
        try {
            context_.run();
            return;
        } catch (...) {
            // A failed allocation while a completion was being delivered: the others go on.
            continue;
        }
    }
}

void worker::take_over(client_socket socket, boost::asio::ip::tcp::endpoint const& peer)
{
    struct start_session {
        worker* self;
        client_socket socket;
        boost::asio::ip::tcp::endpoint peer;
        void operator()() { self->start(std::move(socket), peer); }
    };
    ++connections_;
    try {
        boost::asio::post(context_, start_session{this, std::move(socket), peer});
    } catch (...) {
        connection_ended();
        throw;
    }
}

void worker::start(client_socket socket, boost::asio::ip::tcp::endpoint const& peer) noexcept
{
    bool counted = false;
    try {
        auto made = std::make_unique<session>(*this, std::move(socket), peer);
        counted = true; // from here on the session's destructor counts it out
        boost::asio::co_spawn(context_, session::serve(std::move(made)), [](std::exception_ptr const&) {});
    } catch (...) {
        if (!counted) {
            connection_ended();
        }
    }
}

void worker::close_idle() noexcept
{
    for (session& which : idle_) {
        which.close_idle();
    }
}

void worker::shed_idle() noexcept
{
    for (session& which : idle_) {
        if (which.shed()) {
            return;
        }
    }
}

void worker::abort_all() noexcept
{
    // The callback of a handler may end its session in the same turn.
    for (session_list* list : {&idle_, &busy_}) {
        for (auto next = list->begin(); next != list->end();) {
            session& which = *next++;
            which.abort();
        }
    }
}

void worker::now_idle(session& which) noexcept
{
    which.unlink();
    idle_.push_back(which);
}

void worker::now_busy(session& which) noexcept
{
    which.unlink();
    busy_.push_back(which);
}

void worker::connection_ended() noexcept
{
    --connections_;
    if (shared_.draining.load() && shared_.connection_ended != nullptr) {
        shared_.connection_ended(shared_.context);
    }
}

} // namespace cogate::transports
