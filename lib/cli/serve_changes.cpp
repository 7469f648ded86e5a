#include "lib/cli/serve_changes.hpp"

#include "lib/core/secret.hpp"

#include <algorithm>
#include <string_view>
#include <tuple>
#include <utility>

namespace cogate::cli {

namespace {

bool equal(secret const& a, secret const& b)
{
    return core::constant_time_equal(a.reveal(), b.reveal());
}

auto name_of(deployment const& one)
{
    return one.id.empty() ? std::tie(one.model_name, one.model, one.api_base)
                          : std::tie(one.id, one.id, one.id);
}

bool equal(deployment const& a, deployment const& b)
{
    auto const plain = [](deployment const& one) {
        return std::tie(one.model_name, one.model, one.api_base, one.id, one.deadlines, one.headers,
                        one.parameters, one.weight, one.rpm, one.tpm, one.max_parallel_requests, one.order,
                        one.tags, one.max_input_tokens, one.cooldown_time, one.input_cost, one.output_cost,
                        one.prices, one.base_model, one.access_groups, one.blocked);
    };
    return plain(a) == plain(b) && equal(a.api_key, b.api_key) &&
           std::equal(
               a.settings.begin(), a.settings.end(), b.settings.begin(), b.settings.end(),
               [](auto const& x, auto const& y) { return x.first == y.first && equal(x.second, y.second); });
}

std::string describe(deployment const& one)
{
    std::string out = one.model_name + " (" + one.model;
    if (!one.api_base.empty()) {
        out += " at " + one.api_base;
    }
    return out + (one.id.empty() ? ")" : ", id " + one.id + ')');
}

void compare_deployments(std::vector<deployment> const& before, std::vector<deployment> const& after,
                         config_changes& out)
{
    auto const find_in = [](std::vector<deployment> const& where, deployment const& what) {
        return std::find_if(where.begin(), where.end(),
                            [&](deployment const& each) { return name_of(each) == name_of(what); });
    };
    for (deployment const& each : after) {
        auto const old = find_in(before, each);
        if (old == before.end()) {
            out.added.push_back(describe(each));
        } else if (!equal(*old, each)) {
            out.changed.push_back(describe(each));
        }
    }
    for (deployment const& each : before) {
        if (find_in(after, each) == after.end()) {
            out.removed.push_back(describe(each));
        }
    }
}

void compare_gateways(gateway_options const& before, gateway_options const& after, config_changes& out)
{
    compare_deployments(before.deployments, after.deployments, out);
    auto const note = [&out](bool differs, char const* what) {
        if (differs) {
            out.others.emplace_back(what);
        }
    };
    note(before.providers_from_environment != after.providers_from_environment,
         "providers from the environment");
    note(!(before.router == after.router), "routing");
    note(!(before.deadlines == after.deadlines), "timeouts");
    note(!(before.parameters == after.parameters), "parameter rules");
    note(before.ca_file != after.ca_file, "certificate authorities");
    note(before.price_map != after.price_map, "prices");
    note(before.max_event_bytes != after.max_event_bytes, "the size of an event");
}

bool equal(config::inbound_limits const& a, config::inbound_limits const& b)
{
    auto const all = [](config::inbound_limits const& one) {
        return std::tie(one.head_bytes, one.body_bytes, one.head_time, one.body_time, one.idle_time,
                        one.write_stall, one.connections);
    };
    return all(a) == all(b);
}

bool equal(config::ledger_settings const& a, config::ledger_settings const& b)
{
    auto const plain = [](config::ledger_settings const& one) {
        return std::tie(one.acknowledge, one.durability, one.recovery, one.allow_unpriced, one.database_url);
    };
    return plain(a) == plain(b);
}

bool same_budgets(config::ledger_settings const& a, config::ledger_settings const& b)
{
    auto const plain = [](config::ledger_settings const& one) {
        return std::tie(one.end_user_budget, one.end_user_budget_id);
    };
    return plain(a) == plain(b) &&
           std::equal(
               a.budgets.begin(), a.budgets.end(), b.budgets.begin(), b.budgets.end(),
               [](auto const& x, auto const& y) { return x.owner == y.owner && x.terms == y.terms; }) &&
           std::equal(a.deployment_budgets.begin(), a.deployment_budgets.end(), b.deployment_budgets.begin(),
                      b.deployment_budgets.end(),
                      [](auto const& x, auto const& y) { return x.index == y.index && x.terms == y.terms; });
}

void compare_terms(config::settings const& before, config::settings const& after, config_changes& out)
{
    auto const terms = [](config::key_settings const& one) {
        return std::tie(one.defaults, one.bounds, one.user_defaults);
    };
    auto const note = [&out](bool differs, char const* what) {
        if (differs) {
            out.others.emplace_back(what);
        }
    };
    note(!same_budgets(before.ledger, after.ledger), "budgets");
    note(terms(before.keys) != terms(after.keys), "terms of new keys");
    note(!(before.keys.limits == after.keys.limits), "how many keys and others there may be");
}

void compare_servers(config::settings const& before, config::settings const& after, config_changes& out)
{
    auto const note = [&out](bool differs, char const* what) {
        if (differs) {
            out.fixed.emplace_back(what);
        }
    };
    note(before.host != after.host, "host");
    note(before.port != after.port, "port");
    note(before.workers != after.workers, "workers");
    note(!equal(before.master_key, after.master_key), "master_key");
    note(!equal(before.limits, after.limits), "limits");
    note(before.drain_grace != after.drain_grace, "drain_grace");
    note(before.access_log != after.access_log, "access_log");
    note(before.data != after.data, "data");
    note(!equal(before.ledger, after.ledger), "the ledger");
    note(!equal(before.keys.pepper, after.keys.pepper), "key_pepper");
    note(before.cost_in_streams != after.cost_in_streams, "include_cost_in_streaming_usage");
    gateway_options const& a = before.gateway;
    gateway_options const& b = after.gateway;
    note(std::tie(a.max_idle_connections_per_origin, a.idle_connection_lifetime) !=
             std::tie(b.max_idle_connections_per_origin, b.idle_connection_lifetime),
         "idle connections");
    note(a.max_response_bytes != b.max_response_bytes, "the size of an answer");
}

void add_lines(std::string& out, char const* sign, std::vector<std::string> const& items)
{
    for (std::string const& each : items) {
        out.append("  ").append(sign).append(" ").append(each).append("\n");
    }
}

std::string joined(std::vector<std::string> const& items)
{
    std::string out;
    for (std::string const& each : items) {
        out += (out.empty() ? "" : ", ") + each;
    }
    return out;
}

} // namespace

config_changes compare(config::settings const& before, config::settings const& after)
{
    config_changes out;
    compare_gateways(before.gateway, after.gateway, out);
    compare_terms(before, after, out);
    compare_servers(before, after, out);
    return out;
}

std::string to_text(config_changes const& what, std::string const& file)
{
    std::string out = "cogate serve: " + file + " was read anew: ";
    out += std::to_string(what.added.size()) + " deployments added, " + std::to_string(what.removed.size()) +
           " removed, " + std::to_string(what.changed.size()) + " changed\n";
    add_lines(out, "+", what.added);
    add_lines(out, "-", what.removed);
    add_lines(out, "~", what.changed);
    if (!what.others.empty()) {
        out += "  also changed: " + joined(what.others) + '\n';
    }
    if (!what.fixed.empty()) {
        out += "  only a restart changes: " + joined(what.fixed) + '\n';
    }
    return out;
}

} // namespace cogate::cli
