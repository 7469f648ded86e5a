#include "lib/server/manage/organisations.hpp"

#include "lib/server/manage/group_members.hpp"
#include "lib/server/manage/show.hpp"

#include <algorithm>

namespace cogate::server::manage {
namespace {

using ledger::organisation_record;
using ledger::record_changes;

/// One who has no organisation yet spends and calls as this one's. An organisation's admin can say so of users that the
/// request makes, not of those who were there: its limits would bind them.
void join(ledger::user_record& user, std::string const& organisation, managed const& at,
          ledger::directory const& in, record_changes& changes)
{
    bool const was_there = in.find_user(user.id) != nullptr;
    if (!user.organisation.empty() || (was_there && !at.who.is_admin())) {
        return;
    }
    user.organisation = organisation;
    touch(user.made, at);
    std::erase_if(changes.put, [&](ledger::record const& one) {
        return ledger::kind_of(one) == ledger::record_kind::user && ledger::id_of(one) == user.id;
    });
    changes.put.emplace_back(user);
}

} // namespace

result<std::string> add_organisation_members(managed const& at)
{
    fields in(at.body);
    std::string const id = in.required_name("organization_id");
    std::vector<said_member> const said =
        read_members(in, "member", parse_organisation_role, organisation_roles);
    if (said.empty()) {
        in.blame("member", "is required.");
    }
    ledger::terms terms;
    in.money("max_budget_in_organization", terms.max_budget);
    in.ignore_rest();
    if (in.fault()) {
        return *in.fault();
    }
    auto const join_all = [&](std::vector<ledger::user_record>& users, ledger::directory const& all,
                              record_changes& changes) {
        for (ledger::user_record& user : users) {
            join(user, id, at, all, changes);
        }
    };
    result<changed_group<organisation_record>> const done =
        add_to_group<organisation_record>(at, id, said, terms, join_all);
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
    to.text("organization_id", id).list("updated_users", rows);
    to.list("updated_organization_memberships", memberships).end();
    return out;
}

result<std::string> update_organisation_member(managed const& at)
{
    fields in(at.body);
    std::string const id = in.required_name("organization_id");
    member_name const named = read_member_name(in);
    if (in.fault()) {
        return *in.fault();
    }
    auto const edit = [&](organisation_record& organisation, std::size_t place, ledger::directory const&,
                          record_changes const&) -> result<void> {
        ledger::team_member& member = organisation.members[place];
        in.word("role", parse_organisation_role, organisation_roles, member.is_admin);
        in.money("max_budget_in_organization", member.has.max_budget);
        in.ignore_rest();
        return in.fault() ? result<void>(*in.fault()) : result<void>{};
    };
    result<changed_group<organisation_record>> const done =
        change_member<organisation_record>(at, id, named, edit);
    return done ? result<std::string>(view(at).membership(done->group, done->group.members[done->place]))
                : done.error();
}

result<std::string> delete_organisation_member(managed const& at)
{
    fields in(at.body);
    std::string const id = in.required_name("organization_id");
    member_name const named = read_member_name(in);
    in.ignore_rest();
    if (in.fault()) {
        return *in.fault();
    }
    std::string row;
    auto const leave = [&](organisation_record& organisation, std::size_t place, ledger::directory const& all,
                           record_changes& changes) -> result<void> {
        row = view(at).membership(organisation, organisation.members[place]);
        ledger::user_ptr const user = all.find_user(take_member(organisation, place));
        if (user != nullptr && user->organisation == id) {
            ledger::user_record left = *user;
            left.organisation.clear();
            touch(left.made, at);
            changes.put.emplace_back(std::move(left));
        }
        return {};
    };
    result<changed_group<organisation_record>> const done =
        change_member<organisation_record>(at, id, named, leave);
    return done ? result<std::string>(row) : done.error();
}

} // namespace cogate::server::manage
