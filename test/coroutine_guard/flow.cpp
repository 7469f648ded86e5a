// Control flow around a suspension keeps the lifetimes that the same code has without one.

#include "test/coroutine_guard/counted.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstddef>
#include <exception>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

namespace asio = boost::asio;
using asio::awaitable;
using guard::counted;

awaitable<int> twice(int value)
{
    auto executor = co_await asio::this_coro::executor;
    co_await asio::post(executor, asio::use_awaitable);
    co_return 2 * value;
}

awaitable<void> fail(std::string_view text)
{
    auto executor = co_await asio::this_coro::executor;
    co_await asio::post(executor, asio::use_awaitable);
    throw std::runtime_error(std::string(text));
}

awaitable<void> loop_with_continue_and_break(int& sum, std::size_t& most_alive)
{
    for (int i = 0; i < 10; ++i) {
        counted local(i);
        int doubled = co_await twice(local.value());
        most_alive = std::max(most_alive, counted::state().living.size());
        if (doubled % 4 == 0) {
            continue;
        }
        if (doubled > 12) {
            break;
        }
        sum += doubled;
    }
}

enum class action { add, skip, finish };

awaitable<void> switch_in_a_loop(std::vector<action> actions, int& sum)
{
    for (action const next : actions) {
        switch (next) {
        case action::add: {
            counted local(3);
            int doubled = co_await twice(local.value());
            sum += doubled;
            break;
        }
        case action::skip: {
            counted local(1);
            co_await twice(local.value());
            continue;
        }
        case action::finish: {
            counted local(100);
            int doubled = co_await twice(local.value());
            sum += doubled;
            co_return;
        }
        }
    }
}

awaitable<void> catch_then_go_on(std::string& message, int& after)
{
    std::exception_ptr fault;
    counted outer(1);
    try {
        counted inner(2);
        co_await fail("broken");
    } catch (std::runtime_error const& e) {
        message = e.what();
        fault = std::current_exception();
    }
    if (fault) {
        int doubled = co_await twice(outer.value());
        after = doubled;
    }
}

awaitable<void> range_over_a_local(int& sum)
{
    std::vector<counted> values;
    values.reserve(3);
    values.emplace_back(1);
    values.emplace_back(2);
    values.emplace_back(3);
    for (counted const& value : values) {
        int doubled = co_await twice(value.value());
        sum += doubled;
    }
}

awaitable<std::size_t> total_length(std::span<std::string_view const> parts, std::string_view last)
{
    int rounds = co_await twice(1);
    std::size_t sum = last.size();
    for (std::string_view const part : parts) {
        sum += part.size();
    }
    co_return static_cast<std::size_t>(rounds) * sum;
}

awaitable<void> pass_trivial_temporaries(std::size_t& sum)
{
    std::vector<std::string_view> parts{"ab", "cde"};
    std::size_t result = co_await total_length(std::span(parts), std::string_view("f"));
    sum = result;
}

awaitable<void> early_return(bool leave, int& reached)
{
    counted local(1);
    if (leave) {
        int doubled = co_await twice(5);
        reached = doubled;
        co_return;
    }
    counted second(2);
    int doubled = co_await twice(second.value());
    reached = doubled;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(flow, guard::fresh)

BOOST_AUTO_TEST_CASE(a_local_of_a_loop_lives_for_one_round)
{
    int sum = 0;
    std::size_t most_alive = 0;
    guard::run(loop_with_continue_and_break(sum, most_alive));
    BOOST_TEST(sum == 2 + 6 + 10);
    BOOST_TEST(most_alive == 1U);
    BOOST_TEST(balanced());
}

BOOST_AUTO_TEST_CASE(a_switch_around_suspensions_takes_the_right_branches)
{
    int sum = 0;
    std::vector<action> actions{action::add, action::skip, action::add, action::finish, action::add};
    guard::run(switch_in_a_loop(std::move(actions), sum));
    BOOST_TEST(sum == 6 + 6 + 200);
    BOOST_TEST(balanced());
}

BOOST_AUTO_TEST_CASE(an_exception_is_caught_and_the_coroutine_suspends_again)
{
    std::string message;
    int after = 0;
    guard::run(catch_then_go_on(message, after));
    BOOST_TEST(message == "broken");
    BOOST_TEST(after == 2);
    BOOST_TEST(balanced());
}

BOOST_AUTO_TEST_CASE(a_range_for_may_suspend_in_its_body)
{
    int sum = 0;
    guard::run(range_over_a_local(sum));
    BOOST_TEST(sum == 12);
    BOOST_TEST(counted::state().living.empty());
    BOOST_TEST(counted::state().wrong_destructions == 0);
}

BOOST_AUTO_TEST_CASE(trivially_destructible_temporaries_are_safe_in_an_await_expression)
{
    std::size_t sum = 0;
    guard::run(pass_trivial_temporaries(sum));
    BOOST_TEST(sum == 12U);
}

BOOST_AUTO_TEST_CASE(both_ways_out_destroy_what_was_made)
{
    int reached = 0;
    guard::run(early_return(true, reached));
    BOOST_TEST(reached == 10);
    BOOST_TEST(balanced());
    guard::run(early_return(false, reached));
    BOOST_TEST(reached == 4);
    BOOST_TEST(balanced());
}

BOOST_AUTO_TEST_SUITE_END()
