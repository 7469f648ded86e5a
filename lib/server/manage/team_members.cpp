#include "lib/server/manage/teams.hpp"

#include "lib/server/manage/group_members.hpp"
#include "lib/server/manage/show.hpp"

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
    auto const nothing_more = [](auto const&, ledger::directory const&, record_changes const&) {};
    result<changed_group<team_record>> const done =
        add_to_group<team_record>(at, id, said, terms, nothing_more);
    if (!done) {
        return done.error();
    }
    view shown(at);
    std::vector<std::string> rows;
    std::vector<std::string> memberships;
    for (ledger::user_record const& user : done->users) {
        rows.push_back(shown.user_seen_by(at.who, user));
        memberships.push_back(shown.membership(done->group, *done->group.find_member(user.id)));
    }
    std::string out;
    shape to(out);
    shown.write_team(to, done->group);
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
    auto const leave = [&](team_record& team, std::size_t place, ledger::directory const& all,
                           record_changes& changes) -> result<void> {
        std::string const user = take_member(team, place);
        for (ledger::key_ptr const& key : all.keys()) {
            if (key->team == id && key->user == user) {
                changes.removed.push_back({ledger::record_kind::key, key->digest});
            }
        }
        return {};
    };
    result<changed_group<team_record>> const done = change_member<team_record>(at, id, named, leave);
    return done ? result<std::string>(view(at).team(done->group)) : done.error();
}

result<std::string> update_team_member(managed const& at)
{
    fields in(at.body);
    std::string const id = in.required_name("team_id");
    member_name const named = read_member_name(in);
    if (in.fault()) {
        return *in.fault();
    }
    auto const edit = [&](team_record& team, std::size_t place, ledger::directory const&,
                          record_changes const&) -> result<void> {
        ledger::team_member& member = team.members[place];
        in.word("role", parse_member_role, member_roles, member.is_admin);
        read_member_terms(in, member.has);
        in.ignore_rest();
        return in.fault() ? result<void>(*in.fault()) : result<void>{};
    };
    result<changed_group<team_record>> const done = change_member<team_record>(at, id, named, edit);
    if (!done) {
        return done.error();
    }
    ledger::team_member const& member = done->group.members[done->place];
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
