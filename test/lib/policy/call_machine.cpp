#include "test/lib/policy/call_machine_stage.hpp"

#include <set>

namespace {

using namespace std::chrono_literals;
using cogate::error_kind;
using cogate::router_options;
using cogate::policy::attempt_reason;
using cogate::policy::call_action;
using cogate::test::driven_call;
using cogate::test::stage;
using kind = call_action::kind;

router_options with_fallbacks(std::vector<std::string> to)
{
    router_options options;
    options.fallbacks = {{"a", std::move(to)}};
    return options;
}

bool begins(std::vector<call_action> const& actions, attempt_reason why)
{
    return actions.size() == 1 && actions[0].what == kind::begin && actions[0].reason == why;
}

bool fails(std::vector<call_action> const& actions, int attempt)
{
    return !actions.empty() && actions.back().what == kind::fail && actions.back().attempt == attempt;
}

} // namespace

BOOST_AUTO_TEST_SUITE(policy_call_machine)

BOOST_AUTO_TEST_CASE(a_good_answer_is_delivered)
{
    stage on({2}, {});
    driven_call call(on);
    BOOST_TEST(begins(call.start(), attempt_reason::first));
    auto const actions = call.content(0);
    BOOST_REQUIRE(actions.size() == 1u);
    BOOST_TEST((actions[0].what == kind::deliver));
    BOOST_TEST(call.machine().attempts() == 1);
    BOOST_TEST(call.machine().retries() == 0);
}

BOOST_AUTO_TEST_CASE(a_retry_goes_at_once_to_a_lane_not_yet_tried)
{
    stage on({3}, {});
    driven_call call(on);
    std::set<cogate::policy::deployment_index> lanes{call.start()[0].deployment};
    for (cogate::policy::attempt_number n = 0; n != 2; ++n) {
        auto const again = call.failed(n);
        BOOST_REQUIRE(begins(again, attempt_reason::retry));
        lanes.insert(again[0].deployment);
    }
    BOOST_TEST(lanes.size() == 3u);
    BOOST_TEST(call.machine().retries() == 2);
    BOOST_TEST(fails(call.failed(2), 2));
}

BOOST_AUTO_TEST_CASE(the_only_lane_is_tried_again_after_a_wait)
{
    stage on({1}, {});
    driven_call call(on);
    call.start();
    auto const waits = call.failed(0);
    BOOST_REQUIRE(waits.size() == 1u);
    BOOST_TEST((waits[0].what == kind::timer));
    BOOST_TEST((waits[0].when >= on.now && waits[0].when <= on.now + 500ms));
    on.now = waits[0].when;
    BOOST_TEST(begins(call.timer(), attempt_reason::retry));
}

BOOST_AUTO_TEST_CASE(a_providers_wait_is_kept_and_an_absurd_one_is_not)
{
    stage on({1}, {});
    driven_call call(on);
    call.start();
    auto const waits = call.failed(0, error_kind::rate_limit, 7s);
    BOOST_REQUIRE(waits.size() == 1u);
    BOOST_TEST((waits[0].when == on.now + 7s));
    on.now += 7s;
    BOOST_REQUIRE(begins(call.timer(), attempt_reason::retry));
    BOOST_TEST(fails(call.failed(1, error_kind::rate_limit, std::chrono::seconds(1'000'000'000)), 1));
}

BOOST_AUTO_TEST_CASE(no_wait_goes_beyond_the_deadline)
{
    stage on({1}, {});
    driven_call call(on, 5s);
    call.start();
    auto const ends = call.failed(0, error_kind::rate_limit, 7s);
    BOOST_TEST(fails(ends, 0));
    BOOST_TEST(ends.back().too_late);
}

BOOST_AUTO_TEST_CASE(no_attempt_begins_that_cannot_finish)
{
    stage on({2}, {});
    on.warm(2s);
    driven_call hopeless(on, 1s);
    auto const ends = hopeless.start();
    BOOST_REQUIRE(fails(ends, 0));
    BOOST_TEST(ends.back().too_late);
    BOOST_TEST(hopeless.begun() == 0);

    driven_call possible(on, 3s);
    possible.start();
    on.now += 1'500ms;
    BOOST_TEST(fails(possible.failed(0), 0));
}

BOOST_AUTO_TEST_CASE(a_bad_request_and_not_found_are_not_tried_again)
{
    for (error_kind const why :
         {error_kind::invalid_request, error_kind::not_found, error_kind::unprocessable,
          error_kind::request_too_large, error_kind::content_policy_violation}) {
        stage on({3}, {});
        driven_call call(on);
        call.start();
        BOOST_TEST(fails(call.failed(0, why), 0));
    }
    router_options options;
    options.retries.bad_request = 1;
    stage on({3}, options);
    driven_call call(on);
    call.start();
    BOOST_TEST(begins(call.failed(0, error_kind::invalid_request), attempt_reason::retry));
}

BOOST_AUTO_TEST_CASE(a_refused_key_needs_another_lane)
{
    stage one({1}, {});
    driven_call alone(one);
    alone.start();
    BOOST_TEST(fails(alone.failed(0, error_kind::authentication), 0));

    stage two({2}, {});
    driven_call call(two);
    auto const first = call.start();
    auto const second = call.failed(0, error_kind::authentication);
    BOOST_REQUIRE(begins(second, attempt_reason::retry));
    BOOST_TEST(first[0].deployment != second[0].deployment);
    BOOST_TEST(fails(call.failed(1, error_kind::authentication), 1));
}

BOOST_AUTO_TEST_CASE(fallbacks_come_in_order_when_retries_are_spent)
{
    router_options options = with_fallbacks({"b", "c"});
    options.num_retries = 0;
    stage on({1, 1, 1}, options);
    driven_call call(on);
    call.start();
    auto const second = call.failed(0);
    BOOST_REQUIRE(begins(second, attempt_reason::fallback));
    BOOST_TEST(second[0].in == &on.at(1));
    BOOST_TEST(second[0].deployment == 1u);
    auto const third = call.failed(1);
    BOOST_REQUIRE(begins(third, attempt_reason::fallback));
    BOOST_TEST(third[0].in == &on.at(2));
    BOOST_TEST(fails(call.failed(2), 2));
    BOOST_TEST(call.machine().fallbacks() == 2);
}

BOOST_AUTO_TEST_CASE(each_group_is_tried_again_by_its_own_policy)
{
    router_options options = with_fallbacks({"b", "c"});
    options.num_retries = 1;
    options.group_retries = {{"b", {.timeout = 0, .internal_server = 2}}, {"c", {.otherwise = 0}}};
    stage on({3, 4, 4}, options);
    driven_call call(on);
    call.start();
    BOOST_REQUIRE(begins(call.failed(0, error_kind::timeout), attempt_reason::retry));
    BOOST_REQUIRE(begins(call.failed(1, error_kind::timeout), attempt_reason::fallback));
    BOOST_REQUIRE(begins(call.failed(2), attempt_reason::retry));
    BOOST_REQUIRE(begins(call.failed(3), attempt_reason::retry));
    auto const third = call.failed(4);
    BOOST_REQUIRE(begins(third, attempt_reason::fallback));
    BOOST_TEST(third[0].in == &on.at(2));
    BOOST_TEST(fails(call.failed(5), 5));

    driven_call other(on);
    other.start();
    other.failed(0, error_kind::timeout);
    other.failed(1, error_kind::timeout);
    auto const next = other.failed(2, error_kind::timeout);
    BOOST_REQUIRE(begins(next, attempt_reason::fallback));
    BOOST_TEST(next[0].in == &on.at(2));
}

BOOST_AUTO_TEST_CASE(max_fallbacks_bounds_them)
{
    router_options options = with_fallbacks({"b", "c"});
    options.num_retries = 0;
    options.max_fallbacks = 1;
    stage on({1, 1, 1}, options);
    driven_call call(on);
    call.start();
    call.failed(0);
    BOOST_TEST(fails(call.failed(1), 1));
}

BOOST_AUTO_TEST_CASE(a_full_context_window_has_its_own_list_and_is_not_tried_again)
{
    router_options options = with_fallbacks({"b"});
    options.context_window_fallbacks = {{"a", {"c"}}};
    options.retries.bad_request = 3;
    stage on({2, 1, 1}, options);
    driven_call call(on);
    call.start();
    auto const second = call.failed(0, error_kind::context_window_exceeded);
    BOOST_REQUIRE(begins(second, attempt_reason::fallback));
    BOOST_TEST(second[0].in == &on.at(2));
    auto const third = call.failed(1, error_kind::unprocessable);
    BOOST_TEST((third[0].what == kind::timer || third[0].in == &on.at(1)));
}

BOOST_AUTO_TEST_CASE(a_rate_limited_group_falls_back_at_once)
{
    stage on({1, 1}, with_fallbacks({"b"}));
    driven_call call(on);
    call.start();
    auto const second = call.failed(0, error_kind::rate_limit, 3s);
    BOOST_REQUIRE(begins(second, attempt_reason::fallback));
    BOOST_TEST(second[0].in == &on.at(1));
}

BOOST_AUTO_TEST_CASE(extra_attempts_end_with_the_first_groups_budget)
{
    router_options options = with_fallbacks({"b"});
    options.num_retries = 5;
    options.retry_budget = {.ratio = 0, .min_per_second = 0.1};
    stage on({3, 1}, options);
    driven_call call(on);
    call.start();
    BOOST_REQUIRE(begins(call.failed(0), attempt_reason::retry));
    BOOST_TEST(fails(call.failed(1), 1));
    BOOST_TEST(on.at(0).budget().balance(on.now) == 0);
    BOOST_TEST(on.at(1).budget().balance(on.now) == 1);
}

BOOST_AUTO_TEST_CASE(a_closed_idle_connection_costs_no_budget_and_no_retry)
{
    router_options options;
    options.retry_budget = {.ratio = 0, .min_per_second = 0};
    stage on({2}, options);
    driven_call call(on);
    auto const first = call.start();
    auto const again = call.failed(0, error_kind::connection, {}, true);
    BOOST_REQUIRE(begins(again, attempt_reason::reconnect));
    BOOST_TEST(again[0].deployment == first[0].deployment);
    BOOST_TEST(call.machine().retries() == 0);
    BOOST_TEST(fails(call.failed(1, error_kind::connection, {}, true), 1));
}

BOOST_AUTO_TEST_CASE(a_body_that_is_gone_is_not_sent_again)
{
    stage on({3, 1}, with_fallbacks({"b"}));
    driven_call call(on);
    call.start();
    cogate::policy::call_event gone{
        cogate::policy::call_event::kind::failed, {}, 0, error_kind::connection, true};
    gone.unused_connection = true;
    gone.unrepeatable = true;
    BOOST_TEST(fails(call.tell(gone), 0));
}

BOOST_AUTO_TEST_CASE(cancelling_and_expiry_stop_what_runs)
{
    router_options options;
    options.race = 3;
    for (bool const expiry : {false, true}) {
        stage on({4}, options);
        driven_call call(on);
        BOOST_TEST(call.start().size() == 3u);
        auto const ends = expiry ? call.expired() : call.cancelled();
        BOOST_REQUIRE(ends.size() == 4u);
        BOOST_TEST((ends[2].what == kind::cancel));
        BOOST_TEST((ends[3].what == kind::fail));
        for (std::size_t i = 0; i != on.lanes(); ++i) {
            BOOST_TEST(on.lane(i).pending() == 0);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
