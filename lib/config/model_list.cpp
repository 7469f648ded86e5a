#include "lib/config/model_list.hpp"

#include "lib/core/text.hpp"
#include "lib/wire/header.hpp"
#include "lib/core/words.hpp"
#include "providers/registry.hpp"

#include <algorithm>
#include <map>

namespace cogate::config {

namespace {

std::optional<std::string_view> near_provider(std::string_view name)
{
    std::vector<std::string_view> names;
    for (providers::provider const& row : providers::all_providers()) {
        names.push_back(row.name);
    }
    return core::nearest(name, names);
}

std::string_view prefix_of(std::string_view model)
{
    auto const parts = core::split_once(model, '/');
    return parts ? parts->first : std::string_view{};
}

/// LiteLLM knows OpenAI's models without their prefix.
bool is_openai_model(std::string_view model)
{
    for (std::string_view const start : {"gpt-", "chatgpt-", "o1", "o3", "o4", "text-embedding-"}) {
        if (model.starts_with(start)) {
            return true;
        }
    }
    return false;
}

/// Makes `model` "provider/model" with a provider of the table; reports and gives nullptr when it cannot be.
/// A bare name behind an `api_base` stays: any OpenAI-compatible service may be there.
providers::provider const* settle_provider(reader& in, YAML::Mark const& at, draft& entry)
{
    std::string& model = entry.out.model;
    std::string_view const prefix = prefix_of(model);
    bool const bare = entry.provider.empty() && providers::find_provider(prefix) == nullptr;
    if (bare && entry.out.api_base.empty() && is_openai_model(model)) {
        entry.provider = "openai";
    }
    if (!entry.provider.empty() && prefix != entry.provider) {
        model = entry.provider + '/' + model;
    }
    std::string const name(prefix_of(model));
    if (!entry.out.api_base.empty() && providers::find_provider(name) == nullptr && entry.provider.empty()) {
        return providers::find_provider("openai_compatible");
    }
    if (name.empty()) {
        in.error(at, "model '" + model + "' names no provider: write provider/model, for example openai/" +
                         model);
        return nullptr;
    }
    providers::provider const* const row = providers::find_provider(name);
    if (row == nullptr) {
        auto const near = near_provider(name);
        in.error(at, "unknown provider '" + name + "' in model '" + model + "'" +
                         (near ? "; did you mean '" + std::string(*near) + "'?"
                               : "; `cogate models --providers` lists them"));
    }
    return row;
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

/// An empty variable counts as none, as it does for the engine.
bool is_set(settings const& to, std::string_view variables)
{
    std::vector<std::string_view> const names = core::words(variables);
    return std::any_of(names.begin(), names.end(), [&](std::string_view name) {
        return !to.gateway.environment(std::string(name)).value_or("").empty();
    });
}

void check_reachable(reader& in, YAML::Mark const& at, settings const& to, providers::provider const& row,
                     deployment const& out)
{
    bool const has_base = !out.api_base.empty() || is_set(to, row.base_variables);
    if (!has_base && row.base_url.empty()) {
        in.error(at, "provider '" + std::string(row.name) + "' has no URL of its own: give api_base");
    }
    if (out.api_key.empty() && out.api_base.empty() && !row.key_variables.empty() &&
        !is_set(to, row.key_variables)) {
        in.error(at, "no key for '" + out.model_name + "': set " + std::string(core::first_word(row.key_variables)) +
                         " or give api_key");
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
    at.entry = node.Mark();
    auto const visit_params = [&](key const& row, member const& each) {
        if (row.name == "extra_headers") {
            read_headers(in, each.node, entry);
        } else if (row.name == "model") {
            at.model = each.node.Mark();
        }
    };
    auto const visit_info = [&](key const& row, member const& each) {
        if (row.name == "id") {
            at.id = each.node.Mark();
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
    providers::provider const* const row = settle_provider(in, at.model, entry);
    if (row == nullptr) {
        return false;
    }
    check_reachable(in, at.model, to, *row, out);
    if (entry.timeout || entry.stream_timeout) {
        cogate::deadlines own = to.gateway.deadlines;
        apply_timeouts(own, entry.timeout, entry.stream_timeout);
        out.deadlines = own;
    }
    return true;
}

} // namespace

void read_model_list(reader& in, YAML::Node const& list, settings& to)
{
    if (list.IsNull()) {
        return;
    }
    if (!list.IsSequence()) {
        in.error(list.Mark(), "model_list must be a list: each entry begins with '- model_name: ...'");
        return;
    }
    std::map<std::string, YAML::Mark> ids;
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
            to.gateway.deployments.push_back(std::move(entry.out));
        }
    }
    in.soften(false);
}

} // namespace cogate::config
