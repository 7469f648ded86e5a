#include "lib/engine/observer_hub.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>

#include <stdexcept>

namespace asio = boost::asio;
namespace engine = cogate::engine;

namespace {

cogate::call_facts_ptr call(std::string id)
{
    auto facts = std::make_shared<cogate::call_facts>();
    facts->call_id = std::move(id);
    return facts;
}

cogate::call_outcome_ptr good()
{
    return std::make_shared<cogate::call_outcome>();
}

cogate::call_outcome_ptr bad()
{
    auto outcome = std::make_shared<cogate::call_outcome>();
    outcome->error = cogate::failure{cogate::error_kind::timeout, "late"};
    return outcome;
}

struct recorder : cogate::observer {
    std::vector<std::string> heard;

    asio::awaitable<void> on_start(cogate::call_facts_ptr c) override
    {
        heard.push_back("start " + c->call_id);
        co_return;
    }
    asio::awaitable<void> on_first_token(cogate::call_facts_ptr c, std::chrono::nanoseconds after) override
    {
        heard.push_back("first " + c->call_id + " " + std::to_string(after.count()));
        co_return;
    }
    asio::awaitable<void> on_success(cogate::call_facts_ptr c, cogate::call_outcome_ptr) override
    {
        heard.push_back("success " + c->call_id);
        co_return;
    }
    asio::awaitable<void> on_failure(cogate::call_facts_ptr c, cogate::call_outcome_ptr) override
    {
        heard.push_back("failure " + c->call_id);
        co_return;
    }
};

struct thrower : recorder {
    asio::awaitable<void> on_start(cogate::call_facts_ptr) override
    {
        throw std::runtime_error("before the first suspension");
    }
    asio::awaitable<void> on_success(cogate::call_facts_ptr, cogate::call_outcome_ptr) override
    {
        auto const executor = co_await asio::this_coro::executor;
        asio::awaitable<void> turn = asio::post(executor, asio::use_awaitable);
        co_await std::move(turn);
        throw std::runtime_error("after it");
    }
};

struct sleeper : recorder {
    explicit sleeper(asio::io_context& io) : gate(io, asio::steady_timer::time_point::max()) {}
    asio::awaitable<void> on_start(cogate::call_facts_ptr c) override
    {
        boost::system::error_code ec;
        asio::awaitable<void> wait = gate.async_wait(asio::redirect_error(asio::use_awaitable, ec));
        co_await std::move(wait);
        heard.push_back("start " + c->call_id);
    }
    asio::steady_timer gate;
};

} // namespace

BOOST_AUTO_TEST_SUITE(engine_observer_hub)

BOOST_AUTO_TEST_CASE(each_observer_hears_every_event_in_order_after_the_fact)
{
    asio::io_context io;
    auto a = std::make_shared<recorder>();
    auto b = std::make_shared<recorder>();
    auto hub =
        std::make_shared<engine::observer_hub>(std::vector<std::shared_ptr<cogate::observer>>{a, nullptr, b});
    auto const one = call("1");
    auto const two = call("2");
    hub->started(io.get_executor(), one);
    hub->first_token(io.get_executor(), one, std::chrono::nanoseconds(7));
    hub->started(io.get_executor(), two);
    hub->finished(io.get_executor(), two, bad());
    hub->finished(io.get_executor(), one, good());
    BOOST_TEST(a->heard.empty());
    io.run();
    std::vector<std::string> const expected{"start 1", "first 1 7", "start 2", "failure 2", "success 1"};
    BOOST_TEST(a->heard == expected, boost::test_tools::per_element());
    BOOST_TEST(b->heard == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(events_after_the_queue_ran_empty_are_heard_too)
{
    asio::io_context io;
    auto a = std::make_shared<recorder>();
    auto hub = std::make_shared<engine::observer_hub>(std::vector<std::shared_ptr<cogate::observer>>{a});
    for (int i = 0; i != 3; ++i) {
        hub->started(io.get_executor(), call(std::to_string(i)));
        io.restart();
        io.run();
    }
    BOOST_TEST(a->heard.size() == 3u);
}

BOOST_AUTO_TEST_CASE(an_exception_is_counted_and_harms_nobody)
{
    asio::io_context io;
    auto bad_one = std::make_shared<thrower>();
    auto good_one = std::make_shared<recorder>();
    auto hub = std::make_shared<engine::observer_hub>(
        std::vector<std::shared_ptr<cogate::observer>>{bad_one, good_one});
    auto const one = call("1");
    hub->started(io.get_executor(), one);
    hub->finished(io.get_executor(), one, good());
    hub->finished(io.get_executor(), one, bad());
    io.run();
    BOOST_TEST(hub->faults().thrown == 2u);
    BOOST_TEST(bad_one->heard.size() == 1u);
    BOOST_TEST(good_one->heard.size() == 3u);
}

BOOST_AUTO_TEST_CASE(a_slow_observer_loses_events_beyond_its_queue_and_nobody_else_does)
{
    asio::io_context io;
    auto slow = std::make_shared<sleeper>(io);
    auto quick = std::make_shared<recorder>();
    auto hub =
        std::make_shared<engine::observer_hub>(std::vector<std::shared_ptr<cogate::observer>>{slow, quick});
    std::size_t const sent = engine::observer_hub::queue_limit + 100;
    for (std::size_t i = 0; i != sent; ++i) {
        hub->started(io.get_executor(), call("x"));
        io.poll();
    }
    BOOST_TEST(quick->heard.size() == sent);
    BOOST_TEST(slow->heard.size() == 0u);
    // one is in its hands, the queue is full, the rest is gone
    BOOST_TEST(hub->faults().dropped == sent - 1 - engine::observer_hub::queue_limit);
    slow->gate.expires_at(asio::steady_timer::time_point::min());
    io.run();
    BOOST_TEST(slow->heard.size() == engine::observer_hub::queue_limit + 1);
}

BOOST_AUTO_TEST_CASE(the_hub_outlives_its_last_reference_while_events_wait)
{
    asio::io_context io;
    auto a = std::make_shared<recorder>();
    {
        auto hub = std::make_shared<engine::observer_hub>(std::vector<std::shared_ptr<cogate::observer>>{a});
        hub->started(io.get_executor(), call("1"));
    }
    io.run();
    BOOST_TEST(a->heard.size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
