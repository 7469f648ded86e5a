#include "lib/ledger/accounts/standing_obligations.hpp"

#include "test/lib/ledger/accounts/samples.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

using namespace cogate::ledger;
using namespace cogate::test;

namespace {

/// A key "k" in the team "t" of the user "u".
struct fixture {
    memory_directory d;
    book b;
    standing_obligations all{b};
    key_record key = named<key_record>("k");
    user_record user = named<user_record>("u");
    team_record team = named<team_record>("t");

    fixture()
    {
        key.user = "u";
        key.team = "t";
        d.put(key, user, team);
    }
    std::shared_ptr<shared_obligations const> get(spending_facts const& facts = {"gpt", "", {}})
    {
        principal const who = principal_of(*d.in, d.in->find_key("k"), ledger_noon).value();
        return all.of(who, facts, *d.in).value();
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(ledger_accounts_standing_obligations)

BOOST_FIXTURE_TEST_CASE(calls_that_are_alike_share_what_was_found_out, fixture)
{
    std::vector<std::string> const tags{"x"};
    auto const plain = get();
    BOOST_TEST(get() == plain);
    BOOST_TEST(get({"other", "", {}}) != plain);
    BOOST_TEST(get({"gpt", "someone", {}}) != plain);
    BOOST_TEST(get({"gpt", "", tags}) != plain);
    BOOST_TEST(get({"gpt", "", {}, "embedding"}) != plain);
    BOOST_TEST((*get({"gpt", "someone", tags}))->who.end_user == "someone");
    BOOST_TEST((*get({"gpt", "someone", tags}))->who.tags == tags, boost::test_tools::per_element());
    BOOST_TEST(get() == plain);
}

BOOST_FIXTURE_TEST_CASE(a_change_of_the_records_is_seen, fixture)
{
    BOOST_TEST((*get())->rates.empty());
    key.has = with_rpm(5);
    d.put(key); // another record: found out anew
    BOOST_TEST((*get())->rates.size() == 1u);
    end_user_record end_user = named<end_user_record>("e");
    BOOST_TEST((*get({"gpt", "e", {}}))->rates.size() == 1u);
    end_user.has = with_rpm(6);
    d.put(end_user); // no record of the principal's: that it has changed must be told
    all.forget();
    BOOST_TEST((*get({"gpt", "e", {}}))->rates.size() == 2u);
    end_user.blocked = true;
    d.put(end_user);
    all.forget();
    principal const who = principal_of(*d.in, d.in->find_key("k"), ledger_noon).value();
    BOOST_TEST(all.of(who, {"gpt", "e", {}}, *d.in).error()->code == "blocked_end_user");
}

BOOST_FIXTURE_TEST_CASE(many_names_of_clients_are_not_all_kept, fixture)
{
    std::weak_ptr<shared_obligations const> const first = get({"gpt", "end-user", {}});
    BOOST_TEST(!first.expired());
    for (int i = 0; i != 3000; ++i) {
        get({"gpt", "end-user-" + std::to_string(i), {}});
    }
    BOOST_TEST(first.expired());
    std::vector<std::string> const long_tags(8, std::string(200, 't'));
    std::weak_ptr<shared_obligations const> const large = get({"gpt", "", long_tags});
    BOOST_TEST(large.expired());
}

BOOST_FIXTURE_TEST_CASE(a_booking_has_the_scopes_of_its_attempt, fixture)
{
    auto const what = get();
    auto const one = what->booking_for({"openai", "d1", "gpt-4o"});
    BOOST_TEST(what->booking_for({"openai", "d1", "gpt-4o"}) == one);
    BOOST_TEST(what->booking_for({"openai", "d2", "gpt-4o"}) != one);
    BOOST_TEST(what->booking_for({"openai", "d1", "gpt-4o-mini"}) != one);
    attribution expected = (*what)->who;
    expected.provider = "openai";
    expected.deployment = "d1";
    expected.upstream_model = "gpt-4o";
    BOOST_TEST((*one->who() == expected));
    scope_list const held = held_scopes(expected);
    scope_list const charged = charged_scopes(expected);
    auto const is_same = [](scope const& s, hashed_scope const& h) {
        return s.kind == h.kind && s.id == h.id;
    };
    BOOST_TEST(std::equal(held.begin(), held.end(), one->held().begin(), one->held().end(), is_same));
    BOOST_TEST(
        std::equal(charged.begin(), charged.end(), one->charged().begin(), one->charged().end(), is_same));
    BOOST_TEST(charged.size() == 2u);
    budget limit;
    limit.limit = 100;
    b.set_budget({scope_kind::deployment, "d1"}, limit, ledger_noon);
    BOOST_TEST(b.has_limit(one->held()));
    BOOST_TEST(!b.has_limit(what->booking_for({"openai", "d2", "gpt-4o"})->held()));
    BOOST_TEST(b.reserve(one->held(), 101, 101, ledger_noon).has_error());
    BOOST_TEST(b.reserve(one->held(), 100, 100, ledger_noon).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
