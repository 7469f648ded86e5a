#include "transports/listener/byte_budget.hpp"

#include <boost/test/unit_test.hpp>

#include <optional>
#include <thread>
#include <vector>

BOOST_AUTO_TEST_SUITE(transports_listener_byte_budget)

using namespace cogate::transports;

BOOST_AUTO_TEST_CASE(no_more_than_the_cap_is_given)
{
    byte_budget all(100);
    BOOST_TEST(all.take(60));
    BOOST_TEST(!all.take(41));
    BOOST_TEST(all.used() == 60u);
    BOOST_TEST(all.take(40));
    BOOST_TEST(!all.take(1));
    BOOST_TEST(all.take(0));
    all.give(100);
    BOOST_TEST(all.used() == 0u);
    BOOST_TEST(!all.take(static_cast<std::size_t>(-1)));
    BOOST_TEST(all.used() == 0u);
}

BOOST_AUTO_TEST_CASE(a_share_grows_and_goes_back_whole)
{
    byte_budget all(100);
    {
        budget_share one(all);
        BOOST_TEST(one.hold(10));
        BOOST_TEST(one.hold(30));
        BOOST_TEST(one.hold(20));
        BOOST_TEST(one.held() == 30u);
        BOOST_TEST(all.used() == 30u);
        BOOST_TEST(!one.hold(101));
        BOOST_TEST(one.held() == 30u);
        one.release();
        BOOST_TEST(all.used() == 0u);
        BOOST_TEST(one.hold(100));
        budget_share other(all);
        BOOST_TEST(!other.hold(1));
    }
    BOOST_TEST(all.used() == 0u);
}

BOOST_AUTO_TEST_CASE(threads_share_it_exactly)
{
    byte_budget all(1000);
    std::vector<std::thread> threads;
    std::atomic<bool> exceeded{false};
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&all, &exceeded] {
            for (int turn = 0; turn < 2000; ++turn) {
                budget_share mine(all);
                mine.hold(400);
                if (all.used() > 1000) {
                    exceeded = true;
                }
            }
        });
    }
    for (std::thread& each : threads) {
        each.join();
    }
    BOOST_TEST(!exceeded.load());
    BOOST_TEST(all.used() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
