#include "lib/ledger/accounts/record_budgets.hpp"

#include "lib/ledger/accounts/effective_terms.hpp"
#include "lib/ledger/accounts/obligations.hpp"

#include <algorithm>
#include <optional>
#include <type_traits>
#include <utility>

namespace cogate::ledger {

namespace {

class budget_adder {
public:
    budget_adder(std::vector<owned_budget>& to, budget_finder const& find) : to_(to), find_(find) {}

    void operator()(key_record const& r) { add(r.digest, r, scope_kind::key, scope_kind::key_model); }
    void operator()(user_record const& r) { add(r.id, r, scope_kind::user, scope_kind::user_model); }
    void operator()(team_record const& r)
    {
        add(r.id, r, scope_kind::team, scope_kind::team_model);
        add_members(r, scope_kind::member, &r.for_members);
    }
    void operator()(organisation_record const& r)
    {
        add(r.id, r, scope_kind::organisation);
        add_members(r, scope_kind::organisation_member, nullptr);
    }
    void operator()(end_user_record const& r) { add(r.id, r, scope_kind::end_user); }
    void operator()(budget_record const&) {}
    void operator()(tag_record const& r) { add(r.id, r, scope_kind::tag); }

private:
    template <class R>
    void add(std::string const& id, R const& r, scope_kind kind, std::optional<scope_kind> with_model = {})
    {
        budget_ptr const lent = find_(r.budget);
        layered_terms const all(&r.has, terms_in(lent));
        put({kind, id}, all.whole(), r.made.created_at);
        if (with_model) {
            for (auto const& [model, special] : all.per_model()) {
                terms own;
                own.max_budget = special.max_budget;
                own.budget_duration = special.budget_duration;
                put({*with_model, joined_id(id, model)}, own, r.made.created_at);
            }
        }
    }

    template <class R>
    void add_members(R const& of, scope_kind kind, terms const* usual)
    {
        for (team_member const& member : of.members) {
            budget_ptr const lent = find_(member.budget);
            layered_terms const all(&member.has, terms_in(lent), usual);
            put({kind, joined_id(of.id, member.user)}, all.whole(), of.made.created_at);
        }
    }

    void put(scope owner, terms const& has, moment anchor)
    {
        if (has.max_budget || has.soft_budget) {
            budget_period const period = parse_period(has.budget_duration, anchor).value_or(budget_period{});
            to_.push_back({std::move(owner),
                           {has.max_budget, has.soft_budget, period, has.extra_budget, has.extra_until}});
        }
    }

    std::vector<owned_budget>& to_;
    budget_finder const& find_;
};

template <class R>
bool names(R const& r, std::string_view id) noexcept
{
    if constexpr (std::is_same_v<R, budget_record>) {
        return false;
    } else if constexpr (requires { r.members; }) {
        return r.budget == id || std::any_of(r.members.begin(), r.members.end(),
                                             [&](team_member const& m) { return m.budget == id; });
    } else {
        return r.budget == id;
    }
}

} // namespace

void add_budgets(std::vector<owned_budget>& to, record const& from, budget_finder const& find)
{
    budget_adder add(to, find);
    std::visit(add, from);
}

bool names_budget(record const& one, std::string_view budget_id) noexcept
{
    return std::visit([&](auto const& r) { return names(r, budget_id); }, one);
}

std::vector<owned_budget> budgets_of(directory const& in)
{
    budget_finder const find = [&](std::string_view id) { return in.find_budget(id); };
    std::vector<owned_budget> out;
    budget_adder add(out, find);
    auto const add_all = [&](auto const& records) {
        for (auto const& one : records) {
            add(*one);
        }
    };
    add_all(in.organisations());
    add_all(in.teams());
    add_all(in.users());
    add_all(in.keys());
    add_all(in.end_users());
    add_all(in.tags());
    return out;
}

} // namespace cogate::ledger
