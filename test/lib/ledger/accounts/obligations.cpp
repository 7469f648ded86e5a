#include "lib/ledger/accounts/obligations.hpp"

#include "test/lib/ledger/accounts/samples.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <map>
#include <vector>

using namespace cogate::ledger;
using namespace cogate::test;

namespace {

constexpr std::int64_t none = -1;

/// A key "k" of the user "u" in the team "t" of the organisation "o", an end user "e" and a tag "x".
struct fixture {
    memory_directory d;
    key_record key = named<key_record>("k");
    user_record user = named<user_record>("u");
    team_record team = named<team_record>("t");
    organisation_record organisation = named<organisation_record>("o");
    end_user_record end_user = named<end_user_record>("e");
    tag_record tag = named<tag_record>("x");
    budget_record lent = named<budget_record>("b");
    std::string asked_end_user = "e";
    std::vector<std::string> asked_tags{"x"};

    fixture()
    {
        key.user = "u";
        key.team = "t";
        team.organisation = "o";
        team.members = {{"u", false, {}, {}}};
    }
    cogate::result<obligations> get()
    {
        d.put(key, user, team, organisation, end_user, tag, lent);
        principal const who = principal_of(*d.in, d.in->find_key("k"), ledger_noon).value();
        return obligations_of(who, {"gpt", asked_end_user, asked_tags}, *d.in);
    }
    /// The requests per minute of a rule; `none` without one.
    std::int64_t rpm(scope_kind kind, std::string const& id)
    {
        obligations const what = get().value();
        BOOST_TEST(std::count_if(what.rates.begin(), what.rates.end(),
                                 [&](rate_rule const& r) { return r.owner.kind == kind; }) <= 1);
        for (rate_rule const& r : what.rates) {
            if (r.owner == scope{kind, id}) {
                return r.limits.requests_per_minute.value_or(none);
            }
        }
        return none;
    }
    /// Whether the book that knows these budgets would hold the call to one.
    bool is_budgeted()
    {
        obligations const what = get().value();
        book b;
        for (owned_budget const& one : budgets_of(*d.in)) {
            b.set_budget(one.owner, one.terms, ledger_noon);
        }
        std::vector<hashed_scope> keys;
        scope_list const scopes = held_scopes(what.who);
        for (scope const& s : scopes) {
            keys.push_back(b.hashed(s));
        }
        return b.has_limit(keys);
    }
};

std::string param_of(cogate::result<obligations> const& r)
{
    if (r.has_value()) {
        return "";
    }
    BOOST_TEST((r.error()->kind == cogate::error_kind::invalid_request));
    return r.error()->param;
}

std::map<scope, budget> by_owner(std::vector<owned_budget> const& list)
{
    std::map<scope, budget> out;
    for (owned_budget const& b : list) {
        BOOST_TEST(out.emplace(b.owner, b.terms).second);
    }
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(ledger_accounts_obligations)

BOOST_FIXTURE_TEST_CASE(a_call_belongs_to_all_its_owners, fixture)
{
    key.tags = {"x", "of-key"};
    team.tags = {"of-team", "of-key", ""};
    obligations const what = get().value();
    attribution expected;
    expected.key = "k";
    expected.user = "u";
    expected.team = "t";
    expected.organisation = "o";
    expected.end_user = "e";
    expected.model = "gpt";
    expected.tags = {"x", "of-key", "of-team"};
    BOOST_TEST((what.who == expected));
    BOOST_TEST(what.rates.empty());
    BOOST_TEST(!is_budgeted());
}

BOOST_FIXTURE_TEST_CASE(the_master_key_is_no_owner, fixture)
{
    d.put(end_user);
    principal master;
    master.is_master = true;
    obligations const what = obligations_of(master, {"gpt", "e", {}}, *d.in).value();
    attribution expected;
    expected.end_user = "e";
    expected.model = "gpt";
    BOOST_TEST((what.who == expected));
    BOOST_TEST(what.rates.empty());
}

BOOST_FIXTURE_TEST_CASE(each_owner_gives_its_limits, fixture)
{
    key.has = with_rpm(1);
    team.has = with_rpm(2);
    team.members[0].has = with_rpm(3);
    organisation.has = with_rpm(4);
    end_user.has = with_rpm(5);
    tag.has = with_rpm(6);
    BOOST_TEST(rpm(scope_kind::key, "k") == 1);
    BOOST_TEST(rpm(scope_kind::team, "t") == 2);
    BOOST_TEST(rpm(scope_kind::member, joined_id("t", "u")) == 3);
    BOOST_TEST(rpm(scope_kind::organisation, "o") == 4);
    BOOST_TEST(rpm(scope_kind::end_user, "e") == 5);
    BOOST_TEST(rpm(scope_kind::tag, "x") == 6);
    BOOST_TEST(get().value().rates.size() == 6u);
}

BOOST_FIXTURE_TEST_CASE(each_owner_can_make_a_call_budgeted, fixture)
{
    auto const only = [&](terms& of) {
        of = with_budget(0);
        bool const is = is_budgeted();
        of = {};
        return is;
    };
    BOOST_TEST(!is_budgeted());
    BOOST_TEST(only(key.has));
    BOOST_TEST(only(team.has));
    BOOST_TEST(only(team.members[0].has));
    BOOST_TEST(only(team.for_members));
    BOOST_TEST(only(organisation.has));
    BOOST_TEST(only(end_user.has));
    BOOST_TEST(only(tag.has));
    BOOST_TEST(!only(user.has)); // the key has a team
    key.has.soft_budget = 1;     // limits nothing
    BOOST_TEST(!is_budgeted());
    lent.has = with_budget(1);
    key.budget = "b";
    BOOST_TEST(is_budgeted());
}

BOOST_FIXTURE_TEST_CASE(the_users_terms_count_where_the_key_has_no_team, fixture)
{
    user.has = with_rpm(9);
    user.has.max_budget = 1;
    user.has.per_model["gpt"].limits.requests_per_minute = 8;
    BOOST_TEST(rpm(scope_kind::user, "u") == none);
    BOOST_TEST(rpm(scope_kind::user_model, joined_id("u", "gpt")) == none);
    BOOST_TEST(!is_budgeted());
    obligations const in_team = get().value();
    auto const has_user = [](scope_list const& list) {
        return std::count_if(list.begin(), list.end(), [](scope const& s) {
            return s.kind == scope_kind::user || s.kind == scope_kind::user_model;
        });
    };
    BOOST_TEST(has_user(held_scopes(in_team.who)) == 0);
    BOOST_TEST(has_user(charged_scopes(in_team.who)) == 2);
    scope_list both = held_scopes(in_team.who);
    for (scope const& s : charged_scopes(in_team.who)) {
        both.push_back(s);
    }
    scope_list all = scopes_of(in_team.who); // what the store counts
    std::sort(both.begin(), both.end());
    std::sort(all.begin(), all.end());
    BOOST_TEST((both == all));
    key.team.clear();
    BOOST_TEST(rpm(scope_kind::user, "u") == 9);
    BOOST_TEST(rpm(scope_kind::user_model, joined_id("u", "gpt")) == 8);
    BOOST_TEST(is_budgeted());
    BOOST_TEST((held_scopes(get().value().who) == scopes_of(get().value().who)));
    BOOST_TEST(charged_scopes(get().value().who).empty());
}

BOOST_FIXTURE_TEST_CASE(terms_for_a_model_are_owners_of_their_own, fixture)
{
    key.has.per_model["gpt"].limits.requests_per_minute = 1;
    key.has.per_model["other"].limits.requests_per_minute = 2;
    team.has.per_model["gpt"].max_budget = 7;
    BOOST_TEST(rpm(scope_kind::key_model, joined_id("k", "gpt")) == 1);
    BOOST_TEST(get().value().rates.size() == 1u);
    BOOST_TEST(is_budgeted());
    team.has.per_model.clear();
    BOOST_TEST(!is_budgeted());
    lent.has.per_model["gpt"].limits.requests_per_minute = 5;
    key.budget = "b";
    team.budget = "b";
    BOOST_TEST(rpm(scope_kind::key_model, joined_id("k", "gpt")) == 1);
    BOOST_TEST(rpm(scope_kind::team_model, joined_id("t", "gpt")) == 5);
}

BOOST_FIXTURE_TEST_CASE(a_members_own_terms_then_their_budget_then_the_teams, fixture)
{
    auto const member = [&] { return rpm(scope_kind::member, joined_id("t", "u")); };
    team.for_members = with_rpm(1);
    BOOST_TEST(member() == 1);
    lent.has = with_rpm(2);
    team.members[0].budget = "b";
    BOOST_TEST(member() == 2);
    team.members[0].has = with_rpm(3);
    BOOST_TEST(member() == 3);
    team.members[0].user = "someone else";
    BOOST_TEST(member() == none);
}

BOOST_FIXTURE_TEST_CASE(effective_terms_are_merged_member_by_member, fixture)
{
    lent.has = with_budget(100, "30d");
    lent.has.soft_budget = 50;
    lent.has.limits = {1, 2, 3};
    lent.has.extra_budget = 9;
    lent.has.extra_until = ledger_noon;
    lent.has.per_model["a"].max_budget = 1;
    lent.has.per_model["b"].max_budget = 2;
    terms own = with_budget(10);
    own.limits.tokens_per_minute = 20;
    own.per_model["b"].max_budget = 3;
    d.put(lent);
    terms expected = lent.has;
    expected.max_budget = 10;
    expected.limits.tokens_per_minute = 20;
    expected.per_model["b"].max_budget = 3;
    BOOST_TEST((effective(own, "b", *d.in) == expected));
    BOOST_TEST((effective(own, "", *d.in) == own));
    BOOST_TEST((effective(own, "gone", *d.in) == own));
    own.extra_budget = 1; // an increase comes with its own end
    BOOST_TEST((effective(own, "b", *d.in).extra_until == moment{}));
}

BOOST_FIXTURE_TEST_CASE(blocked_end_users_and_tags_are_refused, fixture)
{
    auto const refused = [&] {
        cogate::result<obligations> const r = get();
        BOOST_TEST((!r.has_error() || r.error()->kind == cogate::error_kind::permission_denied));
        return r.has_error() ? r.error()->code : "";
    };
    end_user.blocked = true;
    BOOST_TEST(refused() == "blocked_end_user");
    asked_end_user = "another";
    BOOST_TEST(refused() == "");
    tag.blocked = true;
    BOOST_TEST(refused() == "blocked_tag");
    asked_tags = {"unknown"};
    BOOST_TEST(refused() == "");
    key.tags = {"x"};
    BOOST_TEST(refused() == "blocked_tag");
}

BOOST_FIXTURE_TEST_CASE(what_cannot_be_booked_is_named, fixture)
{
    BOOST_TEST(param_of(get()) == "");
    asked_end_user = "a\nb";
    BOOST_TEST(param_of(get()) == "user");
    asked_end_user = std::string(257, 'x');
    BOOST_TEST(param_of(get()) == "user");
    asked_end_user.clear();
    asked_tags = {"good", "\xff"};
    BOOST_TEST(param_of(get()) == "tags");
    asked_tags.clear();
    for (std::size_t i = 0; i != max_tags; ++i) {
        asked_tags.push_back("tag" + std::to_string(i));
    }
    BOOST_TEST(param_of(get()) == "");
    key.tags = {"tag0"};
    BOOST_TEST(param_of(get()) == "");
    key.tags = {"one more"};
    BOOST_TEST(param_of(get()) == "tags");
    key.tags.clear();
    asked_tags.push_back("one more");
    BOOST_TEST(param_of(get()) == "tags");
    asked_tags.clear();
    BOOST_TEST(param_of(obligations_of({}, {std::string(300, 'm'), "", {}}, *d.in)) == "model");
    BOOST_TEST(is_valid(get().value().who));
}

BOOST_FIXTURE_TEST_CASE(every_budget_of_the_records_is_listed, fixture)
{
    moment const born = ledger_noon - std::chrono::hours{5};
    lent.has = with_budget(100, "30h");
    lent.has.soft_budget = 50;
    key.budget = "b";
    key.made.created_at = born;
    key.has.extra_budget = 7;
    key.has.extra_until = ledger_noon;
    key.has.per_model["gpt"] = {5, "1d", {}};
    key.has.per_model["limited"].limits.requests_per_minute = 1; // no budget
    user.has.soft_budget = 3;
    team.for_members = with_budget(11, "1d");
    team.members.push_back({"v", false, {}, with_budget(12)});
    organisation.has = with_budget(1, "not a duration");
    end_user.has = with_budget(2);
    tag.has = with_budget(0);
    d.put(key, user, team, organisation, end_user, tag, lent);
    auto const period = [](std::string_view text, moment anchor) {
        return parse_period(text, anchor).value();
    };
    std::map<scope, budget> const expected{
        {{scope_kind::key, "k"}, {100, 50, period("30h", born), 7, ledger_noon}},
        {{scope_kind::key_model, joined_id("k", "gpt")}, {5, {}, period("1d", born), 0, {}}},
        {{scope_kind::user, "u"}, {{}, 3, {}, 0, {}}},
        {{scope_kind::member, joined_id("t", "u")}, {11, {}, period("1d", {}), 0, {}}},
        {{scope_kind::member, joined_id("t", "v")}, {12, {}, period("1d", {}), 0, {}}},
        {{scope_kind::organisation, "o"}, {1, {}, {}, 0, {}}},
        {{scope_kind::end_user, "e"}, {2, {}, {}, 0, {}}},
        {{scope_kind::tag, "x"}, {0, {}, {}, 0, {}}},
    };
    BOOST_TEST((by_owner(budgets_of(*d.in)) == expected));
}

BOOST_AUTO_TEST_SUITE_END()
