#include "lib/ledger/book.hpp"

#include "test/common/seeded.hpp"
#include "test/lib/ledger/samples.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <map>
#include <set>
#include <thread>
#include <vector>

namespace {

using namespace std::chrono_literals;
using namespace cogate::ledger;
using cogate::test::ledger_noon;
using cogate::test::seeded;

scope numbered(std::size_t i)
{
    return {i % 2 == 0 ? scope_kind::key : scope_kind::team, "s" + std::to_string(i)};
}

/// The same rules, told as slowly as possible: every hold and every charge with its moment, summed on each call.
struct model {
    struct item {
        scope where;
        moment when;
        nanos amount;
        bool held;
        int call;
    };
    std::map<scope, budget> terms;
    std::vector<item> items;
    int calls = 0;

    nanos used(scope const& where, moment now) const
    {
        window const w = window_of(terms.at(where).period, now);
        nanos sum = 0;
        for (item const& i : items) {
            sum += i.where == where && i.when >= w.start && i.when < w.end ? i.amount : 0;
        }
        return sum;
    }
    nanos left(std::vector<scope> const& scopes, nanos wanted, moment now) const
    {
        for (scope const& s : scopes) {
            wanted = std::min(wanted, std::max<nanos>(0, *terms.at(s).limit - used(s, now)));
        }
        return wanted;
    }
    int hold(std::vector<scope> const& scopes, nanos amount, moment now)
    {
        for (scope const& s : std::set<scope>(scopes.begin(), scopes.end())) {
            items.push_back({s, now, amount, true, calls});
        }
        return calls++;
    }
    void end(int call, nanos cost)
    {
        for (item& i : items) {
            if (i.call == call && i.held) {
                i.amount = cost;
                i.held = false;
            }
        }
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(ledger_book_model)

BOOST_AUTO_TEST_CASE(the_book_agrees_with_the_naive_model_under_random_interleavings)
{
    constexpr std::array periods{"30s", "1h", "1d", "50m"};
    for (std::uint64_t seed = 1; seed != 61; ++seed) {
        seeded random(seed);
        book b;
        model m;
        moment now = ledger_noon;
        for (std::size_t i = 0; i != 6; ++i) {
            budget terms;
            terms.limit = static_cast<nanos>(random.below(2000));
            if (!random.one_in(3)) {
                terms.period = parse_period(periods[random.below(periods.size())], ledger_noon).value();
            }
            b.set_budget(numbered(i), terms, now);
            m.terms[numbered(i)] = terms;
        }
        struct open_call {
            reservation held;
            int call;
        };
        std::vector<open_call> open;
        for (int step = 0; step != 250; ++step) {
            now += std::chrono::seconds{random.one_in(10) ? random.below(4000) : random.below(5)};
            if (open.empty() || random.one_in(2)) {
                std::vector<scope> scopes(1 + random.below(5));
                std::generate(scopes.begin(), scopes.end(), [&] { return numbered(random.below(6)); });
                auto const wanted = static_cast<nanos>(random.below(300));
                nanos const least = random.one_in(2) ? wanted : wanted / 3;
                nanos const fits = m.left(scopes, wanted, now);
                admission a = b.reserve(scopes, wanted, least, now);
                BOOST_REQUIRE(a.has_value() == (fits >= least));
                if (a.has_value()) {
                    BOOST_REQUIRE(a->amount() == fits);
                    open.push_back({std::move(*a), m.hold(scopes, fits, now)});
                } else {
                    BOOST_REQUIRE(a.error().available == fits);
                }
            } else {
                std::size_t const at = random.below(open.size());
                nanos const cost = random.one_in(4) ? 0 : static_cast<nanos>(random.below(320));
                bool const leaves = random.one_in(5);
                if (!leaves) {
                    open[at].held.settle(cost);
                }
                m.end(open[at].call, leaves ? 0 : cost);
                std::swap(open[at], open.back());
                open.pop_back();
            }
            for (auto const& [where, terms] : m.terms) {
                balance const seen = b.find(where, now).value();
                BOOST_REQUIRE(seen.spent + seen.held == m.used(where, now));
            }
        }
        open.clear();
        BOOST_REQUIRE(b.held() == 0);
    }
}

BOOST_AUTO_TEST_CASE(threads_never_overrun_a_budget_and_waste_nothing_of_it)
{
    constexpr nanos cost = 1'000;
    constexpr int rounds = 50;
    for (std::size_t const scope_count : {std::size_t{1}, std::size_t{5}}) {
        for (int round = 0; round != rounds; ++round) {
            book b;
            std::vector<scope> scopes;
            for (std::size_t i = 0; i != scope_count; ++i) {
                scopes.push_back(numbered(i));
                budget terms;
                terms.limit = (100 + static_cast<nanos>(i)) * cost;
                b.set_budget(scopes.back(), terms, ledger_noon);
            }
            std::atomic<int> admitted{0};
            std::atomic<bool> overrun{false};
            auto const work = [&](std::uint64_t seed) {
                seeded random(seed);
                std::vector<scope> mine = scopes;
                std::vector<reservation> open;
                for (int i = 0; i != 250; ++i) {
                    std::swap(mine[random.below(mine.size())], mine.back());
                    admission a = b.reserve(mine, cost, ledger_noon);
                    if (a.has_value() && random.one_in(3)) {
                        a->release();
                    } else if (a.has_value()) {
                        ++admitted;
                        open.push_back(std::move(*a));
                    }
                    balance const seen = b.find(scopes[0], ledger_noon).value();
                    overrun = overrun || seen.spent + seen.held > *seen.terms.limit;
                }
                for (reservation& r : open) {
                    r.settle(cost);
                }
            };
            std::vector<std::thread> threads;
            for (std::uint64_t t = 0; t != 4; ++t) {
                threads.emplace_back(work, t + 1 + 4 * static_cast<std::uint64_t>(round));
            }
            for (std::thread& t : threads) {
                t.join();
            }
            BOOST_REQUIRE(!overrun);
            BOOST_REQUIRE(admitted == 100);
            BOOST_REQUIRE(b.find(scopes[0], ledger_noon)->spent == 100 * cost);
            BOOST_REQUIRE(b.held() == 0);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
