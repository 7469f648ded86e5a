#include "lib/server/manage/teams.hpp"

#include "lib/server/manage/lookup.hpp"
#include "lib/server/manage/ownership.hpp"
#include "lib/server/manage/show.hpp"

#include <algorithm>

namespace cogate::server::manage {
namespace {

using ledger::record_changes;
using ledger::team_record;

constexpr std::size_t most_teams_at_once = 500;

/// Adds what a team's members do not have yet; false when that is nothing.
bool add(std::vector<std::string> const& permissions, team_record& to)
{
    std::vector<std::string>& has = to.member_permissions;
    std::size_t const before = has.size();
    for (std::string const& one : permissions) {
        if (std::find(has.begin(), has.end(), one) == has.end()) {
            has.push_back(one);
        }
    }
    return has.size() != before;
}

result<std::vector<ledger::team_ptr>> named_teams(std::vector<std::string> const& ids,
                                                  ledger::directory const& all)
{
    std::vector<ledger::team_ptr> out;
    for (std::string const& id : ids) {
        result<ledger::team_ptr> const one = team_named(id, all, "team_ids");
        if (!one) {
            return one.error();
        }
        out.push_back(*one);
    }
    return out;
}

} // namespace

/// The names of a list that a team's `member_permissions` may hold.
void read_permissions(fields& from, std::string_view field, std::vector<std::string>& to)
{
    from.names(field, to);
    auto const known = member_permissions();
    for (std::string const& one : to) {
        if (std::find(known.begin(), known.end(), one) == known.end()) {
            from.blame(field,
                       "holds '" + one + "', which is none of those that /team/permissions_list shows.");
        }
    }
}

result<std::string> list_team_permissions(managed const& at)
{
    result<ledger::team_ptr> const team = asked_team(at);
    if (!team) {
        return team.error();
    }
    auto const known = member_permissions();
    std::vector<std::string> const all(known.begin(), known.end());
    std::string out;
    shape to(out);
    to.text("team_id", (*team)->id).names("team_member_permissions", (*team)->member_permissions);
    to.names("all_available_permissions", all).end();
    return out;
}

result<std::string> update_team_permissions(managed const& at)
{
    fields in(at.body);
    std::string const id = in.required_name("team_id");
    std::vector<std::string> permissions;
    if (!in.says("team_member_permissions")) {
        in.blame("team_member_permissions", "is required.");
    }
    read_permissions(in, "team_member_permissions", permissions);
    in.ignore_rest();
    if (in.fault()) {
        return *in.fault();
    }
    team_record team;
    auto const decide = [&](ledger::directory const& all) -> result<record_changes> {
        result<ledger::team_ptr> const old = team_named(id, all);
        if (!old) {
            return old.error();
        }
        if (result<void> const may = may_manage(at.who, **old, all); !may) {
            return may.error();
        }
        team = **old;
        team.member_permissions = permissions;
        touch(team.made, at);
        return record_changes{{team}, {}};
    };
    if (result<void> const done = at.at.directory().change(decide); !done) {
        return done.error();
    }
    return view(at).team(team);
}

result<std::string> add_teams_permissions(managed const& at)
{
    fields in(at.body);
    std::vector<std::string> permissions = in.required_names("permissions");
    read_permissions(in, "permissions", permissions);
    std::vector<std::string> ids;
    in.names("team_ids", ids);
    bool of_all = false;
    in.flag("apply_to_all_teams", of_all);
    if (of_all == !ids.empty()) {
        in.blame("team_ids", "or 'apply_to_all_teams' is required, and not both.");
    }
    if (ids.size() > most_teams_at_once) {
        in.blame("team_ids", "must be at most " + std::to_string(most_teams_at_once) + " teams.");
    }
    in.ignore_rest();
    if (in.fault()) {
        return *in.fault();
    }
    std::int64_t updated = 0;
    auto const decide = [&](ledger::directory const& all) -> result<record_changes> {
        if (result<void> const may = must_be_admin(at.who, "change what members of several teams may do");
            !may) {
            return may.error();
        }
        result<std::vector<ledger::team_ptr>> const teams =
            of_all ? result<std::vector<ledger::team_ptr>>(all.teams()) : named_teams(ids, all);
        if (!teams) {
            return teams.error();
        }
        record_changes changes;
        for (ledger::team_ptr const& one : *teams) {
            team_record team = *one;
            if (add(permissions, team)) {
                touch(team.made, at);
                changes.put.emplace_back(std::move(team));
            }
        }
        updated = static_cast<std::int64_t>(changes.put.size());
        return changes;
    };
    if (result<void> const done = at.at.directory().change(decide); !done) {
        return done.error();
    }
    std::string out;
    shape to(out);
    to.text("message", "Members of " + std::to_string(updated) + " teams have other permissions now.");
    to.number("teams_updated", updated).names("permissions_appended", permissions).end();
    return out;
}

} // namespace cogate::server::manage
