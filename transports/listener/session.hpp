#pragma once

#include "transports/listener/body_pace.hpp"
#include "transports/listener/byte_budget.hpp"
#include "transports/listener/byte_buffer.hpp"
#include "transports/listener/listener.hpp"
#include "transports/listener/request_parser.hpp"
#include "transports/listener/worker.hpp"

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/system/error_code.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace cogate::transports {

/// While draining, a connection without a request gets this long to send one.
inline constexpr std::chrono::milliseconds drain_patience{1'000};

/// Most bodies fit; memory that nothing has come for is not touched, so an announcement alone costs no pages.
inline constexpr std::size_t first_body_capacity = 128 * 1024;

/// One inbound connection and, at any time, at most one request of it.
///
/// Life: `serve` is its coroutine and owns it. Reads are not awaited where they are started: one read is
/// kept pending while a handler works, so that the client's going is noticed, and the same read brings the
/// next request. Its completion stores what came and wakes the coroutine if that waits.
///
/// Memory: `buffer_` holds the request from `begin_` to `next_`, then whatever the client sent ahead. A body
/// lies in it when it fits; a larger or chunked one goes to `body_`, out of the budget of all connections. Both
/// shrink after large requests.
///
/// Early answers: a handler may answer before it read the body. If the whole body had arrived with the head it
/// is dropped and the connection goes on; a chunked one counts as not arrived. Otherwise `keep_alive()` is
/// false until `read_body` succeeded, so the answer says close, and the close lingers so that the client can
/// read it.
class session final : public inbound_request, public session_hook {
public:
    session(worker& owner, client_socket socket, boost::asio::ip::tcp::endpoint const& peer);
    ~session() override;

    /// Serves the connection until it is closed, then ends the session. Nothing escapes it.
    static boost::asio::awaitable<void> serve(std::unique_ptr<session> which);

    void close_idle() noexcept; ///< draining: for sessions on the idle list
    bool shed() noexcept;       ///< true when it was closed, false for a connection that is closing already
    void abort() noexcept;      ///< acts as if the client had gone
    /// The context runs no more: destroys the coroutine, and with it this, if it waits for a read.
    void abandon() noexcept;

    std::string_view method() const noexcept override { return parts_.method; }
    std::string_view target() const noexcept override { return parts_.target; }
    int version() const noexcept override { return parts_.version; }
    std::span<wire::header const> headers() const noexcept override { return parts_.headers; }
    bool keep_alive() const noexcept override;
    void close_after() noexcept override { close_after_ = true; }
    std::chrono::steady_clock::time_point received_at() const noexcept override { return received_at_; }
    std::string_view peer() const noexcept override { return peer_; }
    boost::asio::awaitable<result<std::string_view>> read_body() override;
    boost::asio::awaitable<result<std::string_view>> read_body_some() override;
    boost::asio::awaitable<bool> write(std::span<std::string_view const> pieces) override;
    void on_disconnect(void (*callback)(void*) noexcept, void* context) noexcept override;

private:
    enum class phase : unsigned char { none, idle, head, body, write, linger };
    enum class read_target : unsigned char { buffer, spare, body };
    enum class progress : unsigned char { more, piece, ready, refused };
    enum class framing : unsigned char { none, in_place, sized, chunked };

    struct refusal {
        int status = 0;
        std::string_view reason;
    };
    struct read_handler {
        session* self;
        void operator()(boost::system::error_code ec, std::size_t bytes) const { self->on_read(ec, bytes); }
    };
    struct ready_handler {
        session* self;
        void operator()(boost::system::error_code ec) const { self->on_readable(ec); }
    };
    struct read_waiter {
        session* self;
        template <class Handler>
        void operator()(Handler&& handler) const
        {
            self->waiter_.emplace(std::forward<Handler>(handler));
        }
    };

    // session.cpp: the connection
    boost::asio::awaitable<void> run();
    static void retire(std::unique_ptr<session> which) noexcept;
    boost::asio::awaitable<bool> receive_head();
    boost::asio::awaitable<bool> answer();
    void start_read(char* where, std::size_t size, read_target target);
    /// A read that is not expected to find anything yet: waits first, which costs the kernel less than trying.
    void start_read_later(char* where, std::size_t size, read_target target);
    void on_readable(boost::system::error_code ec);
    void on_read(boost::system::error_code ec, std::size_t bytes);
    /// Completes when the pending read did; to be awaited only while `reading_`.
    auto read_done()
    {
        return boost::asio::async_initiate<boost::asio::deferred_t const&, void()>(read_waiter{this},
                                                                                   boost::asio::deferred);
    }
    void client_gone() noexcept;
    void close_socket() noexcept;
    void watch(phase what, std::chrono::milliseconds limit) noexcept;
    void unwatch() noexcept
    {
        phase_ = phase::none;
        deadline_.disarm();
    }
    static void on_deadline(void* self) noexcept;

    // session_head.cpp: from bytes to a request
    void wait_for_request() noexcept;
    progress advance_head();
    progress parse_head();
    bool expect_chunks(std::string_view head);
    void make_room();
    progress place_body();
    void hold(std::size_t span);
    progress refuse_later(int status, std::string_view reason) noexcept;
    std::size_t head_end() const noexcept { return begin_ + scanned_; }
    std::size_t sent_ahead() const noexcept { return buffer_.size() - next_; }
    void end_request() noexcept;

    // session_body.cpp
    boost::asio::awaitable<progress> await_body();
    void watch_body() noexcept;
    progress advance_body();
    progress advance_sized();
    progress advance_chunks();
    void read_chunks();
    void body_arrived(std::string_view body);
    void watch_client();
    progress no_memory() noexcept;
    result<std::string_view> body_failure();

    // session_write.cpp
    boost::asio::awaitable<bool> send(std::span<std::string_view const> pieces);
    boost::asio::awaitable<void> refuse(refusal why);
    boost::asio::awaitable<void> linger();

    worker& worker_;
    client_socket socket_;
    watchdog deadline_;
    std::optional<boost::asio::any_completion_handler<void()>> waiter_;
    wire::inbound_guard guard_;
    std::optional<request_parser> parser_;
    request_parts parts_;
    std::string peer_;

    byte_buffer buffer_;
    byte_buffer body_;
    byte_buffer spare_; ///< takes the pending read while `buffer_` is too large to keep
    budget_share held_; ///< covers `body_`
    body_pace pace_;
    std::size_t begin_ = 0;     ///< first byte of the current request in `buffer_`
    std::size_t scanned_ = 0;   ///< bytes of its head that passed the raw check
    std::size_t next_ = 0;      ///< where the next request starts, once the body is complete
    std::size_t body_left_ = 0; ///< bytes of a sized body that have not come yet
    std::string_view body_view_;
    char* later_ = nullptr; ///< where `start_read_later` reads to, and how much
    std::size_t later_size_ = 0;
    std::chrono::steady_clock::time_point received_at_{};

    void (*gone_callback_)(void*) noexcept = nullptr;
    void* gone_context_ = nullptr;
    boost::system::error_code read_error_;
    refusal refusal_;

    phase phase_ = phase::none;
    read_target target_ = read_target::buffer;
    framing framing_ = framing::none;
    bool reading_ = false;
    bool gone_ = false; ///< nothing more comes from the client
    bool dead_ = false; ///< nothing more can be sent either
    bool timed_out_ = false;
    bool wrote_ = false;
    bool close_after_ = false;
    bool client_keeps_ = false;
    bool body_complete_ = true;
    bool in_pieces_ = false; ///< the body is handed out as it comes
    bool told_all_ = false;  ///< in pieces: the last one was handed out
    bool empty_line_seen_ = false;
    bool served_ = false; ///< at least one request was answered
    bool in_request_ = false;
    bool retired_ = false; ///< the coroutine is over; the pending read's completion deletes the session
};

} // namespace cogate::transports
