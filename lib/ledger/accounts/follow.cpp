#include "lib/ledger/accounts/obligations.hpp"
#include "lib/ledger/accounts/record_budgets.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>

namespace cogate::ledger {

namespace {

/// A record as it was and as it is; nothing where it was or is not there.
struct step {
    std::optional<record> before;
    std::optional<record> after;
};

using steps = std::map<std::pair<record_kind, std::string>, step>;

std::optional<record> current(directory const& in, record_kind kind, std::string_view id)
{
    auto const copy = [](auto const& one) {
        return one != nullptr ? std::optional<record>(*one) : std::nullopt;
    };
    switch (kind) {
    case record_kind::key: return copy(in.find_key(id));
    case record_kind::user: return copy(in.find_user(id));
    case record_kind::team: return copy(in.find_team(id));
    case record_kind::organisation: return copy(in.find_organisation(id));
    case record_kind::end_user: return copy(in.find_end_user(id));
    case record_kind::budget: return copy(in.find_budget(id));
    case record_kind::tag: return copy(in.find_tag(id));
    }
    return std::nullopt;
}

template <class Records>
void add_borrowers(steps& to, Records const& records, std::string_view budget_id)
{
    for (auto const& one : records) {
        record whole(*one);
        if (names_budget(whole, budget_id)) {
            // One that has changed itself is there already, with what it was.
            to.try_emplace({kind_of(whole), id_of(whole)}, step{whole, whole});
        }
    }
}

steps steps_of(directory const& in, record_changes const& changes)
{
    steps out;
    auto const at = [&](record_kind kind, std::string const& id) -> step& { return out[{kind, id}]; };
    for (record_name const& gone : changes.removed) {
        at(gone.kind, gone.id).after = current(in, gone.kind, gone.id);
    }
    for (record const& one : changes.put) {
        at(kind_of(one), id_of(one)).after = current(in, kind_of(one), id_of(one));
    }
    for (record const& one : changes.before) {
        at(kind_of(one), id_of(one)).before = one;
    }
    std::vector<std::string> budgets;
    for (auto const& [name, ignored] : out) {
        if (name.first == record_kind::budget) {
            budgets.push_back(name.second);
        }
    }
    for (std::string const& id : budgets) {
        add_borrowers(out, in.organisations(), id);
        add_borrowers(out, in.teams(), id);
        add_borrowers(out, in.users(), id);
        add_borrowers(out, in.keys(), id);
        add_borrowers(out, in.end_users(), id);
        add_borrowers(out, in.tags(), id);
    }
    return out;
}

std::vector<owned_budget> budgets_of(std::optional<record> const& one, budget_finder const& find)
{
    std::vector<owned_budget> out;
    if (one) {
        add_budgets(out, *one, find);
    }
    return out;
}

budget const* find_owner(std::vector<owned_budget> const& in, scope const& owner) noexcept
{
    auto const is_it = [&](owned_budget const& b) { return b.owner == owner; };
    auto const found = std::find_if(in.begin(), in.end(), is_it);
    return found == in.end() ? nullptr : &found->terms;
}

/// The scope that goes with a record, whether it has a budget or not.
std::optional<scope> scope_of(record_kind kind, std::string const& id)
{
    switch (kind) {
    case record_kind::key: return scope{scope_kind::key, id};
    case record_kind::user: return scope{scope_kind::user, id};
    case record_kind::team: return scope{scope_kind::team, id};
    case record_kind::organisation: return scope{scope_kind::organisation, id};
    case record_kind::end_user: return scope{scope_kind::end_user, id};
    case record_kind::tag: return scope{scope_kind::tag, id};
    case record_kind::budget: break;
    }
    return std::nullopt;
}

/// The scopes of a team's or an organisation's members.
std::vector<scope> members_of(record const& one)
{
    std::vector<scope> out;
    auto const add = [&](scope_kind kind, auto const& group) {
        for (team_member const& m : group.members) {
            out.push_back({kind, joined_id(group.id, m.user)});
        }
    };
    if (auto const* const team = std::get_if<team_record>(&one)) {
        add(scope_kind::member, *team);
    } else if (auto const* const organisation = std::get_if<organisation_record>(&one)) {
        add(scope_kind::organisation_member, *organisation);
    }
    return out;
}

bool is_still_owner(scope const& who, record const& after)
{
    if (who.kind != scope_kind::member && who.kind != scope_kind::organisation_member) {
        return true;
    }
    std::vector<scope> const members = members_of(after);
    return std::find(members.begin(), members.end(), who) != members.end();
}

} // namespace

std::vector<owned_budget> follow(book& to, directory const& in, record_changes const& changes, moment now)
{
    steps const all = steps_of(in, changes);
    budget_finder const find_now = [&](std::string_view id) { return in.find_budget(id); };
    budget_finder const find_before = [&](std::string_view id) -> budget_ptr {
        auto const changed = all.find({record_kind::budget, std::string(id)});
        if (changed == all.end()) {
            return in.find_budget(id);
        }
        std::optional<record> const& was = changed->second.before;
        return was ? budget_ptr(budget_ptr(), &std::get<budget_record>(*was)) : nullptr; // lent by `all`
    };
    std::vector<owned_budget> unknown;
    for (auto const& [name, moved] : all) {
        std::vector<owned_budget> const before = budgets_of(moved.before, find_before);
        std::vector<owned_budget> const after = budgets_of(moved.after, find_now);
        for (owned_budget const& old : before) {
            if (find_owner(after, old.owner) != nullptr) {
                continue;
            }
            // Who loses only the budget goes on being followed, but for those that a client can invent.
            bool const stays = moved.after && is_still_owner(old.owner, *moved.after);
            if (stays && !is_client_supplied(old.owner.kind)) {
                to.set_budget(old.owner, budget{}, now);
            } else {
                to.erase(old.owner);
            }
        }
        if (!moved.after) {
            if (std::optional<scope> const own = scope_of(name.first, name.second)) {
                to.erase(*own);
            }
            if (moved.before) {
                for (scope const& member : members_of(*moved.before)) {
                    to.erase(member);
                }
            }
        }
        // A key that is new cannot have spent anything; any other name may have been there before.
        bool const is_fresh_key = name.first == record_kind::key && !moved.before;
        for (owned_budget const& b : after) {
            budget const* const old = find_owner(before, b.owner);
            if (old != nullptr && *old == b.terms) {
                continue;
            }
            to.set_budget(b.owner, b.terms, now);
            if (!is_fresh_key && (old == nullptr || !(old->period == b.terms.period))) {
                unknown.push_back(b);
            }
        }
    }
    return unknown;
}

} // namespace cogate::ledger
