#pragma once

#include "transports/listener/listener.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace cogate::test {

/// Answers 200 to every method and path with "METHOD TARGET BYTES" of what it read, and a few in other ways:
///
/// - /virtual              the worker's clock becomes virtual
/// - /advance?MS           moves it
/// - /early                answers without reading the body
/// - /hold                 answers when `release` was called
/// - /wait                 answers never; ends when the client has gone, then `gone` is ready
/// - /stuck                never ends
/// - /big                  writes 64 MiB; `big_result` is what write gave
/// - /throw, /throw-late   fails before or after its answer's head
/// - /thread               the id of the worker's thread
/// - /silent               answers nothing
/// - /pieces               reads the body piece by piece
class test_handler final : public transports::inbound_handler {
public:
    boost::asio::awaitable<void> handle(transports::inbound_request& request) override;
    void write_refusal(int status, std::string_view reason, std::string& body) const override;

    void release();
    std::future<void> started() { return started_.get_future(); } ///< of /hold, /wait, /stuck or /big; once
    std::future<void> gone() { return gone_.get_future(); }
    std::future<bool> big_result() { return big_result_.get_future(); }

private:
    boost::asio::awaitable<void> echo(transports::inbound_request& request);
    boost::asio::awaitable<void> count_pieces(transports::inbound_request& request);
    boost::asio::awaitable<void> respond(transports::inbound_request& request, int status, std::string body);
    boost::asio::awaitable<void> hold(transports::inbound_request& request, bool until_gone);
    boost::asio::awaitable<void> write_big(transports::inbound_request& request);
    boost::asio::awaitable<void> move_clock(transports::inbound_request& request);
    boost::asio::awaitable<void> never_end();
    boost::asio::awaitable<void> fail(transports::inbound_request& request, bool late);
    boost::asio::awaitable<void> say_nothing();
    static void wake(void* timer) noexcept;

    std::mutex mutex_;
    std::shared_ptr<boost::asio::steady_timer> held_;
    std::promise<void> started_;
    std::promise<void> gone_;
    std::promise<bool> big_result_;
};

/// A listener that runs on a thread of its own until the end of the test.
class test_service {
public:
    explicit test_service(transports::listen_options options = {});
    ~test_service();

    std::uint16_t port() const { return listener_.port(); }
    transports::listener& listener() { return listener_; }
    test_handler& handler() { return handler_; }
    /// Waits until `run` has returned.
    void join();

private:
    test_handler handler_;
    transports::listener listener_;
    std::thread thread_;
};

} // namespace cogate::test
