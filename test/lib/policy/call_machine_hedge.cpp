#include "test/lib/policy/call_machine_stage.hpp"

#include <set>

namespace {

using namespace std::chrono_literals;
using cogate::error_kind;
using cogate::router_options;
using cogate::policy::attempt_reason;
using cogate::policy::call_action;
using cogate::policy::time_point;
using cogate::test::driven_call;
using cogate::test::stage;
using kind = call_action::kind;

router_options hedging()
{
    router_options options;
    options.hedge = {.percentile = 95, .max_extra_ratio = 1};
    return options;
}

} // namespace

BOOST_AUTO_TEST_SUITE(policy_call_machine_hedge)

BOOST_AUTO_TEST_CASE(a_late_first_token_begins_a_second_attempt_elsewhere_and_the_loser_is_cancelled)
{
    stage on({2}, hedging());
    on.warm(400ms);
    driven_call call(on);
    auto const first = call.start();
    BOOST_REQUIRE(first.size() == 2u);
    BOOST_TEST((first[1].what == kind::timer));
    BOOST_TEST((first[1].when >= on.now + 390ms && first[1].when <= on.now + 410ms));
    on.now = first[1].when;
    auto const second = call.timer();
    BOOST_REQUIRE(second.size() == 1u);
    BOOST_TEST((second[0].reason == attempt_reason::hedge));
    BOOST_TEST(second[0].deployment != first[0].deployment);
    auto const ends = call.content(1);
    BOOST_REQUIRE(ends.size() == 2u);
    BOOST_TEST((ends[0].what == kind::cancel && ends[0].attempt == 0));
    BOOST_TEST((ends[1].what == kind::deliver && ends[1].attempt == 1));
}

BOOST_AUTO_TEST_CASE(one_of_two_may_fail_while_the_other_runs)
{
    stage on({2}, hedging());
    on.warm(400ms);
    driven_call call(on);
    on.now = call.start()[1].when;
    call.timer();
    BOOST_TEST(call.failed(0).empty());
    BOOST_TEST((call.content(1).back().what == kind::deliver));
}

BOOST_AUTO_TEST_CASE(no_hedge_before_the_least_delay_or_without_experience)
{
    stage fresh({2}, hedging());
    BOOST_TEST(driven_call(fresh).start().size() == 1u);

    stage fast({2}, hedging());
    fast.warm(5ms);
    driven_call call(fast);
    BOOST_TEST((call.start().at(1).when == fast.now + 50ms));
}

BOOST_AUTO_TEST_CASE(no_hedge_of_what_may_not_run_twice_or_past_the_deadline)
{
    stage on({2}, hedging());
    on.warm(400ms);
    driven_call stored(on, 600s, 1, false, {.prompt_tokens = 100, .stream = true, .repeatable = false});
    BOOST_TEST(stored.start().size() == 1u);
    router_options patient = hedging();
    patient.hedge.min_delay = 500ms;
    stage late({2}, patient);
    late.warm(400ms);
    BOOST_TEST(driven_call(late, 490ms).start().size() == 1u);
    BOOST_TEST(driven_call(late, 510ms).start().size() == 2u);
}

BOOST_AUTO_TEST_CASE(an_empty_budget_hedges_nothing)
{
    router_options no_retries = hedging();
    no_retries.retry_budget = {.ratio = 0, .min_per_second = 0};
    router_options no_hedges = hedging();
    no_hedges.hedge.max_extra_ratio = 0;
    router_options no_money = hedging();
    no_money.hedge.max_extra_nano_usd_per_hour = 99'999;
    for (router_options const& options : {no_retries, no_hedges, no_money}) {
        stage on({2}, options);
        on.warm(400ms);
        driven_call call(on);
        on.now = call.start().at(1).when;
        BOOST_TEST(call.timer().empty());
        BOOST_TEST((call.content(0).back().what == kind::deliver));
    }
    router_options money = hedging();
    money.hedge.max_extra_nano_usd_per_hour = 100'000;
    stage on({2}, money);
    on.warm(400ms);
    driven_call call(on);
    on.now = call.start().at(1).when;
    BOOST_TEST(call.timer().size() == 1u);
    // a hundred prompt tokens at a dollar a million
    BOOST_TEST(on.hedges().spent(on.now) == 100'000);
}

BOOST_AUTO_TEST_CASE(a_race_begins_on_different_lanes_at_once_and_needs_no_budget)
{
    router_options options;
    options.race = 3;
    options.retry_budget = {.ratio = 0, .min_per_second = 0};
    stage on({5}, options);
    driven_call call(on);
    auto const first = call.start();
    BOOST_REQUIRE(first.size() == 3u);
    std::set<cogate::policy::deployment_index> lanes;
    for (call_action const& one : first) {
        lanes.insert(one.deployment);
    }
    BOOST_TEST(lanes.size() == 3u);
    BOOST_TEST(call.failed(0).empty());
    auto const ends = call.content(2);
    BOOST_REQUIRE(ends.size() == 2u);
    BOOST_TEST((ends[0].what == kind::cancel && ends[0].attempt == 1));

    driven_call stored(on, 600s, 2, false, {.prompt_tokens = 1, .repeatable = false});
    BOOST_TEST(stored.start().size() == 1u);
}

// Undefined behaviour before: the estimate of what it may cost overflowed.
BOOST_AUTO_TEST_CASE(a_request_for_any_number_of_tokens_has_a_cost_that_can_be_compared)
{
    router_options options;
    options.hedge = {.percentile = 95, .max_extra_ratio = 5, .max_extra_nano_usd_per_hour = 1'000'000'000};
    stage on({2}, options);
    for (std::size_t i = 0; i != on.lanes(); ++i) {
        for (int n = 0; n != 30; ++n) {
            BOOST_REQUIRE(on.lane(i).begin(on.now, {.prompt_tokens = 100}));
            on.lane(i).end(on.now,
                           {.ok = true, .prompt_tokens = 100, .completion_tokens = 10, .total = 100ms},
                           {.prompt_tokens = 100});
        }
    }
    driven_call call(on, 600s, 1, false, {.prompt_tokens = 1U << 30U, .max_output_tokens = 4'000'000'000});
    call.start();
    BOOST_REQUIRE((call.timer_at() != cogate::policy::time_point::max()));
    on.now = call.timer_at();
    BOOST_TEST(call.timer().empty()); // too dear
    BOOST_TEST(on.hedges().spent(on.now) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
