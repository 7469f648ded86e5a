#include "transports/polling/poller.hpp"
#include "transports/polling/sockets.hpp"

#include <boost/test/unit_test.hpp>

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace {

using namespace cogate::transports;

struct socket_pair {
    socket_pair()
    {
        std::array<int, 2> both{};
        BOOST_REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, both.data()) == 0);
        left.reset(both[0]);
        right.reset(both[1]);
    }
    socket_descriptor left;
    socket_descriptor right;
};

/// Forgets another source when it is called.
struct forgetful final : poll_source {
    void on_ready(std::uint32_t) override
    {
        ++calls;
        loop->forget(other_descriptor, *other);
        loop->stop();
    }
    poller* loop = nullptr;
    forgetful* other = nullptr;
    int other_descriptor = -1;
    int calls = 0;
};

struct timer_log {
    poller loop;
    std::string text;
};

BOOST_AUTO_TEST_SUITE(transports_polling)

BOOST_AUTO_TEST_CASE(timers_fire_in_the_order_of_their_times_and_only_when_armed)
{
    timer_log log;
    const auto now = poll_timer::clock::now();
    poll_timer first(
        log.loop, [](void* to) { static_cast<timer_log*>(to)->text += "1"; }, &log);
    poll_timer second(
        log.loop, [](void* to) { static_cast<timer_log*>(to)->text += "2"; }, &log);
    poll_timer never(
        log.loop, [](void* to) { static_cast<timer_log*>(to)->text += "x"; }, &log);
    poll_timer last(
        log.loop, [](void* to) { static_cast<timer_log*>(to)->loop.stop(); }, &log);
    last.arm(now + std::chrono::milliseconds(3));
    second.arm(now + std::chrono::hours(1));
    second.arm(now + std::chrono::milliseconds(2));
    first.arm(now + std::chrono::milliseconds(1));
    never.arm(now);
    never.disarm();
    log.loop.run();
    BOOST_CHECK_EQUAL(log.text, "12");
    BOOST_CHECK(!first.armed());
}

BOOST_AUTO_TEST_CASE(a_forgotten_source_hears_nothing_of_events_already_fetched)
{
    poller loop;
    socket_pair one;
    socket_pair two;
    forgetful a;
    forgetful b;
    a.loop = b.loop = &loop;
    a.other = &b;
    a.other_descriptor = two.left.get();
    b.other = &a;
    b.other_descriptor = one.left.get();
    BOOST_REQUIRE(::write(one.right.get(), "x", 1) == 1);
    BOOST_REQUIRE(::write(two.right.get(), "x", 1) == 1);
    loop.watch(one.left.get(), a, EPOLLIN);
    loop.watch(two.left.get(), b, EPOLLIN);
    loop.run();
    BOOST_CHECK_EQUAL(a.calls + b.calls, 1);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
