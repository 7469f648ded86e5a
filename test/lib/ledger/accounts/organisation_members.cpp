// A user inside an organisation spends from a budget of their own there, as a team's member does.
#include "lib/ledger/accounts/obligations.hpp"
#include "lib/ledger/sqlite/connection.hpp"
#include "lib/ledger/sqlite/schema.hpp"
#include "lib/ledger/verify.hpp"

#include "test/lib/ledger/accounts/samples.hpp"
#include "test/lib/ledger/temp_ledger.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace cogate::ledger;
using namespace cogate::test;

namespace {

scope const of_ann{scope_kind::organisation_member, joined_id("o", "ann")};

struct fixture : memory_directory {
    cogate::ledger::book money;
    key_record key = named<key_record>("k");
    user_record user = named<user_record>("ann");
    organisation_record organisation = named<organisation_record>("o");

    fixture()
    {
        in->on_change([this](record_changes const& c) { follow(money, *in, c, ledger_noon); });
        key.user = "ann";
        key.organisation = "o";
        organisation.members = {{"ann", false, {}, {}}, {"bob", false, {}, {}}};
        organisation.members[0].has.max_budget = 10;
        organisation.members[0].has.limits.requests_per_minute = 3;
    }
    obligations get()
    {
        put(key, user, organisation);
        principal const who = principal_of(*in, in->find_key("k"), ledger_noon).value();
        return obligations_of(who, {.model = "gpt", .end_user = {}}, *in).value();
    }
    std::optional<nanos> limit()
    {
        std::optional<balance> const b = money.find(of_ann, ledger_noon);
        return b ? b->terms.limit : std::nullopt;
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(ledger_accounts_organisation_members)

BOOST_FIXTURE_TEST_CASE(a_call_spends_from_its_users_budget_in_the_organisation, fixture)
{
    obligations const what = get();
    auto const rule = std::find_if(what.rates.begin(), what.rates.end(),
                                   [](rate_rule const& r) { return r.owner == of_ann; });
    BOOST_REQUIRE((rule != what.rates.end()));
    BOOST_TEST(rule->limits.requests_per_minute.value_or(0) == 3);
    scope_list const held = held_scopes(what.who);
    BOOST_TEST(std::count(held.begin(), held.end(), of_ann) == 1);
    BOOST_TEST(money.reserve(held, 10, ledger_noon).has_value());
    admission const refused = money.reserve(held, 11, ledger_noon);
    BOOST_REQUIRE(refused.has_error());
    BOOST_TEST((refused.error().where == of_ann));
}

BOOST_FIXTURE_TEST_CASE(the_book_follows_its_changes, fixture)
{
    put(key, user, organisation);
    BOOST_TEST(limit().value_or(0) == 10);
    organisation.members[0].has.max_budget = 20;
    put(organisation);
    BOOST_TEST(limit().value_or(0) == 20);
    organisation.members[0].has.max_budget.reset();
    put(organisation);
    BOOST_TEST(!limit().has_value());
    BOOST_TEST(money.find(of_ann, ledger_noon).has_value()); // a member still: what is spent is known
    organisation.members.erase(organisation.members.begin());
    put(organisation);
    organisation.members.push_back({"ann", false, "b", {}});
    budget_record lent = named<budget_record>("b");
    lent.has.max_budget = 7;
    put(lent, organisation);
    BOOST_TEST(limit().value_or(0) == 7);
    lent.has.max_budget = 8;
    put(lent);
    BOOST_TEST(limit().value_or(0) == 8);
    std::vector<owned_budget> const all = budgets_of(*in);
    BOOST_TEST(
        std::count_if(all.begin(), all.end(), [](owned_budget const& b) { return b.owner == of_ann; }) == 1);
    remove(record_kind::organisation, "o");
    BOOST_TEST(!money.find(of_ann, ledger_noon).has_value());
}

BOOST_AUTO_TEST_CASE(a_ledger_from_before_knows_what_they_spent)
{
    temp_ledger at;
    auto const write = [&](std::string id, event_kind kind, nanos amount) {
        event e = ledger_event(std::move(id), kind, amount);
        change_names(e, [](attribution& who) {
            who.organisation = "o";
            who.user = "ann";
        });
        std::unique_ptr<store> s = at.open();
        BOOST_REQUIRE((appended(*s, std::move(e)) == outcome::written));
    };
    write("a", event_kind::settle, 5);
    write("b", event_kind::settle, 7);
    write("c", event_kind::voided, 0);
    {
        sqlite::connection db(at.path(), sqlite::access::read_write);
        db.run("DELETE FROM counters WHERE kind = 15; PRAGMA user_version = 3");
    }
    std::unique_ptr<store> const s = at.open();
    spend_query const asked{of_ann};
    BOOST_TEST(s->spent({&asked, 1}).value().front() == 12);
    BOOST_TEST(verify(at.path()).value().is_right());
}

BOOST_AUTO_TEST_SUITE_END()
