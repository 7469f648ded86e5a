#include "lib/server/manage/teams.hpp"

#include "lib/server/manage/lookup.hpp"
#include "lib/server/manage/members.hpp"
#include "lib/server/manage/ownership.hpp"
#include "lib/server/manage/show.hpp"

#include <algorithm>

namespace cogate::server::manage {
namespace {

using ledger::record_changes;
using ledger::team_record;

/// Terms of a member; what they do not say is the team's for all its members.
void read_member_terms(fields& from, ledger::terms& has)
{
    from.money("max_budget_in_team", has.max_budget);
    from.period("budget_duration", has.budget_duration);
    from.count("tpm_limit", has.limits.tokens_per_minute);
    from.count("rpm_limit", has.limits.requests_per_minute);
}

result<team_record> managed_team(managed const& at, std::string const& id, ledger::directory const& in)
{
    result<ledger::team_ptr> const team = team_named(id, in);
    if (!team) {
        return team.error();
    }
    if (result<void> const may = may_manage(at.who, **team, in); !may) {
        return may.error();
    }
    return **team;
}

} // namespace

result<std::string> add_team_members(managed const& at)
{
    fields in(at.body);
    std::string const id = in.required_name("team_id");
    std::vector<said_member> const said = read_members(in, "member", parse_member_role, member_roles);
    if (said.empty()) {
        in.blame("member", "is required.");
    }
    ledger::terms terms;
    read_member_terms(in, terms);
    in.ignore_rest();
    if (in.fault()) {
        return *in.fault();
    }
    team_record team;
    std::vector<ledger::user_record> users;
    auto const decide = [&](ledger::directory const& all) -> result<record_changes> {
        result<team_record> found = managed_team(at, id, all);
        if (!found) {
            return found.error();
        }
        team = *std::move(found);
        record_changes changes;
        if (result<void> const added = add_members(team.members, said, terms, at, all, changes, &users);
            !added) {
            return added.error();
        }
        touch(team.made, at);
        changes.put.emplace_back(team);
        return changes;
    };
    if (result<void> const done = at.at.directory().change(decide); !done) {
        return done.error();
    }
    view shown(at);
    std::vector<std::string> rows;
    std::vector<std::string> memberships;
    for (ledger::user_record const& user : users) {
        rows.push_back(shown.user_seen_by(at.who, user));
        memberships.push_back(shown.membership(team, *team.find_member(user.id)));
    }
    std::string out;
    shape to(out);
    shown.write_team(to, team);
    to.list("updated_users", rows).list("updated_team_memberships", memberships).end();
    return out;
}

result<std::string> delete_team_member(managed const& at)
{
    fields in(at.body);
    std::string const id = in.required_name("team_id");
    member_name const named = read_member_name(in);
    in.ignore_rest();
    if (in.fault()) {
        return *in.fault();
    }
    team_record team;
    auto const decide = [&](ledger::directory const& all) -> result<record_changes> {
        result<team_record> found = managed_team(at, id, all);
        if (!found) {
            return found.error();
        }
        team = *std::move(found);
        result<std::size_t> const index = member_index(team.members, named, all);
        if (!index) {
            return index.error();
        }
        std::string const user = team.members[*index].user;
        team.members.erase(team.members.begin() + static_cast<std::ptrdiff_t>(*index));
        touch(team.made, at);
        record_changes changes{{team}, {}};
        for (ledger::key_ptr const& key : all.keys()) {
            if (key->team == id && key->user == user) {
                changes.removed.push_back({ledger::record_kind::key, key->digest});
            }
        }
        return changes;
    };
    if (result<void> const done = at.at.directory().change(decide); !done) {
        return done.error();
    }
    return view(at).team(team);
}

result<std::string> update_team_member(managed const& at)
{
    fields in(at.body);
    std::string const id = in.required_name("team_id");
    member_name const named = read_member_name(in);
    if (in.fault()) {
        return *in.fault();
    }
    team_record team;
    std::size_t place = 0;
    auto const decide = [&](ledger::directory const& all) -> result<record_changes> {
        result<team_record> found = managed_team(at, id, all);
        if (!found) {
            return found.error();
        }
        team = *std::move(found);
        result<std::size_t> const index = member_index(team.members, named, all);
        if (!index) {
            return index.error();
        }
        place = *index;
        ledger::team_member& member = team.members[place];
        in.word("role", parse_member_role, member_roles, member.is_admin);
        read_member_terms(in, member.has);
        in.ignore_rest();
        if (in.fault()) {
            return *in.fault();
        }
        touch(team.made, at);
        return record_changes{{team}, {}};
    };
    if (result<void> const done = at.at.directory().change(decide); !done) {
        return done.error();
    }
    ledger::team_member const& member = team.members[place];
    ledger::user_ptr const user = at.at.directory().find_user(member.user);
    std::string out;
    shape to(out);
    to.text("team_id", id)
        .text("user_id", member.user)
        .text("user_email", user ? user->email : std::string());
    to.text("role", member.is_admin ? "admin" : "user").money("max_budget_in_team", member.has.max_budget);
    to.text("budget_duration", member.has.budget_duration)
        .number("tpm_limit", member.has.limits.tokens_per_minute);
    to.number("rpm_limit", member.has.limits.requests_per_minute).end();
    return out;
}

} // namespace cogate::server::manage
