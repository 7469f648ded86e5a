// The completion-token forms that cogate uses with Asio of Boost 1.81.

#include "test/coroutine_guard/counted.hpp"

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/error_code.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <tuple>

namespace {

namespace asio = boost::asio;
using asio::awaitable;
using boost::system::error_code;
using guard::counted;

constexpr auto tuple_token = asio::as_tuple(asio::deferred);

awaitable<void> wait_on_a_timer(error_code& seen)
{
    counted local(1);
    auto executor = co_await asio::this_coro::executor;
    asio::steady_timer timer(executor, std::chrono::steady_clock::time_point::min());
    std::tuple<error_code> result = co_await timer.async_wait(tuple_token);
    seen = std::get<0>(result);
}

awaitable<void> wait_on(asio::steady_timer& timer, error_code& seen)
{
    counted local(1);
    std::tuple<error_code> result = co_await timer.async_wait(tuple_token);
    seen = std::get<0>(result);
}

awaitable<void> wait_for_cancellation(error_code& seen)
{
    counted local(1);
    auto executor = co_await asio::this_coro::executor;
    asio::steady_timer timer(executor, std::chrono::hours(24));
    std::tuple<error_code> result = co_await timer.async_wait(tuple_token);
    seen = std::get<0>(result);
}

/// One waiter at a time, its handler erased and stored: the form of the connection pool's queue.
class mailbox {
public:
    template <class Token>
    auto async_take(Token&& token)
    {
        return asio::async_initiate<Token, void(std::unique_ptr<counted>)>(
            [](auto handler, mailbox* self) { self->waiter_.emplace(std::move(handler)); }, token, this);
    }

    void put(std::unique_ptr<counted> value)
    {
        handler_type ready(std::move(*waiter_));
        waiter_.reset();
        std::move(ready)(std::move(value));
    }

    bool has_waiter() const noexcept { return waiter_.has_value(); }

private:
    using handler_type = asio::any_completion_handler<void(std::unique_ptr<counted>)>;
    // Never assigned: assignment of this type recurses without end in Boost 1.81.
    std::optional<handler_type> waiter_;
};

awaitable<void> take_twice(mailbox& box, int& sum)
{
    std::unique_ptr<counted> first = co_await box.async_take(asio::deferred);
    sum += first->value();
    std::unique_ptr<counted> second = co_await box.async_take(asio::deferred);
    sum += second->value();
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(completion, guard::fresh)

BOOST_AUTO_TEST_CASE(a_tuple_result_is_taken_as_one_named_value)
{
    error_code seen = asio::error::eof;
    guard::run(wait_on_a_timer(seen));
    BOOST_TEST(!seen);
    BOOST_TEST(balanced());
}

BOOST_AUTO_TEST_CASE(a_cancelled_timer_reports_by_value_not_by_exception)
{
    error_code seen;
    asio::io_context context(1);
    asio::steady_timer timer(context, std::chrono::hours(24));
    asio::co_spawn(context, wait_on(timer, seen), guard::rethrow);
    context.poll();
    timer.cancel();
    context.run();
    BOOST_TEST((seen == asio::error::operation_aborted));
    BOOST_TEST(balanced());
}

BOOST_AUTO_TEST_CASE(terminal_cancellation_reaches_the_inner_operation)
{
    error_code seen;
    bool ended = false;
    asio::io_context context(1);
    asio::cancellation_signal signal;
    asio::co_spawn(
        context, wait_for_cancellation(seen),
        asio::bind_cancellation_slot(signal.slot(), [&ended](std::exception_ptr) { ended = true; }));
    context.poll();
    BOOST_TEST(!ended);
    signal.emit(asio::cancellation_type::terminal);
    context.run();
    BOOST_TEST(ended);
    BOOST_TEST((seen == asio::error::operation_aborted));
    BOOST_TEST(balanced());
}

BOOST_AUTO_TEST_CASE(an_erased_handler_is_stored_and_called_once)
{
    int sum = 0;
    asio::io_context context(1);
    mailbox box;
    asio::co_spawn(context, take_twice(box, sum), guard::rethrow);
    context.poll();
    BOOST_REQUIRE(box.has_waiter());
    auto first = std::make_unique<counted>(3);
    box.put(std::move(first));
    context.restart();
    context.poll();
    BOOST_REQUIRE(box.has_waiter());
    auto second = std::make_unique<counted>(4);
    box.put(std::move(second));
    context.restart();
    context.poll();
    BOOST_TEST(!box.has_waiter());
    BOOST_TEST(sum == 7);
    BOOST_TEST(balanced());
}

BOOST_AUTO_TEST_CASE(a_stored_handler_dropped_unused_destroys_its_coroutine_once)
{
    int sum = 0;
    {
        asio::io_context context(1);
        mailbox box;
        asio::co_spawn(context, take_twice(box, sum), guard::rethrow);
        context.poll();
        BOOST_REQUIRE(box.has_waiter());
    }
    BOOST_TEST(sum == 0);
    BOOST_TEST(balanced());
}

BOOST_AUTO_TEST_SUITE_END()
