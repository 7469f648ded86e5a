#pragma once

#include "lib/server/manage/lookup.hpp"
#include "lib/server/manage/members.hpp"
#include "lib/server/manage/ownership.hpp"

#include <cstddef>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

/// Changes of the members of a team or an organisation by those who manage it: the same for both.
namespace cogate::server::manage {

/// What became of a change.
template <class Group>
struct changed_group {
    Group group;
    std::vector<ledger::user_record> users; ///< of the members that were added
    std::size_t place = 0;                  ///< of the member that was changed
};

template <class Group>
result<Group> managed_group(managed const& at, std::string const& id, ledger::directory const& in)
{
    auto const one = [&] {
        if constexpr (std::is_same_v<Group, ledger::team_record>) {
            return team_named(id, in);
        } else {
            return organisation_named(id, in);
        }
    }();
    if (!one) {
        return one.error();
    }
    if (result<void> const may = may_manage(at.who, **one, in); !may) {
        return may.error();
    }
    return **one;
}

/// Changes the group as `edit(group, directory, changes)` says, which may add changes of other records.
template <class Group, class Edit>
result<void> change_group(managed const& at, std::string const& id, Group& group, Edit const& edit)
{
    return at.at.directory().change([&](ledger::directory const& all) -> result<ledger::record_changes> {
        result<Group> found = managed_group<Group>(at, id, all);
        if (!found) {
            return found.error();
        }
        group = *std::move(found);
        ledger::record_changes changes;
        if (result<void> const edited = edit(group, all, changes); !edited) {
            return edited.error();
        }
        touch(group.made, at);
        changes.put.emplace_back(group);
        return changes;
    });
}

/// Adds members with the same terms; `then(users, directory, changes)` may go on.
template <class Group, class Then>
result<changed_group<Group>> add_to_group(managed const& at, std::string const& id,
                                          std::vector<said_member> const& said, ledger::terms const& has,
                                          Then const& then)
{
    changed_group<Group> out;
    auto const edit = [&](Group& group, ledger::directory const& all,
                          ledger::record_changes& changes) -> result<void> {
        result<void> added = add_members(group.members, said, has, at, all, changes, &out.users);
        if (added) {
            then(out.users, all, changes);
        }
        return added;
    };
    if (result<void> const done = change_group(at, id, out.group, edit); !done) {
        return done.error();
    }
    return out;
}

/// Changes one member as `edit(group, place, directory, changes)` says, or takes it away.
template <class Group, class Edit>
result<changed_group<Group>> change_member(managed const& at, std::string const& id, member_name const& named,
                                           Edit const& edit)
{
    changed_group<Group> out;
    auto const find_and_edit = [&](Group& group, ledger::directory const& all,
                                   ledger::record_changes& changes) -> result<void> {
        result<std::size_t> const index = member_index(group.members, named, all);
        if (!index) {
            return index.error();
        }
        out.place = *index;
        return edit(group, out.place, all, changes);
    };
    if (result<void> const done = change_group(at, id, out.group, find_and_edit); !done) {
        return done.error();
    }
    return out;
}

/// Takes a member out of the list; gives the user's id.
template <class Group>
std::string take_member(Group& from, std::size_t place)
{
    std::string user = std::move(from.members[place].user);
    from.members.erase(from.members.begin() + static_cast<std::ptrdiff_t>(place));
    return user;
}

} // namespace cogate::server::manage
