#include "lib/ledger/accounts/obligations.hpp"

#include "test/lib/ledger/accounts/samples.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <set>

using namespace cogate::ledger;
using namespace cogate::test;

namespace {

constexpr auto now = ledger_noon;

struct followed : memory_directory {
    cogate::ledger::book money;
    std::vector<owned_budget> unknown;

    followed()
    {
        in->on_change([this](record_changes const& c) { unknown = follow(money, *in, c, now); });
    }
    std::optional<nanos> limit(scope const& s)
    {
        std::optional<balance> const b = money.find(s, now);
        return b ? b->terms.limit : std::nullopt;
    }
    nanos spent(scope const& s)
    {
        std::optional<balance> const b = money.find(s, now);
        return b ? b->spent : -1;
    }
    bool is_unknown(scope const& s) const
    {
        return std::any_of(unknown.begin(), unknown.end(),
                           [&](owned_budget const& b) { return b.owner == s; });
    }
};

key_record key(terms has, std::string budget = {})
{
    key_record k = named<key_record>("k");
    k.has = std::move(has);
    k.budget = std::move(budget);
    return k;
}

budget_record lent(terms has)
{
    budget_record b = named<budget_record>("b");
    b.has = std::move(has);
    return b;
}

scope const k{scope_kind::key, "k"};

} // namespace

BOOST_AUTO_TEST_SUITE(ledger_accounts_follow)

BOOST_AUTO_TEST_CASE(the_book_is_as_one_that_was_loaded_afresh)
{
    for (std::uint64_t seed = 1; seed != 9; ++seed) {
        followed f;
        random_records make(seed);
        std::set<scope> ever;
        for (int i = 0; i != 150; ++i) {
            record_changes what;
            if (make.random().one_in(3)) {
                what.removed.push_back({make.kind(), make.id()});
            }
            for (std::size_t n = make.random().below(3); n != 0; --n) {
                what.put.push_back(make.any());
            }
            f.change(std::move(what));
            cogate::ledger::book fresh;
            for (owned_budget const& b : budgets_of(*f.in)) {
                fresh.set_budget(b.owner, b.terms, now, 0);
                ever.insert(b.owner);
            }
            for (scope const& s : ever) {
                std::optional<balance> const is = f.money.find(s, now);
                std::optional<balance> const should = fresh.find(s, now);
                // A scope that lost its budget may still be followed, without one.
                bool const same = is.value_or(balance{}).terms == should.value_or(balance{}).terms &&
                                  is.value_or(balance{}).current == should.value_or(balance{}).current;
                BOOST_REQUIRE_MESSAGE(same, "seed " << seed << " step " << i << ' ' << to_string(s.kind)
                                                    << ' ' << s.id);
            }
        }
        BOOST_TEST(ever.size() > 20u);
    }
}

BOOST_AUTO_TEST_CASE(a_changed_budget_record_changes_all_its_users)
{
    followed f;
    team_record team = named<team_record>("t");
    team.members = {{"u", false, "b", {}}};
    user_record other = named<user_record>("other");
    other.has = with_budget(3);
    f.put(lent(with_budget(10)), key({}, "b"), team, other);
    scope const member{scope_kind::member, joined_id("t", "u")};
    BOOST_TEST(f.limit(k).value() == 10);
    BOOST_TEST(f.limit(member).value() == 10);
    f.put(lent(with_budget(20)));
    BOOST_TEST(f.limit(k).value() == 20);
    BOOST_TEST(f.limit(member).value() == 20);
    BOOST_TEST(f.limit({scope_kind::user, "other"}).value() == 3);
    f.remove(record_kind::budget, "b");
    BOOST_TEST(!f.limit(k).has_value());
    BOOST_TEST(!f.limit(member).has_value());
}

BOOST_AUTO_TEST_CASE(spending_of_a_window_that_goes_on_stays)
{
    followed f;
    f.put(key(with_budget(10, "1d")));
    f.money.charge(std::span(&k, 1), 4, now);
    f.put(key(with_budget(6, "1d")));
    BOOST_TEST(f.limit(k).value() == 6);
    BOOST_TEST(f.spent(k) == 4);
    BOOST_TEST(f.unknown.empty());
    f.put(key({})); // no budget any more, still followed
    BOOST_TEST(!f.limit(k).has_value());
    BOOST_TEST(f.spent(k) == 4);
}

BOOST_AUTO_TEST_CASE(temporary_increases_reach_the_book)
{
    followed f;
    terms t = with_budget(10);
    t.extra_budget = 5;
    t.extra_until = now + std::chrono::hours{1};
    f.put(key(t));
    BOOST_TEST(f.money.reserve(std::span(&k, 1), 15, now).has_value());
    BOOST_TEST(!f.money.reserve(std::span(&k, 1), 11, now + std::chrono::hours{1}).has_value());
}

BOOST_AUTO_TEST_CASE(a_removed_record_is_forgotten)
{
    followed f;
    terms has = with_budget(10);
    has.per_model["gpt"].max_budget = 5;
    team_record team = named<team_record>("t");
    team.for_members = with_budget(7);
    team.members = {{"u", false, {}, {}}, {"v", false, {}, {}}};
    end_user_record end_user = named<end_user_record>("e");
    end_user.has = with_budget(1);
    f.put(key(has), team, end_user);
    scope const key_model{scope_kind::key_model, joined_id("k", "gpt")};
    scope const u{scope_kind::member, joined_id("t", "u")};
    scope const v{scope_kind::member, joined_id("t", "v")};
    BOOST_TEST(f.money.accounts() == 5u);
    team.members.pop_back();
    f.put(team);
    BOOST_TEST(f.spent(v) == -1);
    BOOST_TEST(f.limit(u).value() == 7);
    f.remove(record_kind::key, "k");
    BOOST_TEST(f.spent(k) == -1);
    BOOST_TEST(f.spent(key_model) == -1);
    f.remove(record_kind::team, "t");
    f.put(named<end_user_record>(
        "e")); // lost its budget: no longer followed, as its ids cost nothing to invent
    BOOST_TEST(f.money.accounts() == 0u);
}

BOOST_AUTO_TEST_CASE(a_record_without_budget_is_forgotten_too)
{
    followed f;
    f.put(key({}));
    f.money.charge(std::span(&k, 1), 4, now);
    BOOST_TEST(f.spent(k) == 4);
    f.remove(record_kind::key, "k");
    BOOST_TEST(f.spent(k) == -1);
}

BOOST_AUTO_TEST_CASE(it_tells_whose_spending_the_book_may_not_know)
{
    followed f;
    f.put(key(with_budget(10, "1d")));
    BOOST_TEST(f.unknown.empty()); // a new key
    f.put(key(with_budget(10, "30d")));
    BOOST_TEST(f.is_unknown(k)); // the month has seen more than the day
    f.put(key(with_budget(20, "30d")));
    BOOST_TEST(f.unknown.empty());
    f.put(key({}));
    f.put(key(with_budget(20)));
    BOOST_TEST(f.is_unknown(k));
    end_user_record e = named<end_user_record>("e");
    e.has = with_budget(1);
    f.put(e);
    BOOST_TEST(f.is_unknown({scope_kind::end_user, "e"}));
}

BOOST_AUTO_TEST_SUITE_END()
