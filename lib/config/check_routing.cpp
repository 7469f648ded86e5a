#include "lib/config/fallbacks.hpp"
#include "lib/config/routing.hpp"
#include "lib/core/text.hpp"
#include "lib/core/words.hpp"
#include "providers/registry.hpp"
#include "providers/resolve.hpp"

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <utility>

namespace cogate::config {

namespace {

/// The services that the gateway offers without an entry in the list.
void add_services(settings const& to, policy::route_table& groups)
{
    if (!to.gateway.providers_from_environment) {
        return;
    }
    for (providers::provider const& row : providers::all_providers()) {
        if (row.local != nullptr || providers::is_configured(row, to.gateway.environment)) {
            groups.add(std::string(row.name) + "/*", policy::no_deployment);
        }
    }
}

/// Why a name leads nowhere, as the end of a message.
std::string unknown(std::string_view name, policy::route_table const& groups, settings const& to)
{
    std::string text = "there is no model group " + in_quotes(name);
    if (auto const parts = core::split_once(name, '/'); parts && to.gateway.providers_from_environment) {
        providers::provider const* const row = providers::find_provider(parts->first);
        if (row != nullptr && !row->key_variables.empty()) {
            return text + "; to have it served, set the environment variable " +
                   std::string(core::first_word(row->key_variables));
        }
    }
    auto const near = core::nearest(name, groups.public_names());
    return near ? text + "; did you mean " + in_quotes(*near) + "?" : text;
}

void take_aliases(reader& in, routing_draft const& draft, policy::route_table& groups, settings& to)
{
    policy::route_table const without = groups;
    for (alias_draft const& each : draft.aliases) {
        std::string const what = "alias " + in_quotes(each.name.name);
        std::string const& group = each.group.name;
        bool const is_alias = std::any_of(draft.aliases.begin(), draft.aliases.end(),
                                          [&](alias_draft const& other) { return other.name.name == group; });
        if (group == each.name.name) {
            in.error(each.group.at, what + " leads to itself");
        } else if (!without.find(group) && is_alias) {
            in.error(each.group.at, what + " leads to another alias: name the model group");
        } else if (!without.find(group)) {
            in.error(each.group.at, what + " leads to nothing: " + unknown(group, without, to));
        } else {
            groups.add_alias(each.name.name, group, each.hidden);
            to.gateway.router.aliases.push_back({each.name.name, group, each.hidden});
        }
    }
}

/// What a name means to the rules: its group, or itself where a pattern serves it. Nothing when nobody does.
std::optional<std::string> group_of(std::string_view name, policy::route_table const& groups)
{
    auto const found = groups.find(name);
    if (!found) {
        return std::nullopt;
    }
    return found->wildcard.empty() || found->name == name ? std::string(found->name) : std::string(name);
}

/// The targets that are known, by their groups.
std::vector<placed_name> take_targets(reader& in, std::string const& what,
                                      std::vector<placed_name> const& names,
                                      policy::route_table const& groups, settings const& to,
                                      std::vector<std::string>& out)
{
    std::vector<placed_name> known;
    for (placed_name const& each : names) {
        auto group = group_of(each.name, groups);
        if (policy::is_pattern(each.name)) {
            in.error(each.at, what + ": " + in_quotes(each.name) + " stands for many: name one model");
        } else if (!group) {
            in.error(each.at, what + ": " + unknown(each.name, groups, to));
        } else {
            known.push_back({*std::move(group), each.at});
            out.push_back(each.name);
        }
    }
    return known;
}

void take_rules(reader& in, std::string const& what, std::vector<rule_draft> const& rules,
                policy::route_table const& groups, settings const& to, std::vector<fallback_rule>& out)
{
    std::unordered_map<std::string, YAML::Mark> seen;
    std::vector<rule_draft> known;
    for (rule_draft const& each : rules) {
        std::string const& name = each.group.name;
        auto group = name == "*" ? std::optional<std::string>(name) : group_of(name, groups);
        fallback_rule rule{.group = name, .to = {}};
        std::vector<placed_name> targets = take_targets(in, what, each.to, groups, to, rule.to);
        if (!group) {
            in.error(each.group.at, what + ": " + unknown(name, groups, to));
            continue;
        }
        if (auto const [first, fresh] = seen.try_emplace(name, each.group.at); !fresh) {
            in.warn(each.group.at, what + ": " + in_quotes(name) + " has a rule in " +
                                       line_of(first->second) + ", this is not used");
            continue;
        }
        known.push_back({{*std::move(group), each.group.at}, std::move(targets)});
        out.push_back(std::move(rule));
    }
    check_cycles(in, what, known);
}

void take_group_retries(reader& in, routing_draft const& draft, policy::route_table const& groups,
                        settings& to)
{
    for (auto const& [group, retries] : draft.group_retries) {
        if (!groups.find(group.name)) {
            in.warn(group.at, "model_group_retry_policy: " + unknown(group.name, groups, to));
        }
        to.gateway.router.group_retries.emplace_back(group.name, retries);
    }
}

} // namespace

void check_routing(reader& in, routing_draft const& draft, policy::route_table groups, settings& to)
{
    router_options& router = to.gateway.router;
    add_services(to, groups);
    take_aliases(in, draft, groups, to);
    take_rules(in, "fallbacks", draft.fallbacks, groups, to, router.fallbacks);
    take_rules(in, "context_window_fallbacks", draft.context_window_fallbacks, groups, to,
               router.context_window_fallbacks);
    take_rules(in, "content_policy_fallbacks", draft.content_policy_fallbacks, groups, to,
               router.content_policy_fallbacks);
    take_targets(in, "default_fallbacks", draft.default_fallbacks, groups, to, router.default_fallbacks);
    take_group_retries(in, draft, groups, to);
}

} // namespace cogate::config
