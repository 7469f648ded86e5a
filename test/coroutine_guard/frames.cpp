// What is moved into a coroutine's frame lives there once and is destroyed once.

#include "test/coroutine_guard/counted.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

namespace {

namespace asio = boost::asio;
using asio::awaitable;
using guard::counted;

awaitable<void> yield_once()
{
    auto executor = co_await asio::this_coro::executor;
    co_await asio::post(executor, asio::use_awaitable);
}

awaitable<int> take(counted value)
{
    co_await yield_once();
    co_return value.value();
}

awaitable<void> move_a_named_local(int& seen, int& moves)
{
    counted local(7);
    counted::state().moves = 0;
    awaitable<int> pending = take(std::move(local));
    moves = counted::state().moves;
    int result = co_await std::move(pending);
    seen = result;
}

awaitable<void> move_within_the_expression(int& seen)
{
    counted local(8);
    int result = co_await take(std::move(local));
    seen = result;
}

awaitable<int const*> address_of(int const& value)
{
    co_await yield_once();
    co_return &value;
}

awaitable<void> pass_a_reference(bool& same)
{
    int local = 5;
    int const* seen = co_await address_of(local);
    same = seen == &local;
}

awaitable<std::unique_ptr<counted>> make_owned(int value)
{
    co_await yield_once();
    auto made = std::make_unique<counted>(value);
    co_return made;
}

awaitable<void> receive_a_move_only_result(int& seen)
{
    std::unique_ptr<counted> owned = co_await make_owned(11);
    seen = owned->value();
}

awaitable<std::optional<counted>> make_optional(int value)
{
    co_await yield_once();
    std::optional<counted> made;
    made.emplace(value);
    co_return made;
}

awaitable<void> receive_an_optional_result(int& seen)
{
    std::optional<counted> result = co_await make_optional(12);
    seen = result->value();
}

awaitable<void> throw_after(counted value)
{
    counted local(value.value() + 1);
    co_await yield_once();
    throw std::runtime_error(std::to_string(local.value()));
}

awaitable<void> pass_an_exception_on(counted value)
{
    counted local(1);
    co_await throw_after(std::move(value));
}

awaitable<void> wait_forever(counted value)
{
    counted local(value.value());
    auto executor = co_await asio::this_coro::executor;
    asio::steady_timer timer(executor, std::chrono::hours(24));
    co_await timer.async_wait(asio::use_awaitable);
}

awaitable<void> without_own_variables(counted)
{
    co_await yield_once();
}

awaitable<void> nest(int depth, counted value)
{
    if (depth == 0) {
        co_await yield_once();
        co_return;
    }
    co_await nest(depth - 1, std::move(value));
}

/// A session that keeps itself alive through a parameter of its coroutine.
class session : public std::enable_shared_from_this<session> {
public:
    explicit session(int& seen) : seen_(seen) {}

    awaitable<void> serve(std::shared_ptr<session> self)
    {
        co_await yield_once();
        seen_ = self->held_.value();
    }

private:
    int& seen_;
    counted held_{21};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(frames, guard::fresh)

BOOST_AUTO_TEST_CASE(a_parameter_is_moved_into_the_frame_exactly_once)
{
    int seen = 0;
    int moves = 0;
    guard::run(move_a_named_local(seen, moves));
    BOOST_TEST(seen == 7);
    // Once into the parameter, once from there into the frame.
    BOOST_TEST(moves == 2);
    BOOST_TEST(balanced());
}

BOOST_AUTO_TEST_CASE(a_named_local_may_be_moved_within_the_await_expression)
{
    int seen = 0;
    guard::run(move_within_the_expression(seen));
    BOOST_TEST(seen == 8);
    BOOST_TEST(balanced());
}

BOOST_AUTO_TEST_CASE(a_reference_parameter_names_the_callers_object)
{
    bool same = false;
    guard::run(pass_a_reference(same));
    BOOST_TEST(same);
}

BOOST_AUTO_TEST_CASE(a_move_only_result_arrives_whole)
{
    int seen = 0;
    guard::run(receive_a_move_only_result(seen));
    BOOST_TEST(seen == 11);
    BOOST_TEST(balanced());
}

BOOST_AUTO_TEST_CASE(an_optional_result_is_moved_never_copied)
{
    int seen = 0;
    guard::run(receive_an_optional_result(seen));
    BOOST_TEST(seen == 12);
    BOOST_TEST(balanced());
}

BOOST_AUTO_TEST_CASE(an_exception_destroys_parameters_and_locals_of_every_frame_once)
{
    counted value(30);
    BOOST_CHECK_EXCEPTION(guard::run(pass_an_exception_on(std::move(value))), std::runtime_error,
                          [](std::runtime_error const& e) { return std::string("31") == e.what(); });
    BOOST_TEST(counted::state().living.size() == 1U);
    BOOST_TEST(counted::state().wrong_destructions == 0);
}

BOOST_AUTO_TEST_CASE(a_frame_dropped_while_suspended_destroys_what_it_holds_once)
{
    {
        asio::io_context context(1);
        counted value(40);
        asio::co_spawn(context, wait_forever(std::move(value)), guard::rethrow);
        context.poll();
        BOOST_TEST(counted::state().living.size() == 3U);
    }
    BOOST_TEST(balanced());
}

BOOST_AUTO_TEST_CASE(a_coroutine_that_never_starts_destroys_its_parameters_once)
{
    {
        counted value(50);
        awaitable<int> never = take(std::move(value));
    }
    BOOST_TEST(balanced());
}

BOOST_AUTO_TEST_CASE(a_coroutine_without_variables_of_its_own_works)
{
    {
        counted value(60);
        guard::run(without_own_variables(std::move(value)));
        BOOST_TEST(counted::state().living.size() == 1U);
    }
    BOOST_TEST(balanced());
}

BOOST_AUTO_TEST_CASE(a_parameter_travels_through_many_frames)
{
    {
        counted value(70);
        guard::run(nest(200, std::move(value)));
    }
    BOOST_TEST(balanced());
}

BOOST_AUTO_TEST_CASE(a_shared_pointer_parameter_keeps_its_session_alive_to_the_end)
{
    int seen = 0;
    {
        asio::io_context context(1);
        auto made = std::make_shared<session>(seen);
        session& running = *made;
        asio::co_spawn(context, running.serve(std::move(made)), guard::rethrow);
        context.run();
    }
    BOOST_TEST(seen == 21);
    BOOST_TEST(balanced());
}

BOOST_AUTO_TEST_SUITE_END()
