#include "lib/config/money.hpp"

#include "lib/core/text.hpp"
#include "providers/registry.hpp"

#include <string_view>
#include <utility>
#include <vector>

namespace cogate::config {

namespace {

/// What a budget of the configuration counts from: a restart must not move it.
constexpr ledger::moment always_the_same{};

std::optional<std::string_view> nearest_provider(std::string_view name)
{
    std::vector<std::string_view> names;
    for (providers::provider const& each : providers::all_providers()) {
        names.push_back(each.name);
    }
    return core::nearest(name, names);
}

void read_provider_budgets(reader& in, YAML::Node const& node, settings& to)
{
    for (member const& each : in.members(node, "provider_budget_config")) {
        budget_wish wish;
        std::size_t const faults = in.faults();
        in.read(section::provider_budget, each.node, {.all = to, .budget = &wish},
                [](key const&, member const&) {});
        if (in.faults() != faults) {
            continue;
        }
        std::string const what = "provider_budget_config: " + in_quotes(each.name);
        if (providers::find_provider(each.name) == nullptr) {
            auto const near = nearest_provider(each.name);
            in.error(each.mark, what + " is no provider" +
                                    (near ? "; did you mean " + in_quotes(*near) + "?" : std::string()));
        } else if (!wish.limit) {
            in.error(each.mark, what + " has no budget_limit");
        } else if (auto const made = make_budget(in, each.mark, what, wish)) {
            to.ledger.budgets.push_back({{ledger::scope_kind::provider, each.name}, *made});
        }
    }
}

void read_terms(reader& in, section where, member const& each, settings& to, key_terms& out)
{
    in.read(where, each.node, {.all = to, .terms = &out}, [&](key const& row, member const& inner) {
        if (row.name == "models" && !inner.node.IsNull()) {
            in.names(inner.node, "models", out.models);
        }
    });
}

} // namespace

std::optional<ledger::budget> make_budget(reader& in, YAML::Mark const& at, std::string const& what,
                                          budget_wish const& wish)
{
    if (!wish.limit) {
        if (!wish.period.empty()) {
            in.warn(at, what + ": a period without an amount limits nothing");
        }
        return std::nullopt;
    }
    ledger::budget out;
    out.limit = *wish.limit;
    if (!wish.period.empty()) {
        out.period = ledger::parse_period(wish.period, always_the_same).value_or(ledger::budget_period{});
    }
    return out;
}

void read_money_member(reader& in, std::string_view name, member const& each, settings& to)
{
    if (name == "provider_budget_config") {
        read_provider_budgets(in, each.node, to);
    } else if (name == "default_key_generate_params") {
        read_terms(in, section::key_defaults, each, to, to.keys.defaults);
    } else if (name == "upperbound_key_generate_params") {
        read_terms(in, section::key_bounds, each, to, to.keys.bounds);
    } else if (name == "default_internal_user_params") {
        read_terms(in, section::user_defaults, each, to, to.keys.user_defaults);
    }
}

void settle_money(reader& in, YAML::Mark const& at, money_wishes const& wishes, settings& to)
{
    if (auto const made = make_budget(in, at, "budget_duration", wishes.all_calls)) {
        to.ledger.budgets.push_back({{ledger::scope_kind::global, {}}, *made});
    }
    key_terms& users = to.keys.user_defaults;
    if (!users.max_budget) {
        users.max_budget = wishes.users.max_budget;
    }
    if (users.budget_duration.empty()) {
        users.budget_duration = wishes.users.budget_duration;
    }
}

void check_database(reader& in, member const& each, settings& to)
{
    constexpr std::string_view file = "sqlite:///";
    std::string const url = std::exchange(to.ledger.database_url, {});
    if (url.empty() && !each.node.IsScalar()) {
        return; // null, or a fault that was reported
    }
    // The text may hold a password: no message shows it.
    if (url.starts_with("postgresql://") || url.starts_with("postgres://")) {
        in.error(each.node.Mark(),
                 "database_url: PostgreSQL is not served yet; give sqlite:///PATH or remove the line");
    } else if (!url.starts_with(file) || url.size() == file.size()) {
        in.error(each.node.Mark(),
                 "database_url must be sqlite:///PATH (sqlite:////PATH for a path from the root)");
    } else {
        to.ledger.database_url = url;
    }
}

} // namespace cogate::config
