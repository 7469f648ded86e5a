#include "lib/ledger/accounts/principal.hpp"

#include "test/lib/ledger/accounts/samples.hpp"

#include <boost/test/unit_test.hpp>

using namespace std::chrono_literals;
using namespace cogate::ledger;
using namespace cogate::test;

namespace {

struct fixture {
    memory_directory d;
    key_record key = named<key_record>("0123456789abcdef0123");
    user_record user = named<user_record>("ann");
    team_record team = named<team_record>("red");
    organisation_record organisation = named<organisation_record>("org");

    fixture()
    {
        key.masked = "sk-...0123";
        key.user = "ann";
    }
    cogate::result<principal> who()
    {
        d.put(key, user, team, organisation);
        return principal_of(*d.in, d.in->find_key(key.digest), ledger_noon);
    }
    std::string code()
    {
        cogate::result<principal> const r = who();
        if (r.has_value()) {
            return "";
        }
        BOOST_TEST((r.error()->kind == cogate::error_kind::authentication));
        BOOST_TEST(r.error()->status == 401);
        BOOST_TEST(r.error()->message.find(key.digest) == std::string::npos);
        return r.error()->code;
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(ledger_accounts_principal)

BOOST_FIXTURE_TEST_CASE(a_key_brings_its_owners, fixture)
{
    key.team = "red";
    team.organisation = "org";
    principal const who = this->who().value();
    BOOST_TEST(who.user->id == "ann");
    BOOST_TEST(who.team->id == "red");
    BOOST_TEST(who.organisation->id == "org");
    BOOST_TEST(who.is_known());
    BOOST_TEST(!who.is_admin());
    BOOST_TEST(who.name() == "ann");
}

BOOST_FIXTURE_TEST_CASE(the_organisation_is_the_nearest_ones, fixture)
{
    auto const id = [&] {
        principal const w = who().value();
        return w.organisation ? w.organisation->id : "";
    };
    d.put(named<organisation_record>("other"));
    BOOST_TEST(id() == "");
    user.organisation = "org";
    BOOST_TEST(id() == "org");
    key.team = "red"; // the team has none, and the user's no longer counts
    BOOST_TEST(id() == "");
    team.organisation = "other";
    BOOST_TEST(id() == "other");
    key.organisation = "org";
    BOOST_TEST(id() == "org");
}

BOOST_FIXTURE_TEST_CASE(blocked_and_expired_keys_are_refused, fixture)
{
    key.expires = ledger_noon + 1us;
    BOOST_TEST(code() == "");
    key.expires = ledger_noon;
    BOOST_TEST(code() == "expired_key");
    key.blocked = true;
    BOOST_TEST(code() == "blocked_key");
    key.blocked = false;
    key.expires = {};
    user.blocked = true;
    BOOST_TEST(code() == "blocked_user");
    user.blocked = false;
    key.team = "red";
    team.blocked = true;
    BOOST_TEST(code() == "blocked_team");
    BOOST_TEST(principal_of(*d.in, nullptr, ledger_noon).error()->code == "invalid_api_key");
}

BOOST_FIXTURE_TEST_CASE(removed_owners_are_absent_but_a_removed_team_blocks, fixture)
{
    key.user = "nobody";
    key.organisation = "none";
    principal const w = who().value();
    BOOST_TEST(w.user == nullptr);
    BOOST_TEST(w.organisation == nullptr);
    BOOST_TEST(w.name() == "key:0123456789ab");
    key.team = "gone";
    BOOST_TEST(code() == "blocked_team");
}

BOOST_FIXTURE_TEST_CASE(roles_and_names, fixture)
{
    for (auto const& [role, admin, viewer] : {std::tuple(user_role::internal_user, false, false),
                                              {user_role::internal_user_viewer, false, false},
                                              {user_role::proxy_admin, true, true},
                                              {user_role::proxy_admin_viewer, false, true}}) {
        user.role = role;
        principal const w = who().value();
        BOOST_TEST(w.is_admin() == admin);
        BOOST_TEST(w.is_viewer() == viewer);
        BOOST_TEST(w.administers_team("any") == admin);
    }
    principal master;
    BOOST_TEST(!master.is_known());
    BOOST_TEST(!master.is_viewer());
    BOOST_TEST(master.name() == "");
    master.is_master = true;
    BOOST_TEST(master.is_known());
    BOOST_TEST(master.is_admin());
    BOOST_TEST(master.administers_team("any"));
    BOOST_TEST(master.name() == "master");
}

BOOST_FIXTURE_TEST_CASE(team_and_organisation_admins_administer_their_team, fixture)
{
    key.team = "red";
    team.organisation = "org";
    team.members = {{"ann", false, {}, {}}};
    BOOST_TEST(!who().value().administers_team("red"));
    team.members[0].is_admin = true;
    BOOST_TEST(who().value().administers_team("red"));
    BOOST_TEST(!who().value().administers_team("blue"));
    team.members.clear();
    organisation.members = {{"bob", true, {}, {}}, {"ann", true, {}, {}}};
    BOOST_TEST(who().value().administers_team("red"));
    team.organisation.clear();
    key.organisation = "org"; // the key's organisation is not the team's
    BOOST_TEST(!who().value().administers_team("red"));
}

BOOST_AUTO_TEST_SUITE_END()
