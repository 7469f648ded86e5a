#include "lib/ledger/accounts/record_limits.hpp"

#include "test/lib/ledger/accounts/samples.hpp"

#include <boost/test/unit_test.hpp>

using namespace cogate::ledger;
using namespace cogate::test;

namespace {

struct fixture {
    memory_directory d;

    explicit fixture(
        record_limits const& most = {
            .keys = 3, .keys_of_user = 2, .users = 1, .teams = 1, .end_users = 1, .others = 1, .members = 2})
    {
        d.in->set_limits(most);
    }

    cogate::result<void> tried(record_changes const& what)
    {
        return d.in->change([&](directory const&) { return cogate::result<record_changes>(what); });
    }
    std::string message(record_changes const& what)
    {
        cogate::result<void> const done = tried(what);
        if (done.has_error()) {
            BOOST_TEST(done.error()->code == "too_many_records");
            BOOST_TEST(done.error()->status == 400);
        }
        return done.has_error() ? done.error()->message : std::string();
    }
};

key_record key(std::string digest, std::string user = {})
{
    key_record k;
    k.digest = std::move(digest);
    k.user = std::move(user);
    return k;
}

} // namespace

BOOST_AUTO_TEST_SUITE(ledger_accounts_record_limits)

BOOST_FIXTURE_TEST_CASE(each_kind_has_its_most, fixture)
{
    BOOST_TEST(message({{named<user_record>("a"), named<team_record>("a"), named<organisation_record>("a"),
                         named<end_user_record>("a"), named<budget_record>("a"), named<tag_record>("a")},
                        {}})
                   .empty());
    BOOST_TEST(message({{named<user_record>("b")}, {}}).find("at most 1 users") != std::string::npos);
    BOOST_TEST(!message({{named<team_record>("b")}, {}}).empty());
    BOOST_TEST(!message({{named<organisation_record>("b")}, {}}).empty());
    BOOST_TEST(!message({{named<end_user_record>("b")}, {}}).empty());
    BOOST_TEST(!message({{named<budget_record>("b")}, {}}).empty());
    BOOST_TEST(!message({{named<tag_record>("b")}, {}}).empty());
    BOOST_TEST(message({{key("1"), key("2"), key("3")}, {}}).empty());
    BOOST_TEST(!message({{key("4")}, {}}).empty());
    BOOST_TEST(message({{key("4")}, {{record_kind::key, "1"}}}).empty()); // one for another
    BOOST_TEST(d.in->size(record_kind::key) == 3u);
}

BOOST_FIXTURE_TEST_CASE(a_user_has_so_many_keys, fixture)
{
    BOOST_TEST(message({{key("1", "ann"), key("2", "ann")}, {}}).empty());
    BOOST_TEST(message({{key("3", "ann")}, {}}).find("at most 2 keys of one user") != std::string::npos);
    BOOST_TEST(tried({{key("3", "ann")}, {}}).error()->param == "user_id");
    BOOST_TEST(message({{key("3", "bob")}, {}}).empty());
    BOOST_TEST(!message({{key("3", "ann")}, {}}).empty()); // given to another user
    BOOST_TEST(message({{key("3", "ann"), key("1", "bob")}, {}}).empty());
}

BOOST_FIXTURE_TEST_CASE(what_was_there_before_the_limit_stays, fixture)
{
    d.in->set_limits({});
    BOOST_TEST(message({{key("1", "ann"), key("2", "ann"), key("3", "ann"), key("4", "ann")}, {}}).empty());
    d.in->set_limits({.keys = 2, .keys_of_user = 1});
    key_record changed = key("1", "ann");
    changed.alias = "new";
    BOOST_TEST(message({{changed}, {}}).empty());
    BOOST_TEST(message({{}, {{record_kind::key, "2"}}}).empty());
    BOOST_TEST(!message({{key("2", "ann")}, {}}).empty());
}

BOOST_FIXTURE_TEST_CASE(a_team_has_so_many_members, fixture)
{
    team_record team = named<team_record>("red");
    team.members = {{"a", false, {}, {}}, {"b", false, {}, {}}};
    BOOST_TEST(message({{team}, {}}).empty());
    team.members.push_back({"c", false, {}, {}});
    BOOST_TEST(tried({{team}, {}}).error()->param == "member");
}

BOOST_AUTO_TEST_SUITE_END()
