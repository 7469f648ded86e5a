#include "lib/ledger/accounts/rate_limiter.hpp"

#include "test/common/seeded.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <vector>

using namespace std::chrono_literals;
using namespace cogate::ledger;
using cogate::test::seeded;
using instant = rate_limiter::instant;

namespace {

__extension__ using wide = __int128;

constexpr wide minute = 60'000'000'000;

/// One limit told as slowly as possible: all that ever happened, replayed on every question by the rule as it
/// is written, with times in units of 1/n nanosecond, so that the interval T = 60 s / n is a whole number.
struct model {
    struct happening {
        instant at;
        std::int64_t weight; ///< negative: a refund
    };
    std::int64_t n;
    std::vector<happening> all{};

    wide tat(instant now) const
    {
        wide tat = 0;
        for (happening const& h : all) {
            wide const t = wide{h.at.count()} * n;
            tat = std::max(std::max(tat, t) + minute * h.weight, t);
        }
        return std::max(tat, wide{now.count()} * n);
    }
    bool fits(std::int64_t w, instant now) const
    {
        wide const t = wide{now.count()} * n;
        return tat(now) + minute * w - t <= minute * n || (w > n && n > 0 && tat(now) == t);
    }
};

std::optional<std::int64_t> maybe(seeded& random, std::int64_t limit)
{
    return random.one_in(3) ? std::nullopt : std::optional(limit);
}

} // namespace

BOOST_AUTO_TEST_SUITE(ledger_accounts_rate_model)

// Three owners with limits of any size; calls over some of them, settled, undone or ended in any order.
BOOST_AUTO_TEST_CASE(the_limiter_agrees_with_the_rule_replayed)
{
    int admitted = 0;
    int refusals = 0;
    for (std::uint64_t seed = 1; seed != 60; ++seed) {
        seeded random(seed);
        rate_limiter limiter;
        constexpr std::array<std::int64_t, 7> sizes{1, 2, 3, 7, 60, 1'000'003, std::int64_t{1} << 53};
        std::array<rate_rule, 3> rules;
        std::array<model, 3> requests;
        std::array<model, 3> tokens;
        std::array<std::int64_t, 3> running{};
        for (std::size_t i = 0; i != rules.size(); ++i) {
            auto const size = [&] { return sizes[random.below(sizes.size())]; };
            rules[i].owner = {scope_kind::key, "k" + std::to_string(i)};
            rules[i].limits = {maybe(random, size()), maybe(random, size()),
                               maybe(random, 1 + static_cast<std::int64_t>(random.below(3)))};
            requests[i].n = rules[i].limits.requests_per_minute.value_or(0);
            tokens[i].n = rules[i].limits.tokens_per_minute.value_or(0);
        }
        struct call {
            rate_limiter::pass pass;
            std::vector<std::size_t> owners;
            std::int64_t tokens;
            bool settled;
        };
        std::vector<call> open;
        instant now{static_cast<std::int64_t>(random.below(1'000'000))};
        for (int step = 0; step != 120; ++step) {
            now +=
                instant{static_cast<std::int64_t>(random.below(random.one_in(2) ? 1'000 : 20'000'000'000))};
            if (!open.empty() && random.one_in(2)) {
                std::size_t const which = random.below(open.size());
                call& c = open[which];
                if (random.one_in(3)) {
                    c.pass.undo(now);
                    for (std::size_t const i : c.owners) {
                        requests[i].all.push_back({now, -1});
                        tokens[i].all.push_back({now, -c.tokens});
                    }
                } else if (!c.settled) {
                    auto const most = static_cast<std::size_t>(2 * c.tokens + 2);
                    auto const truly = static_cast<std::int64_t>(random.below(most));
                    c.pass.settle(truly, now);
                    c.pass.settle(1 << 20, now); // only the first counts
                    for (std::size_t const i : c.owners) {
                        tokens[i].all.push_back({now, truly - c.tokens});
                    }
                    c.tokens = truly;
                    c.settled = true;
                    continue;
                }
                for (std::size_t const i : c.owners) {
                    running[i] -= 1;
                }
                open.erase(open.begin() + static_cast<std::ptrdiff_t>(which));
                continue;
            }
            std::vector<rate_rule> asked;
            std::vector<std::size_t> owners;
            for (std::size_t i = 0; i != rules.size(); ++i) {
                if (!random.one_in(3)) {
                    asked.push_back(rules[i]);
                    owners.push_back(i);
                }
            }
            auto const weight = static_cast<std::int64_t>(random.below(random.one_in(2) ? 5 : 1'000'000));
            bool expected = true;
            for (std::size_t const i : owners) {
                rate_limits const& l = rules[i].limits;
                expected = expected && (!l.requests_per_minute || requests[i].fits(1, now)) &&
                           (!l.tokens_per_minute || tokens[i].fits(weight, now)) &&
                           (!l.parallel_requests || running[i] < *l.parallel_requests);
            }
            rate_standing refused;
            std::optional<rate_limiter::pass> got = limiter.admit(asked, weight, now, refused);
            BOOST_REQUIRE_MESSAGE(got.has_value() == expected, "seed " << seed << " step " << step);
            if (got) {
                ++admitted;
                for (std::size_t const i : owners) {
                    requests[i].all.push_back({now, 1});
                    tokens[i].all.push_back({now, weight});
                    running[i] += 1;
                }
                open.push_back({std::move(*got), owners, weight, false});
            } else {
                ++refusals;
                BOOST_REQUIRE(refused.retry_after > instant{0});
            }
            // Not one limit is nearer to its end than the rule says, whoever was refused.
            for (std::size_t i = 0; i != rules.size(); ++i) {
                if (auto const standing = limiter.look(rules[i], rate_standing::what::requests, now)) {
                    BOOST_REQUIRE((standing->retry_after == instant{0}) == requests[i].fits(1, now));
                    BOOST_REQUIRE(standing->remaining == 0 || requests[i].fits(standing->remaining, now));
                    BOOST_REQUIRE(standing->remaining >= requests[i].n ||
                                  !requests[i].fits(standing->remaining + 1, now));
                }
            }
        }
    }
    BOOST_TEST(admitted > 1000);
    BOOST_TEST(refusals > 500);
}

BOOST_AUTO_TEST_CASE(what_it_says_of_waiting_is_exact_to_the_nanosecond)
{
    seeded random(7);
    for (int round = 0; round != 300; ++round) {
        rate_limiter limiter;
        auto const n = static_cast<std::int64_t>(1 + random.below(500));
        rate_rule const rule{{scope_kind::key, "k"}, {std::nullopt, n, std::nullopt}};
        instant now{5};
        rate_standing refused;
        for (;;) {
            auto const weight = static_cast<std::int64_t>(1 + random.below(static_cast<std::size_t>(2 * n)));
            if (!limiter.admit(std::span(&rule, 1), weight, now, refused)) {
                instant const wait = refused.retry_after;
                BOOST_REQUIRE(wait > instant{0});
                rate_standing again;
                BOOST_REQUIRE(!limiter.admit(std::span(&rule, 1), weight, now + wait - 1ns, again));
                BOOST_REQUIRE((again.retry_after == 1ns));
                now += wait;
                BOOST_REQUIRE(limiter.admit(std::span(&rule, 1), weight, now, again));
                break;
            }
            now += instant{static_cast<std::int64_t>(random.below(1'000'000'000))};
        }
        instant const free = now + limiter.look(rule, rate_standing::what::tokens, now)->reset;
        BOOST_REQUIRE(limiter.look(rule, rate_standing::what::tokens, free - 1ns)->reset == 1ns);
        BOOST_REQUIRE(limiter.look(rule, rate_standing::what::tokens, free)->reset == 0ns);
        BOOST_REQUIRE(limiter.look(rule, rate_standing::what::tokens, free)->remaining == n);
    }
}

BOOST_AUTO_TEST_CASE(no_span_of_time_lets_in_more_than_promised)
{
    seeded random(11);
    for (int round = 0; round != 20; ++round) {
        rate_limiter limiter;
        auto const n = static_cast<std::int64_t>(1 + random.below(20));
        rate_rule const rule{{scope_kind::key, "k"}, {n, std::nullopt, std::nullopt}};
        std::vector<instant> let_in;
        instant now{0};
        for (int i = 0; i != 400; ++i) {
            now += instant{static_cast<std::int64_t>(random.below(2'000'000'000))};
            rate_standing refused;
            if (limiter.admit(std::span(&rule, 1), 0, now, refused)) {
                let_in.push_back(now);
            }
        }
        for (std::size_t from = 0; from != let_in.size(); ++from) {
            for (std::size_t to = from; to != let_in.size(); ++to) {
                wide const span = (let_in[to] - let_in[from]).count();
                auto const promised = n + static_cast<std::int64_t>(span * n / minute);
                BOOST_REQUIRE(static_cast<std::int64_t>(to - from + 1) <= promised);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(who_always_asks_gets_all_of_it)
{
    for (std::int64_t const n :
         {1, 6, 60, 600}) { // 60 s / n is a multiple of the 10 ms between two questions
        rate_limiter limiter;
        rate_rule const rule{{scope_kind::key, "k"}, {n, std::nullopt, std::nullopt}};
        std::int64_t let_in = 0;
        for (instant now{0}; now < 3min; now += 10ms) {
            rate_standing refused;
            let_in += limiter.admit(std::span(&rule, 1), 0, now, refused) ? 1 : 0;
        }
        BOOST_TEST(let_in == n + 3 * n - 1);
    }
}

BOOST_AUTO_TEST_SUITE_END()
