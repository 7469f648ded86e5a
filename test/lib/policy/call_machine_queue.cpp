#include "test/lib/policy/call_machine_stage.hpp"

namespace {

using namespace std::chrono_literals;
using cogate::error_kind;
using cogate::router_options;
using cogate::policy::attempt_reason;
using cogate::policy::call_action;
using cogate::policy::pick;
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

BOOST_AUTO_TEST_SUITE(policy_call_machine_queue)

BOOST_AUTO_TEST_CASE(a_full_group_is_waited_for)
{
    router_options options = with_fallbacks({"b"});
    options.admission.kind = cogate::admission_options::limit::fixed;
    options.admission.fixed = 1;
    stage on({1, 1}, options);
    driven_call first(on);
    driven_call second(on);
    driven_call third(on);
    first.start();
    BOOST_TEST((second.start().at(0).what == kind::queue));
    BOOST_TEST((second.room().at(0).what == kind::queue));
    BOOST_TEST((third.start().at(0).what == kind::queue));
    first.content(0);
    BOOST_TEST(begins(second.room(), attempt_reason::first));
    // no more patience, but time left: the next group
    BOOST_TEST(begins(third.expired(), attempt_reason::fallback));
}

BOOST_AUTO_TEST_CASE(the_end_of_a_rest_is_not_slept_through_in_the_queue)
{
    router_options options;
    options.admission.kind = cogate::admission_options::limit::fixed;
    options.admission.fixed = 1;
    stage on({2}, options);
    cogate::policy::attempt_outcome refused;
    refused.error = error_kind::rate_limit;
    refused.retry_after = 4s;
    BOOST_REQUIRE(on.lane(1).begin(on.now, {}));
    on.lane(1).end(on.now, refused, {});
    driven_call first(on);
    BOOST_TEST(first.start().at(0).deployment == 0U);

    driven_call second(on);
    auto const waits = second.start();
    BOOST_REQUIRE(waits.size() == 2u);
    BOOST_TEST((waits[0].what == kind::queue));
    BOOST_TEST((waits[1].what == kind::timer));
    BOOST_TEST((waits[1].when == on.now + 4s));
    on.now += 4s;
    auto const begun = second.timer();
    BOOST_REQUIRE(begins(begun, attempt_reason::first));
    BOOST_TEST(begun[0].deployment == 1U);

    driven_call third(on); // no rest to wait for, but a probe under way
    BOOST_TEST((third.start().at(0).what == kind::queue));
    on.now += 1s;
    BOOST_TEST((third.timer().at(0).what == kind::queue));
}

BOOST_AUTO_TEST_CASE(when_all_rest_the_soonest_time_is_told)
{
    stage on({1, 1}, with_fallbacks({"b"}));
    for (std::size_t i = 0; i != 2; ++i) {
        BOOST_REQUIRE(on.lane(i).begin(on.now, {}));
        cogate::policy::attempt_outcome refused;
        refused.error = error_kind::rate_limit;
        refused.retry_after = i == 0 ? 20s : 4s;
        on.lane(i).end(on.now, refused, {});
    }
    driven_call call(on);
    auto const ends = call.start();
    BOOST_REQUIRE(fails(ends, 0));
    BOOST_REQUIRE(ends.back().none.has_value());
    BOOST_TEST((ends.back().none->what == pick::kind::resting));
    BOOST_TEST((ends.back().none->ready_at == on.now + 4s));

    driven_call pinned(on, 600s, 1, true);
    BOOST_TEST(begins(pinned.start(), attempt_reason::first));
}

BOOST_AUTO_TEST_SUITE_END()
