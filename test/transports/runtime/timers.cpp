#include "transports/runtime/timers.hpp"
#include "transports/runtime/waiter.hpp"

#include "test/common/context_loop.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <random>
#include <vector>

using namespace cogate::transports;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

struct bell {
    explicit bell(timers& owner, watchdog::kind what = watchdog::kind::foreground)
        : clock(owner), dog(owner, &bell::ring, this, what)
    {}

    static void ring(void* self) noexcept
    {
        auto* const me = static_cast<bell*>(self);
        ++me->rings;
        me->rang_at = me->clock.now();
        if (me->disarms != nullptr) {
            me->disarms->dog.disarm();
        }
        me->destroys.reset();
        if (me->again > 0ns) {
            me->dog.arm(me->clock.now() + std::exchange(me->again, 0ns));
        }
    }

    timers& clock;
    watchdog dog;
    int rings = 0;
    steady_time rang_at{};
    bell* disarms = nullptr;
    std::unique_ptr<bell> destroys;
    std::chrono::nanoseconds again{0};
};

asio::awaitable<void> sleeper(std::chrono::milliseconds length, int& woken, boost::system::error_code& why)
{
    const asio::any_io_executor executor = co_await asio::this_coro::executor;
    timers& clock = timers_of(executor);
    why = co_await clock.sleep_until(clock.now() + length);
    ++woken;
}

} // namespace

BOOST_AUTO_TEST_SUITE(transports_timers)

BOOST_AUTO_TEST_CASE(fires_in_order_at_the_deadline_and_once)
{
    cogate::test::virtual_loop loop;
    timers& clock = loop.clock();
    const steady_time start = clock.now();
    bell late(clock);
    bell early(clock);
    late.dog.arm(start + 20ms);
    early.dog.arm(start + 10ms);
    BOOST_TEST(clock.advance_to_next());
    BOOST_TEST(early.rings == 1);
    BOOST_TEST((early.rang_at == start + 10ms));
    BOOST_TEST(late.rings == 0);
    BOOST_TEST(!early.dog.armed());
    clock.advance_by(9ms);
    BOOST_TEST(late.rings == 0);
    clock.advance_by(1ms);
    BOOST_TEST(late.rings == 1);
    BOOST_TEST(!clock.advance_to_next());
}

BOOST_AUTO_TEST_CASE(a_moved_deadline_counts_and_not_the_old_one)
{
    cogate::test::virtual_loop loop;
    timers& clock = loop.clock();
    const steady_time start = clock.now();
    bell one(clock);
    one.dog.arm(start + 10ms);
    one.dog.arm(start + 30ms);
    clock.advance_by(29ms);
    BOOST_TEST(one.rings == 0);
    one.dog.arm(start + 29ms + 500us);
    clock.advance_by(1ms);
    BOOST_TEST(one.rings == 1);
    BOOST_TEST((one.rang_at == start + 29ms + 500us));
    one.dog.arm(clock.now() + 5ms);
    one.dog.disarm();
    clock.advance_by(1h);
    BOOST_TEST(one.rings == 1);
}

BOOST_AUTO_TEST_CASE(callbacks_may_disarm_destroy_and_arm)
{
    cogate::test::virtual_loop loop;
    timers& clock = loop.clock();
    const steady_time start = clock.now();
    bell first(clock);
    bell victim(clock);
    first.disarms = &victim;
    first.destroys = std::make_unique<bell>(clock);
    first.destroys->dog.arm(start + 10ms);
    first.again = 3ms;
    victim.dog.arm(start + 10ms);
    first.dog.arm(start + 5ms);
    clock.advance_by(20ms);
    BOOST_TEST(first.rings == 2);
    BOOST_TEST((first.rang_at == start + 8ms));
    BOOST_TEST(victim.rings == 0);
}

BOOST_AUTO_TEST_CASE(any_order_of_arming_moving_and_disarming_fires_what_is_due)
{
    cogate::test::virtual_loop loop;
    timers& clock = loop.clock();
    std::mt19937 random(7);
    std::vector<std::unique_ptr<bell>> bells;
    for (int i = 0; i < 60; ++i) {
        bells.push_back(std::make_unique<bell>(clock));
    }
    for (int round = 0; round < 3000; ++round) {
        std::unique_ptr<bell>& one = bells[random() % bells.size()];
        switch (random() % 5) {
        case 0: one->dog.disarm(); break;
        case 1: one = std::make_unique<bell>(clock); break;
        default: one->dog.arm(clock.now() + std::chrono::milliseconds(random() % 50)); break;
        }
        std::vector<int> expected;
        const steady_time next = clock.now() + 3ms;
        for (auto const& each : bells) {
            expected.push_back(each->rings + (each->dog.deadline() <= next ? 1 : 0));
        }
        clock.advance_by(3ms);
        for (std::size_t i = 0; i < bells.size(); ++i) {
            BOOST_REQUIRE(bells[i]->rings == expected[i]);
        }
    }
}

BOOST_AUTO_TEST_CASE(sleeps_end_in_order_of_their_length)
{
    cogate::test::virtual_loop loop;
    int woken = 0;
    boost::system::error_code long_why = asio::error::fault;
    boost::system::error_code short_why = asio::error::fault;
    asio::co_spawn(loop.context(), sleeper(40ms, woken, long_why), asio::detached);
    asio::co_spawn(loop.context(), sleeper(15ms, woken, short_why), asio::detached);
    loop.settle();
    BOOST_TEST(woken == 0);
    loop.clock().advance_by(15ms);
    loop.settle();
    BOOST_TEST(woken == 1);
    BOOST_TEST(!short_why);
    BOOST_TEST((long_why == asio::error::fault));
    loop.clock().advance_by(25ms);
    loop.settle();
    BOOST_TEST(woken == 2);
    BOOST_TEST(!long_why);
}

BOOST_AUTO_TEST_CASE(a_sleep_honours_terminal_cancellation_and_a_second_signal_is_harmless)
{
    cogate::test::virtual_loop loop;
    int woken = 0;
    boost::system::error_code why;
    asio::cancellation_signal signal;
    asio::co_spawn(loop.context(), sleeper(1h, woken, why),
                   asio::bind_cancellation_slot(signal.slot(), [](std::exception_ptr) {}));
    loop.settle();
    signal.emit(asio::cancellation_type::terminal);
    signal.emit(asio::cancellation_type::terminal);
    loop.settle();
    signal.emit(asio::cancellation_type::terminal);
    BOOST_TEST(woken == 1);
    BOOST_TEST((why == asio::error::operation_aborted));
    BOOST_TEST(!loop.clock().advance_to_next());
}

BOOST_AUTO_TEST_CASE(a_context_destroyed_during_sleeps_frees_them)
{
    int woken = 0;
    boost::system::error_code why;
    {
        cogate::test::virtual_loop loop;
        asio::co_spawn(loop.context(), sleeper(1h, woken, why), asio::detached);
        asio::co_spawn(loop.context(), sleeper(2h, woken, why), asio::detached);
        loop.settle();
    }
    BOOST_TEST(woken == 0); // the sanitizer tells whether the frames are gone
}

BOOST_AUTO_TEST_CASE(a_context_at_the_same_address_has_timers_of_its_own)
{
    // What a queued handler owns goes down after the services' shutdown, and asks for them.
    struct asks_at_the_end {
        explicit asks_at_the_end(asio::io_context& its) : context(&its) {}
        ~asks_at_the_end() { static_cast<void>(timers::of(*context)); }
        asio::io_context* context;
    };
    std::optional<asio::io_context> place;
    for (int i = 0; i != 2; ++i) {
        place.emplace(1);
        asio::post(*place, [late = std::make_unique<asks_at_the_end>(*place)] {});
        BOOST_TEST(&timers::of(*place) == &asio::use_service<timers>(*place));
        place.reset();
    }
}

BOOST_AUTO_TEST_CASE(on_the_real_clock_a_sleep_is_never_early)
{
    asio::io_context context(1);
    int woken = 0;
    boost::system::error_code why;
    const steady_time start = std::chrono::steady_clock::now();
    asio::co_spawn(context, sleeper(20ms, woken, why), asio::detached);
    asio::co_spawn(context, sleeper(5ms, woken, why), asio::detached);
    context.run();
    BOOST_TEST(woken == 2);
    BOOST_TEST((std::chrono::steady_clock::now() - start >= 20ms));
}

BOOST_AUTO_TEST_CASE(run_returns_when_nothing_is_armed_any_more)
{
    asio::io_context context(1);
    timers& clock = timers::of(context);
    bell far(clock);
    bell idle(clock, watchdog::kind::background);
    asio::post(context, [&] {
        far.dog.arm(clock.now() + 1h);
        idle.dog.arm(clock.now() + 2h);
    });
    asio::post(context, [&] { far.dog.disarm(); });
    context.run(); // would not return for an hour
    BOOST_TEST(far.rings == 0);
    BOOST_TEST(idle.rings == 0);

    // Armed again, it keeps the context running until it has fired.
    context.restart();
    asio::post(context, [&] { far.dog.arm(clock.now() + 5ms); });
    context.run();
    BOOST_TEST(far.rings == 1);
    context.restart();
    context.run();
    BOOST_TEST(far.rings == 1);
}

BOOST_AUTO_TEST_CASE(background_watchdogs_fire_while_something_else_runs)
{
    asio::io_context context(1);
    timers& clock = timers::of(context);
    bell idle(clock, watchdog::kind::background);
    int woken = 0;
    boost::system::error_code why;
    asio::post(context, [&] { idle.dog.arm(clock.now() + 2ms); });
    asio::co_spawn(context, sleeper(20ms, woken, why), asio::detached);
    context.run();
    BOOST_TEST(woken == 1);
    BOOST_TEST(idle.rings == 1);
}

BOOST_AUTO_TEST_SUITE_END()
