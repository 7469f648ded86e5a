#include "test/transports/listener/test_service.hpp"

#include "lib/wire/head_builder.hpp"
#include "transports/runtime/timers.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

#include <array>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace cogate::test {

namespace {

transports::listen_options with_any_port(transports::listen_options options)
{
    options.port = 0;
    return options;
}

[[noreturn]] void fail_now()
{
    throw std::runtime_error("thrown on purpose");
}

} // namespace

boost::asio::awaitable<void> test_handler::respond(transports::inbound_request& request, int status,
                                                   std::string body)
{
    std::string head;
    wire::response_head_builder builder(head);
    builder.start(status).content_length(body.size());
    if (!request.keep_alive()) {
        builder.add("connection", "close");
    }
    bool const built = builder.finish();
    if (built) {
        std::string_view const content =
            request.method() == "HEAD" ? std::string_view() : std::string_view(body);
        std::array<std::string_view, 2> const pieces{head, content};
        bool const sent = co_await request.write(pieces);
        static_cast<void>(sent);
    }
}

boost::asio::awaitable<void> test_handler::echo(transports::inbound_request& request)
{
    auto const body = co_await request.read_body();
    int status = 200;
    std::string text(request.method());
    if (body.has_value()) {
        text += " " + std::string(request.target()) + " " + std::to_string(body->size());
        if (request.target() == "/text") {
            text = std::string(*body);
        }
    } else if (body.error()->kind == error_kind::cancelled) {
        co_return;
    } else {
        status = body.error()->status;
        text = body.error()->code;
    }
    co_await respond(request, status, std::move(text));
}

boost::asio::awaitable<void> test_handler::count_pieces(transports::inbound_request& request)
{
    std::size_t bytes = 0;
    for (;;) {
        auto const piece = co_await request.read_body_some();
        if (!piece.has_value() && piece.error()->kind == error_kind::cancelled) {
            co_return;
        }
        if (!piece.has_value() || piece->empty()) {
            int const status = piece.has_value() ? 200 : piece.error()->status;
            std::string text = piece.has_value() ? std::to_string(bytes) : piece.error()->code;
            co_await respond(request, status, std::move(text));
            co_return;
        }
        bytes += piece->size();
    }
}

boost::asio::awaitable<void> test_handler::hold(transports::inbound_request& request, bool until_gone)
{
    auto const executor = co_await boost::asio::this_coro::executor;
    auto const timer = std::make_shared<boost::asio::steady_timer>(executor);
    timer->expires_at(std::chrono::steady_clock::time_point::max());
    {
        std::lock_guard const lock(mutex_);
        held_ = timer;
    }
    if (until_gone) {
        request.on_disconnect(&test_handler::wake, timer.get());
    }
    started_.set_value();
    auto const woken = co_await timer->async_wait(boost::asio::as_tuple(boost::asio::deferred));
    static_cast<void>(woken);
    {
        // The handler outlives the context that the timer belongs to.
        std::lock_guard const lock(mutex_);
        held_.reset();
    }
    if (until_gone) {
        gone_.set_value();
    } else {
        std::string text("held");
        co_await respond(request, 200, std::move(text));
    }
}

void test_handler::wake(void* timer) noexcept
{
    static_cast<boost::asio::steady_timer*>(timer)->cancel();
}

void test_handler::release()
{
    std::lock_guard const lock(mutex_);
    auto const timer = held_;
    boost::asio::post(timer->get_executor(), [timer] { timer->cancel(); });
}

boost::asio::awaitable<void> test_handler::write_big(transports::inbound_request& request)
{
    std::string const megabyte(1024 * 1024, 'x');
    std::string head;
    wire::response_head_builder builder(head);
    builder.start(200).content_length(64 * megabyte.size());
    bool sent = builder.finish();
    std::array<std::string_view, 2> pieces{head, {}};
    started_.set_value();
    for (int i = 0; i < 64 && sent; ++i) {
        pieces[1] = megabyte;
        bool const taken = co_await request.write(pieces);
        sent = taken;
        pieces[0] = {};
    }
    big_result_.set_value(sent);
}

boost::asio::awaitable<void> test_handler::move_clock(transports::inbound_request& request)
{
    std::string_view const target = request.target();
    auto const executor = co_await boost::asio::this_coro::executor;
    transports::timers& clock = transports::timers_of(executor);
    if (target == "/virtual") {
        clock.use_virtual_time();
    } else {
        clock.advance_by(std::chrono::milliseconds(std::stol(std::string(target.substr(9)))));
    }
    std::string text("done");
    co_await respond(request, 200, std::move(text));
}

boost::asio::awaitable<void> test_handler::never_end()
{
    auto const executor = co_await boost::asio::this_coro::executor;
    boost::asio::steady_timer never(executor, std::chrono::steady_clock::time_point::max());
    started_.set_value();
    co_await never.async_wait(boost::asio::deferred);
}

boost::asio::awaitable<void> test_handler::fail(transports::inbound_request& request, bool late)
{
    if (late) {
        std::array<std::string_view, 1> const pieces{"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf"};
        co_await request.write(pieces);
    }
    fail_now();
}

boost::asio::awaitable<void> test_handler::say_nothing()
{
    co_return;
}

boost::asio::awaitable<void> test_handler::handle(transports::inbound_request& request)
{
    std::string_view const target = request.target();
    if (target == "/virtual" || target.starts_with("/advance?")) {
        return move_clock(request);
    }
    if (target == "/early") {
        return respond(request, 401, "early");
    }
    if (target == "/hold" || target == "/wait") {
        return hold(request, target == "/wait");
    }
    if (target == "/pieces") {
        return count_pieces(request);
    }
    if (target == "/stuck") {
        return never_end();
    }
    if (target == "/big") {
        return write_big(request);
    }
    if (target.starts_with("/throw")) {
        return fail(request, target == "/throw-late");
    }
    if (target == "/thread") {
        std::ostringstream id;
        id << std::this_thread::get_id();
        return respond(request, 200, id.str());
    }
    return target == "/silent" ? say_nothing() : echo(request);
}

void test_handler::write_refusal(int status, std::string_view reason, std::string& body) const
{
    body += R"({"error":{"message":")";
    body += reason;
    body += R"(","status":)" + std::to_string(status) + "}}";
}

test_service::test_service(transports::listen_options options)
    : listener_(with_any_port(std::move(options)), handler_), thread_([this] { listener_.run(); })
{}

test_service::~test_service()
{
    if (thread_.joinable()) {
        listener_.drain(std::chrono::milliseconds(0));
        listener_.drain(std::chrono::milliseconds(0));
        listener_.drain(std::chrono::milliseconds(0));
        thread_.join();
    }
}

void test_service::join()
{
    thread_.join();
}

} // namespace cogate::test
