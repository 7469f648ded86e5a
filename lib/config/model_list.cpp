#include "lib/config/model_list.hpp"

#include "lib/config/money.hpp"
#include "lib/config/prices.hpp"
#include "lib/core/text.hpp"
#include "lib/wire/header.hpp"
#include "providers/resolve.hpp"

#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <vector>

namespace cogate::config {

namespace {

/// Puts LiteLLM's custom_llm_provider in front of the model, where it is not there yet.
void add_provider(draft& entry)
{
    auto const parts = core::split_once(entry.out.model, '/');
    if (!entry.provider.empty() && (!parts || parts->first != entry.provider)) {
        entry.out.model = entry.provider + '/' + entry.out.model;
    }
}

void read_headers(reader& in, YAML::Node const& node, draft& entry)
{
    for (member const& each : in.members(node, "extra_headers")) {
        if (!wire::valid_field_name(each.name)) {
            in.error(each.mark, "'" + each.name + "' is not a header name");
        } else if (auto value = in.text(each.node, "header " + each.name)) {
            entry.out.headers.emplace_back(each.name, *std::move(value));
        }
    }
}

/// Zero is how the engine says "not given", where LiteLLM means "never".
void check_weight(reader& in, member const& weight, draft const& entry)
{
    if (weight.node.IsScalar() && entry.out.weight == 0) {
        in.warn(weight.node.Mark(),
                "weight: zero counts as not given; model_info.blocked keeps a deployment from being asked");
    }
}

/// Everything that the engine will look for must be there: the service, its key, URL and settings.
void check_reachable(reader& in, YAML::Mark const& at, settings const& to, deployment const& out)
{
    providers::service_request const wanted{
        .model = out.model, .api_base = out.api_base, .api_key = out.api_key, .settings = out.settings};
    if (auto const found = providers::resolve_service(wanted, to.gateway.environment); !found) {
        in.error(at, found.error()->message);
    }
    if (out.model.ends_with('*') && !out.model_name.ends_with('*')) {
        in.error(at, "model '" + out.model + "' stands for many: its model_name must end in '*', too");
    }
}

/// The members of an entry that the checks after reading need again.
struct places {
    YAML::Mark entry = YAML::Mark::null_mark();
    YAML::Mark model = YAML::Mark::null_mark();
    YAML::Mark id = YAML::Mark::null_mark();
};

void read_entry(reader& in, YAML::Node const& node, settings& to, draft& entry, places& at)
{
    target const dest{to, &entry};
    std::size_t const faults = in.faults();
    at.entry = node.Mark();
    auto const visit_params = [&](key const& row, member const& each) {
        if (row.name == "extra_headers") {
            read_headers(in, each.node, entry);
        } else if (row.name == "additional_drop_params") {
            in.names(each.node, "additional_drop_params", entry.out.parameters.additional_drop_params);
        } else if (row.name == "allowed_openai_params") {
            in.names(each.node, "allowed_openai_params", entry.out.parameters.allowed_openai_params);
        } else if (row.name == "tags") {
            if (!each.node.IsNull()) {
                in.names(each.node, "tags", entry.out.tags);
            }
        } else if (row.name == "weight" && in.faults() == faults) {
            check_weight(in, each, entry);
        } else if (row.type == value_type::price) {
            read_price(in, row, each, entry.prices);
        } else if (row.name == "model") {
            at.model = each.node.Mark();
        }
    };
    auto const visit_info = [&](key const& row, member const& each) {
        if (row.name == "id") {
            at.id = each.node.Mark();
        } else if (row.type == value_type::price) {
            read_price(in, row, each, entry.info_prices);
        } else if (row.name == "access_groups" && !each.node.IsNull()) {
            in.names(each.node, "access_groups", entry.out.access_groups);
        }
    };
    in.read(section::model, node, dest, [&](key const& row, member const& each) {
        if (row.name == "litellm_params") {
            in.read(section::litellm_params, each.node, dest, visit_params);
        } else if (row.name == "model_info") {
            in.read(section::model_info, each.node, dest, visit_info);
        }
    });
}

bool finish_entry(reader& in, settings const& to, draft& entry, places const& at)
{
    deployment& out = entry.out;
    if (out.model_name.empty()) {
        in.error(at.entry, "this deployment has no model_name");
    }
    if (out.model.empty()) {
        in.error(at.entry, "this deployment has no litellm_params.model");
        return false;
    }
    add_provider(entry);
    check_reachable(in, at.model, to, out);
    if (entry.timeout || entry.stream_timeout) {
        cogate::deadlines own = to.gateway.deadlines;
        apply_timeouts(own, entry.timeout, entry.stream_timeout);
        out.deadlines = own;
    }
    settle_prices(entry);
    if (out.base_model.empty()) {
        out.base_model = std::move(entry.base_model);
    }
    return true;
}

/// Orders by group: where one entry has an order, those without come last, as with LiteLLM.
void settle_orders(settings& to, std::vector<std::optional<int>> const& orders)
{
    std::set<std::string_view> ordered;
    for (std::size_t i = 0; i != orders.size(); ++i) {
        if (orders[i]) {
            ordered.insert(to.gateway.deployments[i].model_name);
        }
    }
    for (std::size_t i = 0; i != orders.size(); ++i) {
        deployment& each = to.gateway.deployments[i];
        if (ordered.contains(each.model_name)) {
            each.order = orders[i].value_or(std::numeric_limits<int>::max());
        }
    }
}

} // namespace

void read_model_list(reader& in, YAML::Node const& list, settings& to, policy::route_table& groups)
{
    if (list.IsNull()) {
        return;
    }
    if (!list.IsSequence()) {
        in.error(list.Mark(), "model_list must be a list: each entry begins with '- model_name: ...'");
        return;
    }
    std::map<std::string, YAML::Mark> ids;
    std::vector<std::optional<int>> orders;
    in.soften(to.ignore_invalid_deployments);
    for (YAML::Node const& node : list) {
        std::size_t const faults = in.faults();
        draft entry;
        places at;
        read_entry(in, node, to, entry, at);
        if (in.faults() == faults && entry.out.model_name == "*" && entry.out.model == "*") {
            // LiteLLM's "any model of any provider" is what runs without a model_list.
            to.gateway.providers_from_environment = true;
            continue;
        }
        if (!entry.out.model_name.empty()) {
            groups.add(entry.out.model_name, policy::no_deployment);
        }
        groups.add_id(entry.out.id, policy::no_deployment);
        bool const whole = in.faults() == faults && finish_entry(in, to, entry, at) && in.faults() == faults;
        if (whole && !entry.out.id.empty()) {
            auto const [other, fresh] = ids.try_emplace(entry.out.id, at.id);
            if (!fresh) {
                in.error(at.id,
                         "id '" + entry.out.id + "' is taken by the deployment in " + line_of(other->second));
                continue;
            }
        }
        if (whole) {
            auto const budget = make_budget(in, at.entry, "budget_duration", entry.budget);
            if (budget) {
                to.ledger.deployment_budgets.push_back({to.gateway.deployments.size(), *budget});
            }
            orders.push_back(entry.order);
            to.gateway.deployments.push_back(std::move(entry.out));
        }
    }
    in.soften(false);
    settle_orders(to, orders);
}

} // namespace cogate::config
