#include "test/lib/policy/call_machine_stage.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace {

using namespace std::chrono_literals;
using cogate::error_kind;
using cogate::router_options;
using cogate::policy::attempt_reason;
using cogate::test::driven_call;
using cogate::test::stage;

enum class step {
    content_first,
    content_last,
    failed_first,
    limited_last,
    refused_key,
    lost_connection,
    body_gone,
    timer,
    room,
    stray,
    cancelled,
    expired,
    count
};

struct shape {
    int lanes;
    bool hedge;
    int race;
    bool fallbacks;
    int parallel;
    bool own_policies = false; ///< a: 0, b: none after a 429, c: 3
};

router_options options_of(shape const& of)
{
    router_options options;
    options.num_retries = 2;
    options.retry_budget = {.ratio = 0, .min_per_second = 0.3};
    if (of.hedge) {
        options.hedge = {.percentile = 95, .max_extra_ratio = 5};
    }
    options.race = of.race;
    if (of.fallbacks) {
        options.fallbacks = {{"a", {"b", "c"}}};
    }
    if (of.own_policies) {
        options.retry_budget = {.ratio = 0, .min_per_second = 100};
        options.group_retries = {
            {"a", {.otherwise = 0}}, {"b", {.rate_limit = 0}}, {"c", {.rate_limit = 1, .otherwise = 3}}};
    }
    if (of.parallel != 0) {
        options.admission.kind = cogate::admission_options::limit::fixed;
        options.admission.fixed = of.parallel;
    }
    return options;
}

// Whether the step says anything in this state; what says nothing need not be ordered.
bool applies(step what, driven_call const& call)
{
    std::size_t const running = call.under_way().size();
    switch (what) {
    case step::content_first:
    case step::failed_first:
    case step::refused_key:
    case step::lost_connection:
    case step::body_gone: return running > 0;
    case step::content_last:
    case step::limited_last: return running > 1;
    case step::timer: return call.timer_at() != cogate::policy::time_point::max();
    case step::room: return call.queued();
    default: return true;
    }
}

void take(step what, driven_call& call, stage& on)
{
    using event = cogate::policy::call_event;
    auto const running = call.under_way();
    on.now += 10ms;
    switch (what) {
    case step::content_first: call.content(running.front()); break;
    case step::content_last: call.content(running.back()); break;
    case step::failed_first: call.failed(running.front()); break;
    case step::limited_last: call.failed(running.back(), error_kind::rate_limit, 1s); break;
    case step::refused_key: call.failed(running.front(), error_kind::authentication); break;
    case step::lost_connection: call.failed(running.front(), error_kind::connection, {}, true); break;
    case step::body_gone: {
        event gone{event::kind::failed, {}, running.front(), error_kind::connection, true};
        gone.unrepeatable = true;
        call.tell(gone);
        break;
    }
    case step::timer:
        on.now = std::max(on.now, call.timer_at());
        call.timer();
        break;
    case step::room: call.room(); break;
    case step::stray:
        BOOST_REQUIRE(call.failed(200).empty());
        BOOST_REQUIRE(call.content(200).empty());
        BOOST_REQUIRE(call.start().empty());
        break;
    case step::cancelled: call.cancelled(); break;
    case step::expired: call.expired(); break;
    case step::count: break;
    }
}

struct tally {
    std::size_t orders = 0;
    std::size_t outcomes = 0;
    int most_attempts = 0;
    std::array<int, 3> most_retries{}; ///< in a, b, c
    std::set<attempt_reason> reasons{};
    bool queued = false;
};

// Plays the path from the beginning: lanes and budgets remember, so nothing is copied.
void explore(shape const& of, std::vector<step>& path, std::size_t depth, tally& seen)
{
    stage on({of.lanes, 1, 1}, options_of(of));
    if (of.hedge) {
        on.warm(100ms);
    }
    if (of.parallel != 0) {
        // a call of another takes the first lane's only place
        BOOST_REQUIRE(on.lane(0).begin(on.now, {}));
    }
    driven_call call(on);
    call.start();
    for (step const what : path) {
        take(what, call, on);
    }
    ++seen.orders;
    seen.reasons.insert(call.reasons().begin(), call.reasons().end());
    seen.queued = seen.queued || call.queued();
    seen.most_attempts = std::max(seen.most_attempts, call.begun());
    for (std::size_t i = 0; i != seen.most_retries.size(); ++i) {
        seen.most_retries[i] = std::max(seen.most_retries[i], call.retries_in(on.at(i).name()));
    }
    if (call.outcomes() == 1) {
        ++seen.outcomes;
        for (int s = 0; s != static_cast<int>(step::count); ++s) {
            cogate::policy::call_event any{static_cast<cogate::policy::call_event::kind>(s % 7), on.now};
            BOOST_REQUIRE(call.tell(any).empty());
        }
        for (std::size_t i = 0; i != on.lanes(); ++i) {
            BOOST_REQUIRE_EQUAL(on.lane(i).pending(), i == 0 && of.parallel != 0 ? 1 : 0);
        }
        return;
    }
    BOOST_REQUIRE(!call.under_way().empty() || call.queued() ||
                  call.timer_at() != cogate::policy::time_point::max());
    if (path.size() == depth) {
        return;
    }
    for (int s = 0; s != static_cast<int>(step::count); ++s) {
        // strays change nothing, so one at the end of a path says all
        bool const last = path.size() + 1 == depth;
        if (applies(static_cast<step>(s), call) && (static_cast<step>(s) != step::stray || last)) {
            path.push_back(static_cast<step>(s));
            explore(of, path, depth, seen);
            path.pop_back();
        }
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(policy_call_machine_orders)

// The start is the first of the seven.
BOOST_AUTO_TEST_CASE(every_order_of_seven_events_ends_once_and_leaves_nothing_running)
{
    tally all;
    for (int lanes = 1; lanes <= 3; ++lanes) {
        for (shape const& of : {shape{lanes, false, 1, false, 0}, shape{lanes, false, 1, true, 0},
                                shape{lanes, true, 1, false, 0}, shape{lanes, true, 1, true, 0},
                                shape{lanes, false, 2, false, 0}, shape{lanes, true, 3, true, 0},
                                shape{lanes, false, 1, true, 1}, shape{lanes, true, 2, true, 1}}) {
            tally seen;
            std::vector<step> path;
            explore(of, path, 6, seen);
            BOOST_TEST(seen.outcomes > 0u);
            // race, retries in three groups, each with a reconnect and a hedge
            BOOST_TEST(seen.most_attempts <= 12);
            all.orders += seen.orders;
            all.outcomes += seen.outcomes;
            all.reasons.insert(seen.reasons.begin(), seen.reasons.end());
            all.queued = all.queued || seen.queued;
        }
    }
    BOOST_TEST_MESSAGE("orders " << all.orders << ", of which ended " << all.outcomes);
    BOOST_TEST(all.orders > 10'000u);
    BOOST_TEST(all.reasons.size() == 6u);
    BOOST_TEST(all.queued);
}

BOOST_AUTO_TEST_CASE(in_every_order_each_group_keeps_to_its_own_policy)
{
    tally seen;
    std::vector<step> path;
    explore({.lanes = 2, .hedge = false, .race = 1, .fallbacks = true, .parallel = 0, .own_policies = true},
            path, 7, seen);
    BOOST_TEST(seen.most_retries[0] == 0);
    BOOST_TEST(seen.most_retries[1] == 2);
    BOOST_TEST(seen.most_retries[2] >= 2); // three fit no order of eight events
    BOOST_TEST(seen.most_retries[2] <= 3);
}

BOOST_AUTO_TEST_SUITE_END()
