#include "lib/config/routing.hpp"

#include "lib/config/fallbacks.hpp"
#include "lib/config/money.hpp"
#include "lib/config/prices.hpp"

namespace cogate::config {

namespace {

auto const no_visit = [](key const&, member const&) {};

void read_group_retries(reader& in, YAML::Node const& node, settings& to, routing_draft& draft)
{
    draft.group_retries.clear();
    for (member const& each : in.members(node, "model_group_retry_policy")) {
        cogate::retry_policy retries;
        in.read(section::retry_policy, each.node, {.all = to, .retries = &retries}, no_visit);
        draft.group_retries.push_back({{each.name, each.mark}, retries});
    }
}

void read_aliases(reader& in, YAML::Node const& node, settings& to, routing_draft& draft)
{
    for (member const& each : in.members(node, "model_group_alias")) {
        model_reference named;
        std::size_t const faults = in.faults();
        if (each.node.IsMap()) {
            in.read(section::alias, each.node, {.all = to, .named = &named}, no_visit);
        } else {
            named.model = in.text(each.node, "alias " + in_quotes(each.name)).value_or("");
        }
        if (named.model.empty() && in.faults() == faults) {
            in.error(each.mark, "alias " + in_quotes(each.name) + " leads to nothing: name a model group");
        } else if (!named.model.empty()) {
            draft.aliases.push_back({{each.name, each.mark}, {named.model, each.node.Mark()}, named.hidden});
        }
    }
}

void read_hedge(reader& in, member const& hedge, settings& to)
{
    std::size_t const faults = in.faults();
    in.read(section::hedge, hedge.node, {to}, no_visit);
    if (in.faults() == faults && hedge.node.IsMap() && !to.gateway.router.hedge.percentile) {
        in.warn(hedge.mark, "hedge has no percentile: no second attempt will be made");
    }
}

void read_admission(reader& in, member const& admission, settings& to, routing_draft& draft)
{
    std::size_t const faults = in.faults();
    in.read(section::admission, admission.node, {.all = to, .routing = &draft.wishes}, no_visit);
    admission_options const& read = to.gateway.router.admission;
    if (in.faults() == faults && read.adaptive_min > read.adaptive_max) {
        in.error(admission.mark, "admission: adaptive_min (" + std::to_string(read.adaptive_min) +
                                     ") is above adaptive_max (" + std::to_string(read.adaptive_max) + ")");
    }
}

/// The members that are mappings or lists.
void read_member(reader& in, std::string_view name, member const& each, settings& to, routing_draft& draft)
{
    if (name == "fallbacks") {
        read_rules(in, each, to, draft.fallbacks);
    } else if (name == "context_window_fallbacks") {
        read_rules(in, each, to, draft.context_window_fallbacks);
    } else if (name == "content_policy_fallbacks") {
        read_rules(in, each, to, draft.content_policy_fallbacks);
    } else if (name == "default_fallbacks") {
        if (!each.node.IsNull()) {
            read_targets(in, each.node, "default_fallbacks", to, draft.default_fallbacks);
        }
    } else if (name == "routing_strategy_args") {
        in.read(section::strategy_args, each.node, {to}, no_visit);
    } else if (name == "retry_policy") {
        in.read(section::retry_policy, each.node, {.all = to, .retries = &to.gateway.router.retries},
                no_visit);
    } else if (name == "model_group_retry_policy") {
        read_group_retries(in, each.node, to, draft);
    } else if (name == "allowed_fails_policy") {
        in.read(section::allowed_fails_policy, each.node, {to}, no_visit);
    } else if (name == "model_group_alias") {
        read_aliases(in, each.node, to, draft);
    } else if (name == "hedge") {
        read_hedge(in, each, to);
    } else if (name == "retry_budget") {
        in.read(section::retry_budget, each.node, {to}, no_visit);
    } else if (name == "admission") {
        read_admission(in, each, to, draft);
    } else if (name == "model_cost_map") {
        read_price_file(in, each, to);
    } else {
        read_money_member(in, name, each, to);
    }
}

} // namespace

void read_routing_section(reader& in, section where, YAML::Node const& node, settings& to,
                          routing_draft& draft)
{
    in.read(
        where, node,
        {.all = to, .routing = &draft.wishes, .budget = &draft.money.all_calls, .terms = &draft.money.users},
        [&](key const& row, member const& each) { read_member(in, row.name, each, to, draft); });
}

void settle_wishes(routing_wishes const& wishes, router_options& to)
{
    using limit = admission_options::limit;
    if (wishes.background_health_checks) {
        to.health_check_interval = wishes.background_interval;
    }
    to.health_check_interval = wishes.health_check_interval.value_or(to.health_check_interval);
    to.admission.fixed = wishes.max_parallel.value_or(wishes.default_max_parallel_requests.value_or(0));
    to.admission.kind = wishes.limit.value_or(to.admission.fixed != 0 ? limit::fixed : limit::none);
}

} // namespace cogate::config
