#include "lib/policy/retry_budget.hpp"
#include "lib/policy/hedge_budget.hpp"

#include "test/common/seeded.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>

namespace {

using namespace std::chrono_literals;
using cogate::policy::hedge_budget;
using cogate::policy::retry_budget;
using cogate::policy::time_point;

constexpr time_point beginning{1h};

} // namespace

BOOST_AUTO_TEST_SUITE(policy_retry_budget)

BOOST_AUTO_TEST_CASE(a_quiet_group_may_still_retry)
{
    retry_budget budget({.ratio = 0.2, .min_per_second = 3});
    for (int i = 0; i != 30; ++i) {
        BOOST_TEST(budget.withdraw(beginning));
    }
    BOOST_TEST(!budget.withdraw(beginning));
    BOOST_TEST(budget.balance(beginning) == 0);
    BOOST_TEST(!budget.withdraw(beginning + 9s));
    BOOST_TEST(budget.withdraw(beginning + 10s));
}

BOOST_AUTO_TEST_CASE(five_calls_pay_for_one_retry)
{
    retry_budget budget({.ratio = 0.2, .min_per_second = 0});
    for (int i = 0; i != 4; ++i) {
        budget.deposit(beginning);
        BOOST_TEST(!budget.withdraw(beginning));
    }
    budget.deposit(beginning);
    BOOST_TEST(budget.withdraw(beginning));
    BOOST_TEST(!budget.withdraw(beginning));
}

BOOST_AUTO_TEST_CASE(deposits_are_forgotten_after_ten_seconds)
{
    retry_budget budget({.ratio = 0.2, .min_per_second = 0});
    for (int i = 0; i != 100; ++i) {
        budget.deposit(beginning);
    }
    BOOST_TEST(budget.balance(beginning + 9s) == 20, boost::test_tools::tolerance(1e-9));
    BOOST_TEST(budget.balance(beginning + 10s) == 0);
}

BOOST_AUTO_TEST_CASE(over_any_ten_seconds_no_more_than_the_ratio_is_withdrawn)
{
    cogate::test::seeded random(7);
    retry_budget budget({.ratio = 0.2, .min_per_second = 3});
    constexpr int seconds = 60;
    int deposited[seconds] = {};
    int withdrawn[seconds] = {};
    for (int s = 0; s != seconds; ++s) {
        for (std::size_t n = random.below(400); n != 0; --n) {
            time_point const now = beginning + std::chrono::seconds(s);
            if (random.one_in(2)) {
                budget.deposit(now);
                ++deposited[s];
            } else {
                withdrawn[s] += budget.withdraw(now);
            }
            BOOST_REQUIRE(budget.balance(now) >= 0);
        }
    }
    // a slot's withdrawals may rest on deposits up to ten seconds older than the window
    int in = 0;
    int out = 0;
    for (int s = 0; s != seconds; ++s) {
        in += deposited[s];
        out += withdrawn[s];
    }
    BOOST_TEST(out <= 0.2 * in + 3 * (seconds + 10));
}

BOOST_AUTO_TEST_CASE(a_hedge_budget_has_no_minimum)
{
    hedge_budget budget({.percentile = 95, .max_extra_ratio = 0.05});
    for (int i = 0; i != 19; ++i) {
        budget.deposit(beginning);
        BOOST_TEST(!budget.withdraw(beginning, 0));
    }
    budget.deposit(beginning);
    BOOST_TEST(budget.withdraw(beginning, 0));
    BOOST_TEST(!budget.withdraw(beginning, 0));
    BOOST_TEST(budget.balance(beginning + 10s) == 0);
}

BOOST_AUTO_TEST_CASE(a_money_cap_holds_for_an_hour_and_needs_a_price)
{
    hedge_budget budget({.percentile = 95, .max_extra_ratio = 1, .max_extra_nano_usd_per_hour = 100});
    for (int i = 0; i != 10; ++i) {
        budget.deposit(beginning);
    }
    BOOST_TEST(!budget.withdraw(beginning, std::nullopt));
    BOOST_TEST(budget.withdraw(beginning, 60));
    BOOST_TEST(!budget.withdraw(beginning, 41));
    BOOST_TEST(budget.withdraw(beginning, 40));
    BOOST_TEST(budget.spent(beginning) == 100);
    budget.deposit(beginning + 59min);
    BOOST_TEST(!budget.withdraw(beginning + 59min, 1));
    budget.deposit(beginning + 60min);
    BOOST_TEST(budget.withdraw(beginning + 60min, 1));
    BOOST_TEST(budget.spent(beginning + 60min) == 1);
}

BOOST_AUTO_TEST_SUITE_END()
