#include "lib/server/manage/teams.hpp"

#include "lib/server/manage/lookup.hpp"
#include "lib/server/manage/members.hpp"
#include "lib/server/manage/ownership.hpp"
#include "lib/server/manage/show.hpp"
#include "lib/server/manage/terms.hpp"

#include <algorithm>

namespace cogate::server::manage {
namespace {

using ledger::record_changes;
using ledger::team_record;

void read_team(fields& from, team_record& to, ledger::moment now)
{
    from.name("team_alias", to.alias);
    from.name("organization_id", to.organisation);
    from.name("budget_id", to.budget);
    read_terms(from, to.has, now);
    from.names("models", to.models);
    from.pairs("model_aliases", to.aliases);
    from.names("tags", to.tags);
    if (to.tags.size() > ledger::max_tags) {
        from.blame("tags", "must be at most " + std::to_string(ledger::max_tags) + " tags.");
    }
    from.flag("blocked", to.blocked);
    from.object("metadata", to.metadata);
    from.money("team_member_budget", to.for_members.max_budget);
    from.period("team_member_budget_duration", to.for_members.budget_duration);
    from.count("team_member_tpm_limit", to.for_members.limits.tokens_per_minute);
    from.count("team_member_rpm_limit", to.for_members.limits.requests_per_minute);
    read_permissions(from, "team_member_permissions", to.member_permissions);
}

result<void> may_place(managed const& at, team_record const& team, ledger::directory const& in)
{
    if (at.who.is_admin()) {
        return {};
    }
    if (team.organisation.empty()) {
        return must_be_admin(at.who, "make a team without an organization");
    }
    result<ledger::organisation_ptr> const found = organisation_named(team.organisation, in);
    if (!found) {
        return found.error();
    }
    return may_manage(at.who, **found, in);
}

/// A change of one team by those who may change its terms.
template <class Edit>
result<std::string> change_team(managed const& at, std::string const& id, Edit const& edit,
                                std::optional<ledger::nanos> const& spent = {})
{
    team_record team;
    result<void> const done =
        at.at.directory().change([&](ledger::directory const& all) -> result<record_changes> {
            result<ledger::team_ptr> const old = team_named(id, all);
            if (!old) {
                return old.error();
            }
            if (result<void> const may = may_change(at.who, **old, all); !may) {
                return may.error();
            }
            team = **old;
            if (result<void> const edited = edit(team, **old, all); !edited) {
                return edited.error();
            }
            touch(team.made, at);
            return record_changes{{team}, {}};
        });
    if (!done) {
        return done.error();
    }
    ledger::scope const owner{ledger::scope_kind::team, id};
    if (spent) {
        apply_mark(at.at.book(), owner, {at.now, *spent}, at.now);
    }
    view shown(at);
    std::string out;
    shape to(out);
    shown.write_team(to, team);
    to.raw("data", shown.team(team)).end();
    return out;
}

result<std::string> set_blocked(managed const& at, bool blocked)
{
    fields in(at.body);
    std::string const id = in.required_name("team_id");
    in.ignore_rest();
    if (in.fault()) {
        return *in.fault();
    }
    return change_team(at, id,
                       [&](team_record& team, team_record const&, ledger::directory const&) -> result<void> {
                           team.blocked = blocked;
                           return {};
                       });
}

} // namespace

result<std::string> new_team(managed const& at)
{
    fields in(at.body);
    team_record team;
    in.name("team_id", team.id);
    read_team(in, team, at.now);
    std::vector<said_member> const members =
        read_members(in, "members_with_roles", parse_member_role, member_roles);
    in.keep_rest(team.other);
    if (in.fault()) {
        return *in.fault();
    }
    team.id = team.id.empty() ? fresh_id(at.now) : team.id;
    team.made = made_by(at);
    auto const decide = [&](ledger::directory const& all) -> result<record_changes> {
        if (all.find_team(team.id) != nullptr) {
            return already_there("The team", team.id, "team_id");
        }
        record_changes changes;
        result<void> done = names_known({}, {}, team.organisation, team.budget, all);
        if (done) {
            done = may_place(at, team, all);
        }
        if (done) {
            done = add_members(team.members, members, {}, at, all, changes);
        }
        if (!done) {
            return done.error();
        }
        if (at.who.user != nullptr && team.find_member(at.who.user->id) == nullptr) {
            team.members.push_back({at.who.user->id, true, {}, {}});
        }
        changes.put.emplace_back(team);
        return changes;
    };
    if (result<void> const done = at.at.directory().change(decide); !done) {
        return done.error();
    }
    return view(at).team(team);
}

result<std::string> update_team(managed const& at)
{
    fields in(at.body);
    std::string const id = in.required_name("team_id");
    if (in.fault()) {
        return *in.fault();
    }
    std::optional<ledger::nanos> spent;
    auto const edit = [&](team_record& team, team_record const& old,
                          ledger::directory const& all) -> result<void> {
        read_team(in, team, at.now);
        in.money("spend", spent);
        in.keep_rest(team.other);
        if (in.fault()) {
            return *in.fault();
        }
        bool const moves = team.organisation != old.organisation;
        result<void> done =
            names_known({}, {}, moves ? std::string_view(team.organisation) : std::string_view{},
                        team.budget == old.budget ? std::string_view{} : team.budget, all);
        if (done && (moves || spent)) {
            done = must_be_admin(at.who,
                                 moves ? "move a team between organizations" : "set what a team has spent");
        }
        if (done && spent) {
            team.other = with_mark(team.other, {at.now, *spent});
        }
        return done;
    };
    return change_team(at, id, edit, spent);
}

result<std::string> delete_teams(managed const& at)
{
    fields in(at.body);
    std::vector<std::string> const ids = in.required_names("team_ids");
    in.ignore_rest();
    if (in.fault()) {
        return *in.fault();
    }
    auto const decide = [&](ledger::directory const& all) -> result<record_changes> {
        record_changes changes;
        for (std::string const& id : ids) {
            result<ledger::team_ptr> const one = team_named(id, all, "team_ids");
            if (!one) {
                return one.error();
            }
            if (result<void> const may = may_change(at.who, **one, all); !may) {
                return may.error();
            }
            changes.removed.push_back({ledger::record_kind::team, id});
        }
        for (ledger::key_ptr const& key : all.keys()) {
            if (std::find(ids.begin(), ids.end(), key->team) != ids.end()) {
                changes.removed.push_back({ledger::record_kind::key, key->digest});
            }
        }
        return changes;
    };
    if (result<void> const done = at.at.directory().change(decide); !done) {
        return done.error();
    }
    std::string out;
    shape(out).names("deleted_teams", ids).end();
    return out;
}

result<std::string> block_team(managed const& at)
{
    return set_blocked(at, true);
}

result<std::string> unblock_team(managed const& at)
{
    return set_blocked(at, false);
}

} // namespace cogate::server::manage
