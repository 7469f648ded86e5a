#include "lib/ledger/accounts/rate_limiter.hpp"

#include "lib/ledger/accounts/rate_owners.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <limits>
#include <thread>
#include <vector>

using namespace std::chrono_literals;
using namespace cogate::ledger;
using instant = rate_limiter::instant;
using what = rate_standing::what;

namespace {

rate_rule rule(std::string id, rate_limits limits)
{
    return {{scope_kind::key, std::move(id)}, limits};
}

rate_limits rpm(std::int64_t n)
{
    return {n, std::nullopt, std::nullopt};
}
rate_limits tpm(std::int64_t n)
{
    return {std::nullopt, n, std::nullopt};
}
rate_limits parallel(std::int64_t n)
{
    return {std::nullopt, std::nullopt, n};
}

struct fixture {
    rate_limiter limiter;
    rate_standing refused;

    std::optional<rate_limiter::pass> admit(std::vector<rate_rule> const& rules, std::int64_t tokens = 0,
                                            instant now = 0s)
    {
        return limiter.admit(rules, tokens, now, refused);
    }
    std::int64_t left(rate_rule const& of, what which, instant now = 0s)
    {
        return limiter.look(of, which, now)->remaining;
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(ledger_accounts_rate_limiter)

BOOST_FIXTURE_TEST_CASE(a_minute_holds_its_requests_and_frees_them_evenly, fixture)
{
    rate_rule const k = rule("k", rpm(3));
    for (int i = 0; i != 3; ++i) {
        BOOST_TEST(admit({k}).has_value());
    }
    BOOST_TEST(!admit({k}).has_value());
    BOOST_TEST((refused.limited == what::requests));
    BOOST_TEST((refused.where == k.owner));
    BOOST_TEST(refused.limit == 3);
    BOOST_TEST(refused.remaining == 0);
    BOOST_TEST((refused.retry_after == 20s));
    BOOST_TEST((refused.reset == 60s));
    BOOST_TEST(!admit({k}, 0, 20s - 1ns).has_value());
    BOOST_TEST(admit({k}, 0, 20s).has_value());
    BOOST_TEST(!admit({k}, 0, 20s).has_value());
}

BOOST_FIXTURE_TEST_CASE(tokens_are_settled_to_the_truth, fixture)
{
    rate_rule const k = rule("k", tpm(100));
    auto first = admit({k}, 80);
    BOOST_TEST(!admit({k}, 30).has_value());
    BOOST_TEST((refused.limited == what::tokens));
    BOOST_TEST((refused.retry_after == 6s));
    first->settle(10, 0s);
    BOOST_TEST(left(k, what::tokens) == 90);
    auto second = admit({k}, 30);
    second->settle(150, 0s); // more than was taken: later calls wait for it
    BOOST_TEST(left(k, what::tokens) == 0);
    BOOST_TEST((limiter.look(k, what::tokens, 0s)->reset == 96s));
    BOOST_TEST(!admit({k}, 1, 36s).has_value());
    BOOST_TEST(admit({k}, 1, 37s).has_value());
    first->settle(1000, 0s);
    BOOST_TEST((limiter.look(k, what::tokens, 0s)->reset < 97s));
}

BOOST_FIXTURE_TEST_CASE(a_refund_never_saves_up, fixture)
{
    rate_rule const k = rule("k", tpm(60));
    auto call = admit({k}, 60);
    BOOST_TEST(left(k, what::tokens, 30s) == 30);
    call->settle(0, 30s); // 60 back, of which time has given 30 already
    BOOST_TEST(left(k, what::tokens, 30s) == 60);
}

BOOST_FIXTURE_TEST_CASE(a_call_greater_than_the_whole_limit_passes_alone, fixture)
{
    rate_rule const k = rule("k", tpm(60));
    BOOST_TEST(admit({k}, 120).has_value());
    BOOST_TEST(!admit({k}, 1, 60s).has_value());
    BOOST_TEST((refused.retry_after == 1s));
    BOOST_TEST(!admit({k}, 120, 119s).has_value());
    BOOST_TEST((refused.retry_after == 1s));
    BOOST_TEST(admit({k}, 120, 120s).has_value());
}

BOOST_FIXTURE_TEST_CASE(a_limit_of_zero_lets_nothing_in, fixture)
{
    BOOST_TEST(!admit({rule("a", rpm(0))}).has_value());
    BOOST_TEST((refused.retry_after == 24h));
    BOOST_TEST(!admit({rule("b", tpm(0))}, 1).has_value());
    BOOST_TEST((refused.retry_after == 24h));
    BOOST_TEST(admit({rule("b", tpm(0))}, 0).has_value());
    BOOST_TEST(!admit({rule("c", parallel(0))}).has_value());
    BOOST_TEST(!admit({rule("d", rpm(-5))}).has_value());
}

BOOST_FIXTURE_TEST_CASE(parallel_calls_are_counted_until_they_end, fixture)
{
    rate_rule const k = rule("k", parallel(2));
    auto first = admit({k});
    auto second = admit({k});
    BOOST_TEST(!admit({k}).has_value());
    BOOST_TEST((refused.limited == what::parallel));
    BOOST_TEST((refused.retry_after == 1s));
    first->settle(5, 0s);
    BOOST_TEST(!admit({k}).has_value());
    first.reset();
    BOOST_TEST(left(k, what::parallel) == 1);
    rate_limiter::pass moved = std::move(*second);
    second.reset();
    BOOST_TEST(left(k, what::parallel) == 1);
    moved = rate_limiter::pass();
    BOOST_TEST(left(k, what::parallel) == 2);
}

BOOST_FIXTURE_TEST_CASE(an_undone_call_has_never_been, fixture)
{
    rate_rule const k = rule("k", {1, 10, 1});
    auto call = admit({k}, 10);
    BOOST_TEST(!admit({k}, 0).has_value());
    call->undo(0s);
    call->undo(0s);
    call->settle(10, 0s);
    BOOST_TEST(left(k, what::requests) == 1);
    BOOST_TEST(left(k, what::tokens) == 10);
    BOOST_TEST(left(k, what::parallel) == 1);
    call = admit({k}, 4);
    call->settle(9, 0s);
    call->undo(0s); // what was settled goes back, not what was taken
    BOOST_TEST(left(k, what::tokens) == 10);
    BOOST_TEST(left(k, what::parallel) == 1);
}

BOOST_FIXTURE_TEST_CASE(all_owners_or_none, fixture)
{
    rate_rule const wide_one = rule("wide", {100, 1000, 10});
    rate_rule const narrow = rule("narrow", rpm(1));
    auto const kept = admit({wide_one, narrow}, 50);
    BOOST_TEST(kept.has_value());
    for (int i = 0; i != 5; ++i) {
        BOOST_TEST(!admit({wide_one, narrow}, 50).has_value());
        BOOST_TEST(!admit({narrow, wide_one}, 50).has_value());
    }
    BOOST_TEST((refused.where == narrow.owner));
    BOOST_TEST(left(wide_one, what::requests) == 99);
    BOOST_TEST(left(wide_one, what::tokens) == 950);
    BOOST_TEST(left(wide_one, what::parallel) == 9);
}

BOOST_FIXTURE_TEST_CASE(the_longest_wait_is_told, fixture)
{
    rate_rule const soon = rule("soon", rpm(60));
    rate_rule const late = rule("late", rpm(1));
    for (int i = 0; i != 60; ++i) {
        BOOST_TEST(admit({soon}).has_value());
    }
    BOOST_TEST(admit({late}).has_value());
    BOOST_TEST(!admit({soon, late}).has_value());
    BOOST_TEST((refused.where == late.owner));
    BOOST_TEST((refused.retry_after == 60s));
}

BOOST_FIXTURE_TEST_CASE(an_owner_named_twice_is_charged_once_and_keeps_the_lower_limits, fixture)
{
    rate_rule const twice = rule("k", {10, std::nullopt, 5});
    rate_rule const again = rule("k", {3, 100, std::nullopt});
    auto const call = admit({twice, again}, 40);
    BOOST_TEST(left(again, what::requests) == 2);
    BOOST_TEST(left(again, what::tokens) == 60);
    BOOST_TEST(left(twice, what::parallel) == 4);
}

BOOST_FIXTURE_TEST_CASE(kinds_of_owners_do_not_meet, fixture)
{
    rate_rule key = rule("same", rpm(1));
    rate_rule user = key;
    user.owner.kind = scope_kind::user;
    BOOST_TEST(admit({key}).has_value());
    BOOST_TEST(admit({user}).has_value());
    BOOST_TEST(!admit({key}).has_value());
}

BOOST_FIXTURE_TEST_CASE(a_changed_limit_takes_what_was_counted_along, fixture)
{
    for (int i = 0; i != 10; ++i) {
        BOOST_TEST(admit({rule("k", rpm(10))}).has_value());
    }
    BOOST_TEST(left(rule("k", rpm(100)), what::requests) == 90);
    BOOST_TEST(!admit({rule("k", rpm(5))}).has_value());
    BOOST_TEST((refused.retry_after == 72s)); // 6 requests too many at 5 per minute
}

BOOST_FIXTURE_TEST_CASE(great_numbers_do_not_overflow, fixture)
{
    constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
    rate_rule const k = rule("k", {most, most, most});
    for (int i = 0; i != 100; ++i) {
        auto call = admit({k}, most, instant::max());
        BOOST_REQUIRE(call.has_value());
        call->settle(most, instant::max());
    }
    BOOST_TEST(left(k, what::tokens, instant::max()) ==
               (std::int64_t{1} << 53) - 100 * (std::int64_t{1} << 40));
    rate_rule const small = rule("small", tpm(1));
    BOOST_TEST(admit({small}, most, instant::min()).has_value());
    BOOST_TEST((limiter.look(small, what::tokens, instant::min())->reset == 24h));
    BOOST_TEST(!admit({small}, -5, instant::max()).has_value()); // 2^40 minutes are not over yet
    BOOST_TEST((refused.retry_after == 24h));
}

BOOST_FIXTURE_TEST_CASE(a_clock_that_steps_back_stands_still, fixture)
{
    rate_rule const k = rule("k", rpm(1));
    BOOST_TEST(admit({k}, 0, 100s).has_value());
    BOOST_TEST(!admit({k}, 0, 10s).has_value());
    BOOST_TEST(!admit({k}, 0, 159s).has_value());
    BOOST_TEST(admit({k}, 0, 160s).has_value());
}

BOOST_FIXTURE_TEST_CASE(no_limits_no_look, fixture)
{
    BOOST_TEST(admit({}).has_value());
    BOOST_TEST(admit({rule("k", {})}, 1 << 30).has_value());
    BOOST_TEST(!limiter.look(rule("k", {}), what::requests, 0s).has_value());
    auto const fresh = limiter.look(rule("k", rpm(7)), what::requests, 0s);
    BOOST_TEST(fresh->remaining == 7);
    BOOST_TEST((fresh->reset == 0s));
    rate_limiter::pass empty;
    empty.settle(1, 0s);
    empty.undo(0s);
}

BOOST_AUTO_TEST_CASE(a_pass_may_outlive_the_limiter_and_end_elsewhere)
{
    std::optional<rate_limiter::pass> pass;
    {
        rate_limiter limiter;
        rate_rule const k = rule("k", {1, 1, 1});
        rate_standing refused;
        pass = limiter.admit(std::span(&k, 1), 1, 0s, refused);
    }
    std::thread([p = std::move(*pass)]() mutable {
        p.settle(0, 1s);
        p.undo(1s);
    }).join();
}

BOOST_AUTO_TEST_CASE(threads_never_exceed_a_limit)
{
    rate_limiter limiter;
    std::array const rules{rule("a", {500, std::nullopt, 3}), rule("b", {std::nullopt, 4000, 2})};
    std::atomic<int> admitted{0};
    std::atomic<int> running{0};
    std::atomic<int> wrong{0};
    auto const work = [&] {
        for (int i = 0; i != 2000; ++i) {
            rate_standing refused;
            auto pass = limiter.admit(rules, 10, 0s, refused);
            if (pass) {
                wrong += running.fetch_add(1) >= 2 ? 1 : 0;
                ++admitted;
                running.fetch_sub(1);
                if (i % 2 == 0) {
                    pass->settle(10, 0s);
                }
            }
        }
    };
    std::vector<std::thread> threads;
    for (int i = 0; i != 4; ++i) {
        threads.emplace_back(work);
    }
    for (std::thread& t : threads) {
        t.join();
    }
    BOOST_TEST(wrong.load() == 0);
    BOOST_TEST(admitted.load() == 400); // 4000 tokens, 10 each: all that fits and no more
    BOOST_TEST(limiter.look(rules[0], what::requests, 0s)->remaining == 100);
    BOOST_TEST(limiter.look(rules[1], what::parallel, 0s)->remaining == 2);
}

BOOST_AUTO_TEST_CASE(idle_owners_are_forgotten_and_busy_ones_are_not)
{
    rate_owners owners;
    for (int i = 0; i != 1000; ++i) {
        rate_owner& o = owners.at({scope_kind::key, std::to_string(i)});
        BOOST_REQUIRE(o.name->id == std::to_string(i));
        o.last = 0s;
    }
    owners.at({scope_kind::key, "7"}).uses = 1;
    owners.at({scope_kind::key, "8"}).last = 50s;
    rate_owner& in_debt = owners.at({scope_kind::key, "9"});
    in_debt.tokens.advance(1, 0s);
    in_debt.tokens.take(100);
    auto const tidy = [&](instant now) {
        std::size_t const before = owners.size();
        owners.forget_idle(now);
        std::size_t const once = before - owners.size();
        for (int i = 0; i != 100; ++i) {
            owners.forget_idle(now);
        }
        return once;
    };
    tidy(59s);
    BOOST_TEST(owners.size() == 1000u);
    std::size_t const at_once = tidy(60s);
    BOOST_TEST(at_once > 0u);
    BOOST_TEST(at_once < 500u); // a bounded number
    BOOST_TEST(owners.size() == 3u);
    BOOST_TEST(owners.find({scope_kind::key, "7"}) != nullptr);
    BOOST_TEST(owners.find({scope_kind::key, "0"}) == nullptr);
    tidy(110s);
    BOOST_TEST(owners.find({scope_kind::key, "8"}) == nullptr);
    BOOST_TEST(owners.find({scope_kind::key, "9"}) != nullptr);
    tidy(6000s);
    BOOST_TEST(owners.size() == 1u);
}

BOOST_AUTO_TEST_CASE(tidying_never_touches_a_running_call)
{
    rate_limiter limiter;
    rate_rule const k = rule("k", parallel(1));
    rate_standing refused;
    auto const call = limiter.admit(std::span(&k, 1), 0, 0s, refused);
    for (int i = 0; i != 100; ++i) {
        limiter.tidy(1h);
    }
    BOOST_TEST(!limiter.admit(std::span(&k, 1), 0, 1h, refused).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
