#include "lib/cli/serve_accounts.hpp"

#include "lib/cli/ledger_place.hpp"

#include <utility>

namespace cogate::cli {

namespace {

server::owner_terms owner_terms_of(config::key_terms const& from)
{
    server::owner_terms out;
    if (from.max_budget) {
        out.has.max_budget = from.max_budget->nanos();
    }
    out.has.budget_duration = from.budget_duration;
    out.has.limits = {.requests_per_minute = from.rpm_limit,
                      .tokens_per_minute = from.tpm_limit,
                      .parallel_requests = from.max_parallel_requests};
    out.duration = from.duration;
    out.models = from.models;
    return out;
}

} // namespace

server::configured_terms configured_terms_of(config::key_settings const& from)
{
    return {.key_defaults = owner_terms_of(from.defaults),
            .key_bounds = owner_terms_of(from.bounds),
            .user_defaults = owner_terms_of(from.user_defaults),
            .user_role = ledger::parse_user_role(from.user_defaults.user_role)};
}

server::accounts_terms accounts_terms_of(config::settings const& settings, engine::routes const& served)
{
    config::ledger_settings const& wanted = settings.ledger;
    server::accounts_terms out;
    out.configured = wanted.budgets;
    for (config::deployment_budget const& each : wanted.deployment_budgets) {
        if (each.index < served.deployments().size()) {
            out.configured.push_back(
                {{ledger::scope_kind::deployment, served.deployments()[each.index].id}, each.terms});
        }
    }
    if (wanted.end_user_budget) {
        out.end_user_budget.emplace();
        out.end_user_budget->limit = wanted.end_user_budget->nanos();
    }
    out.end_user_budget_id = wanted.end_user_budget_id;
    out.owners = configured_terms_of(settings.keys);
    out.limits = settings.keys.limits;
    return out;
}

bool keeps_accounts(config::settings const& settings, bool names_a_place) noexcept
{
    return names_a_place || !settings.master_key.empty() || !settings.ledger.database_url.empty();
}

result<std::unique_ptr<server::accounts>> open_accounts(config::settings const& settings,
                                                        engine::routes const& served)
{
    config::ledger_settings const& wanted = settings.ledger;
    result<std::string> path = ledger_file(settings.data, wanted.database_url);
    if (!path) {
        return path.error();
    }
    server::accounts_options out;
    out.store.path = std::move(*path);
    out.store.keep = wanted.durability == config::durability::power ? ledger::durability::power
                                                                    : ledger::durability::process;
    out.store.recovery = wanted.recovery == config::recovery::nothing ? ledger::recovery_policy::nothing
                                                                      : ledger::recovery_policy::reserved;
    out.when = wanted.acknowledge == config::acknowledgement::queued ? server::acknowledge::queued
                                                                     : server::acknowledge::committed;
    out.pepper = settings.keys.pepper;
    out.allow_unpriced = wanted.allow_unpriced;
    out.terms = accounts_terms_of(settings, served);
    return server::accounts::open(std::move(out));
}

} // namespace cogate::cli
