#include "lib/policy/call_plan.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace cogate::policy {

namespace {

constexpr int most_retries = 16;

std::optional<int> named_by(retry_policy const& policy, error_kind kind) noexcept
{
    switch (kind) {
    case error_kind::invalid_request:
    case error_kind::request_too_large:
    case error_kind::unprocessable:
    case error_kind::context_window_exceeded: return policy.bad_request;
    case error_kind::content_policy_violation: return policy.content_policy;
    case error_kind::authentication:
    case error_kind::permission_denied: return policy.authentication;
    case error_kind::not_found: return policy.not_found;
    case error_kind::rate_limit:
    case error_kind::quota_exceeded: return policy.rate_limit;
    case error_kind::internal_server: return policy.internal_server;
    case error_kind::service_unavailable: return policy.service_unavailable;
    case error_kind::timeout: return policy.timeout;
    case error_kind::bad_gateway:
    case error_kind::connection:
    case error_kind::truncated:
    case error_kind::cancelled: break;
    }
    return std::nullopt;
}

// Credentials and quota differ between lanes, so another lane may well serve.
bool tried_again_by_default(error_kind kind) noexcept
{
    return is_retryable(kind) || kind == error_kind::authentication ||
           kind == error_kind::permission_denied || kind == error_kind::quota_exceeded;
}

std::vector<std::string> const* targets(std::vector<fallback_rule> const& rules,
                                        std::span<std::string const> names)
{
    auto const rule_of = [&rules](std::string_view wanted) -> std::vector<std::string> const* {
        auto const rule = std::find_if(rules.begin(), rules.end(),
                                       [&](fallback_rule const& one) { return one.group == wanted; });
        return rule == rules.end() ? nullptr : &rule->to;
    };
    for (std::string const& wanted : names) {
        if (auto const* const own = rule_of(wanted)) {
            return own;
        }
    }
    return rule_of("*");
}

/// A group that several lists name keeps the names that it was met under first.
void note(std::vector<call_plan::group_retries>& known, std::string const& name, group const& in)
{
    bool const there =
        std::any_of(known.begin(), known.end(), [&](auto const& one) { return one.in == &in; });
    if (there) {
        return;
    }
    call_plan::group_retries one{.in = &in, .names = {name}};
    if (in.name() != name) {
        one.names.push_back(in.name());
    }
    one.names.insert(one.names.end(), in.served_by().begin(), in.served_by().end());
    known.push_back(std::move(one));
}

std::vector<group*> resolve(std::vector<std::string> const* names, group_finder const& find, call_plan& plan)
{
    std::vector<group*> groups;
    if (names == nullptr) {
        return groups;
    }
    for (std::string const& name : *names) {
        group* const found = find(name);
        if (found != nullptr && found != plan.first &&
            std::find(groups.begin(), groups.end(), found) == groups.end()) {
            groups.push_back(found);
            note(plan.elsewhere, name, *found);
        }
    }
    return groups;
}

void set_retries(call_plan& plan, router_options const& options, std::optional<int> num_retries)
{
    plan.retries = retry_table(options, std::span<std::string const>(plan.names), num_retries);
    for (call_plan::group_retries& one : plan.elsewhere) {
        one.times = retry_table(options, std::span<std::string const>(one.names), num_retries);
    }
}

} // namespace

int call_plan::retries_in(group const& where, error_kind after) const noexcept
{
    auto const own = std::find_if(elsewhere.begin(), elsewhere.end(),
                                  [&](group_retries const& one) { return one.in == &where; });
    return (own == elsewhere.end() ? retries : own->times)[static_cast<std::size_t>(after)];
}

bool call_overrides::any() const noexcept
{
    return num_retries || fallbacks || disable_fallbacks || max_fallbacks || race || disable_hedging;
}

std::array<int, 32> retry_table(router_options const& options, std::string_view group_name,
                                std::optional<int> num_retries)
{
    std::string const name(group_name);
    return retry_table(options, {&name, 1}, num_retries);
}

std::array<int, 32> retry_table(router_options const& options, std::span<std::string const> names,
                                std::optional<int> num_retries)
{
    retry_policy group_policy;
    for (std::string const& name : names) {
        auto const own = std::find_if(options.group_retries.begin(), options.group_retries.end(),
                                      [&](auto const& one) { return one.first == name; });
        if (own != options.group_retries.end()) {
            group_policy = own->second;
            break;
        }
    }

    std::array<int, 32> table{};
    for (int k = 0; k <= static_cast<int>(error_kind::cancelled); ++k) {
        auto const kind = static_cast<error_kind>(k);
        std::optional<int> times = named_by(group_policy, kind);
        if (!times) {
            times = named_by(options.retries, kind);
        }
        if (!times && tried_again_by_default(kind)) {
            times = group_policy.otherwise ? group_policy.otherwise : options.retries.otherwise;
            times = num_retries ? num_retries : times;
            times = times ? times : options.num_retries;
        }
        table[static_cast<std::size_t>(k)] = std::clamp(times.value_or(0), 0, most_retries);
    }
    return table;
}

call_plan make_plan(router_options const& options, group& first, group_finder const& find,
                    std::shared_ptr<hedge_budget> hedges)
{
    return make_plan(options, first, {first.name()}, find, std::move(hedges));
}

call_plan make_plan(router_options const& options, group& first, std::vector<std::string> names,
                    group_finder const& find, std::shared_ptr<hedge_budget> hedges)
{
    std::vector<std::string> const* general = targets(options.fallbacks, names);
    call_plan plan;
    plan.first = &first;
    plan.fallbacks = resolve(general != nullptr ? general : &options.default_fallbacks, find, plan);
    plan.context_window = resolve(targets(options.context_window_fallbacks, names), find, plan);
    plan.content_policy = resolve(targets(options.content_policy_fallbacks, names), find, plan);
    plan.max_fallbacks = options.max_fallbacks;
    plan.retry_after = options.retry_after;
    plan.hedge = options.hedge;
    plan.hedges = std::move(hedges);
    plan.race = options.race;
    plan.names = std::move(names);
    set_retries(plan, options, std::nullopt);
    return plan;
}

call_plan overridden(call_plan const& base, router_options const& options, group_finder const& find,
                     call_overrides const& asked)
{
    call_plan plan = base;
    if (asked.fallbacks) {
        plan.fallbacks = resolve(&*asked.fallbacks, find, plan);
    }
    if (asked.num_retries || asked.fallbacks) {
        set_retries(plan, options, asked.num_retries);
    }
    if (asked.disable_fallbacks) {
        plan.fallbacks.clear();
        plan.context_window.clear();
        plan.content_policy.clear();
    }
    plan.max_fallbacks = asked.max_fallbacks.value_or(plan.max_fallbacks);
    plan.race = asked.race.value_or(plan.race);
    if (asked.disable_hedging) {
        plan.hedge.percentile.reset();
    }
    return plan;
}

} // namespace cogate::policy
