#include "lib/server/manage/organisations.hpp"

#include "lib/server/manage/lookup.hpp"
#include "lib/server/manage/members.hpp"
#include "lib/server/manage/ownership.hpp"
#include "lib/server/manage/show.hpp"

#include <algorithm>

namespace cogate::server::manage {
namespace {

using ledger::organisation_record;
using ledger::record_changes;

result<organisation_record> managed_organisation(managed const& at, std::string const& id,
                                                 ledger::directory const& in)
{
    result<ledger::organisation_ptr> const one = organisation_named(id, in);
    if (!one) {
        return one.error();
    }
    if (result<void> const may = may_manage(at.who, **one, in); !may) {
        return may.error();
    }
    return **one;
}

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
    organisation_record organisation;
    std::vector<ledger::user_record> users;
    auto const decide = [&](ledger::directory const& all) -> result<record_changes> {
        result<organisation_record> found = managed_organisation(at, id, all);
        if (!found) {
            return found.error();
        }
        organisation = *std::move(found);
        record_changes changes;
        if (result<void> const added =
                add_members(organisation.members, said, terms, at, all, changes, &users);
            !added) {
            return added.error();
        }
        for (ledger::user_record& user : users) {
            join(user, id, at, all, changes);
        }
        touch(organisation.made, at);
        changes.put.emplace_back(organisation);
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
        auto const member = std::find_if(organisation.members.begin(), organisation.members.end(),
                                         [&](ledger::team_member const& one) { return one.user == user.id; });
        memberships.push_back(shown.membership(organisation, *member));
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
    organisation_record organisation;
    std::size_t place = 0;
    auto const decide = [&](ledger::directory const& all) -> result<record_changes> {
        result<organisation_record> found = managed_organisation(at, id, all);
        if (!found) {
            return found.error();
        }
        organisation = *std::move(found);
        result<std::size_t> const index = member_index(organisation.members, named, all);
        if (!index) {
            return index.error();
        }
        place = *index;
        ledger::team_member& member = organisation.members[place];
        in.word("role", parse_organisation_role, organisation_roles, member.is_admin);
        in.money("max_budget_in_organization", member.has.max_budget);
        in.ignore_rest();
        if (in.fault()) {
            return *in.fault();
        }
        touch(organisation.made, at);
        return record_changes{{organisation}, {}};
    };
    if (result<void> const done = at.at.directory().change(decide); !done) {
        return done.error();
    }
    return view(at).membership(organisation, organisation.members[place]);
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
    auto const decide = [&](ledger::directory const& all) -> result<record_changes> {
        result<organisation_record> found = managed_organisation(at, id, all);
        if (!found) {
            return found.error();
        }
        organisation_record& organisation = *found;
        result<std::size_t> const index = member_index(organisation.members, named, all);
        if (!index) {
            return index.error();
        }
        ledger::team_member const member = organisation.members[*index];
        row = view(at).membership(organisation, member);
        organisation.members.erase(organisation.members.begin() + static_cast<std::ptrdiff_t>(*index));
        touch(organisation.made, at);
        record_changes changes{{organisation}, {}};
        if (ledger::user_ptr const user = all.find_user(member.user);
            user != nullptr && user->organisation == id) {
            ledger::user_record left = *user;
            left.organisation.clear();
            touch(left.made, at);
            changes.put.emplace_back(std::move(left));
        }
        return changes;
    };
    if (result<void> const done = at.at.directory().change(decide); !done) {
        return done.error();
    }
    return row;
}

} // namespace cogate::server::manage
