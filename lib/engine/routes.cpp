#include "lib/engine/routes.hpp"

#include "lib/core/words.hpp"
#include "lib/engine/custom_strategy.hpp"

#include <algorithm>
#include <stdexcept>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace cogate::engine {
namespace {

/// Nano-dollars per million tokens of the newest price list.
std::optional<std::int64_t> token_price(served_deployment const& served, meter what)
{
    model_facts const* const facts = served.own_facts.get();
    if (facts == nullptr || facts->price_lists.empty()) {
        return std::nullopt;
    }
    for (rate const& each : facts->price_lists.back().rates) {
        if (each.what == what && each.tier == service_tier::standard && each.above == 0) {
            return each.price.picos() * 1'000;
        }
    }
    return std::nullopt;
}

policy::lane_limits limits_of(deployment const& given, served_deployment const& served)
{
    return {.id = served.id,
            .provider = std::string(served.provider->name),
            .weight = given.weight,
            .rpm = given.rpm,
            .tpm = given.tpm,
            .max_parallel = given.max_parallel_requests,
            .order = given.order,
            .tags = given.tags,
            .max_input_tokens = given.max_input_tokens,
            .input_cost = given.input_cost ? given.input_cost : token_price(served, meter::input_token),
            .output_cost = given.output_cost ? given.output_cost : token_price(served, meter::output_token),
            .cooldown_time = given.cooldown_time};
}

} // namespace

routes::routes(gateway_options const& options, network_transport const& network, routes const* before)
    : router_(options.router), from_environment_(options.providers_from_environment)
{
    auto const own = std::find_if(options.strategies.begin(), options.strategies.end(),
                                  [&](auto const& each) { return each->name() == router_.strategy; });
    strategy_ =
        own != options.strategies.end() ? adapt(*own) : policy::make_strategy(router_.strategy, router_);
    if (!strategy_) {
        throw std::invalid_argument("router: there is no routing strategy '" + router_.strategy + "'");
    }
    add_deployments(options, network);
    add_prices(options);
    add_lanes(options, before);
    add_groups(options);
}

void routes::add_deployments(gateway_options const& options, network_transport const& network)
{
    std::unordered_set<std::string_view> ids;
    for (cogate::deployment const& given : options.deployments) {
        deployments_.push_back(resolve(given, options, network));
        deployments_.back().blocked = given.blocked;
        served_deployment const& served = deployments_.back();
        if (!ids.insert(served.id).second) {
            throw std::invalid_argument("deployment '" + served.model_name + "': the id '" + served.id +
                                        "' is used twice; give model_info.id");
        }
    }
    std::vector<served_deployment> services;
    for (providers::provider const& row : providers::all_providers()) {
        auto served = resolve_from_environment(row, options, network);
        if (!served) {
            continue;
        }
        if (options.providers_from_environment) {
            deployments_.push_back(std::move(*served));
        } else if (row.local == nullptr) {
            services.push_back(std::move(*served));
        }
    }
    named_ = deployments_.size();
    for (served_deployment& each : services) {
        deployments_.push_back(std::move(each));
    }
}

void routes::add_lanes(gateway_options const& options, routes const* before)
{
    std::unordered_map<std::string_view, int> group_size;
    for (std::size_t i = 0; i != named_; ++i) {
        ++group_size[deployments_[i].model_name];
    }
    for (std::size_t i = 0; i != deployments_.size(); ++i) {
        served_deployment& served = deployments_[i];
        cogate::deployment const given =
            i < options.deployments.size() ? options.deployments[i] : cogate::deployment{};
        policy::lane_limits limits = limits_of(given, served);
        served_deployment const* old = nullptr;
        if (before != nullptr) {
            auto const same =
                std::find_if(before->deployments_.begin(), before->deployments_.end(),
                             [&](served_deployment const& each) { return each.id == served.id; });
            old = same != before->deployments_.end() ? &*same : nullptr;
        }
        if (old != nullptr && old->lane->limits() == limits && before->router_ == options.router) {
            served.lane = old->lane;
            continue;
        }
        router_options router = options.router;
        // With nobody to take its place, a deployment that rests only makes calls fail sooner.
        bool const alone =
            group_size[served.model_name] < 2 && router.fallbacks.empty() && router.default_fallbacks.empty();
        router.disable_cooldowns = router.disable_cooldowns || alone;
        served.lane = std::make_shared<policy::lane>(std::move(limits), router);
    }
}

void routes::add_groups(gateway_options const& options)
{
    for (std::size_t i = 0; i != named_; ++i) {
        auto const index = static_cast<policy::deployment_index>(i);
        if (!(i < options.deployments.size() && options.deployments[i].blocked)) {
            names_.add(deployments_[i].model_name, index);
            names_.add_id(deployments_[i].id, index);
        }
    }
    for (group_alias const& alias : router_.aliases) {
        names_.add_alias(alias.name, alias.group, alias.hidden);
    }
    for (std::size_t i = 0; i != names_.size(); ++i) {
        policy::route_table::group_entry const& entry = names_.group(i);
        groups_.push_back({make_group(entry.name, entry.deployments), {}});
    }
    for (auto const* rules :
         {&router_.fallbacks, &router_.context_window_fallbacks, &router_.content_policy_fallbacks}) {
        for (fallback_rule const& rule : *rules) {
            name_matches(rule.to);
        }
    }
    name_matches(router_.default_fallbacks);
    policy::group_finder const finder = [this](std::string_view name) { return find_group(name); };
    for (planned& each : groups_) {
        each.plan = policy::make_plan(router_, *each.group, finder,
                                      std::make_shared<policy::hedge_budget>(router_.hedge));
    }
    for (auto const* rules :
         {&router_.fallbacks, &router_.context_window_fallbacks, &router_.content_policy_fallbacks}) {
        for (fallback_rule const& rule : *rules) {
            add_plan_of_name(rule.group, finder);
        }
    }
    for (auto const& [name, policy] : router_.group_retries) {
        add_plan_of_name(name, finder);
    }
    for (group_alias const& alias : router_.aliases) {
        add_plan_of_name(alias.name, finder); // its group's name may be one that a pattern serves
    }
    for (std::size_t i = 0; i != deployments_.size(); ++i) {
        planned one{make_group(deployments_[i].id, {static_cast<policy::deployment_index>(i)}), {}};
        one.plan = policy::make_plan(router_, *one.group, finder, nullptr);
        alone_.push_back(std::move(one));
    }
}

void routes::add_plan_of_name(std::string const& name, policy::group_finder const& finder)
{
    std::optional<policy::route> const found = names_.find(name);
    if (!found || found->name == name || policy::is_pattern(name) || named_plans_.contains(name)) {
        return;
    }
    planned const& group = groups_[found->group];
    std::vector<std::string_view> const names = names_.rule_names(name);
    named_plans_.emplace(name, policy::make_plan(router_, *group.group, {names.begin(), names.end()}, finder,
                                                 group.plan.hedges));
}

// A fallback that a pattern serves gets a group of its own: its name says which model is meant.
void routes::name_matches(std::vector<std::string> const& names)
{
    for (std::string const& name : names) {
        std::optional<policy::route> const found = names_.find(name);
        if (found && !found->wildcard.empty()) {
            matched_.try_emplace(name, make_group(name, *found->deployments));
        }
    }
}

std::unique_ptr<policy::group> routes::make_group(std::string name,
                                                  std::vector<policy::deployment_index> const& which) const
{
    std::vector<policy::member> members;
    for (policy::deployment_index const index : which) {
        members.push_back({index, deployments_[index].lane.get()});
    }
    std::vector<std::string> served_by;
    for (std::string_view const each : names_.rule_names(name)) {
        if (each != name) {
            served_by.emplace_back(each);
        }
    }
    return std::make_unique<policy::group>(std::move(name), std::move(members), strategy_, router_,
                                           std::move(served_by));
}

policy::group* routes::find_group(std::string_view name) const
{
    std::optional<policy::route> const found = names_.find(name);
    if (!found) {
        return nullptr;
    }
    if (auto const matched = matched_.find(std::string(name)); matched != matched_.end()) {
        return matched->second.get();
    }
    return groups_[found->group].group.get();
}

result<routes::way> routes::find(std::string_view model) const
{
    std::optional<policy::route> const found = names_.find(model);
    if (!found) {
        return failure{error_kind::not_found, why_not_found(model)}
            .with_code("model_not_found")
            .with_param("model");
    }
    if (!named_plans_.empty() && found->name != model) {
        if (auto const own = named_plans_.find(model); own != named_plans_.end()) {
            return way{&own->second, found->pinned, model};
        }
    }
    return way{&groups_[found->group].plan, found->pinned, model};
}

result<routes::way> routes::only(served_deployment const& served, std::string_view model) const
{
    auto const place = std::find_if(deployments_.begin(), deployments_.end(),
                                    [&](served_deployment const& each) { return each.id == served.id; });
    if (place == deployments_.end()) {
        return failure{error_kind::not_found, "The deployment '" + served.id + "' is served no more."}
            .with_code("model_not_found")
            .with_param("model");
    }
    return way{&alone_[static_cast<std::size_t>(place - deployments_.begin())].plan, true, model};
}

result<std::unique_ptr<routes::own_plan>> routes::with(way const& from, routing_options const& asked) const
{
    auto own = std::make_unique<own_plan>();
    policy::call_overrides wishes;
    wishes.num_retries = asked.num_retries;
    wishes.disable_fallbacks = asked.disable_fallbacks;
    wishes.race = asked.race;
    wishes.disable_hedging = asked.hedge.has_value() && !*asked.hedge;
    if (!asked.fallbacks.empty()) {
        wishes.fallbacks = asked.fallbacks;
    }
    for (std::string const& name : asked.fallbacks) {
        std::optional<policy::route> const found = names_.find(name);
        if (!found) {
            return failure{error_kind::invalid_request, why_not_found(name)}
                .with_code("model_not_found")
                .with_param("fallbacks");
        }
        if (!found->wildcard.empty()) {
            own->groups.push_back(make_group(name, *found->deployments));
        }
    }
    policy::group_finder const finder = [this, &own](std::string_view name) {
        for (std::unique_ptr<policy::group> const& each : own->groups) {
            if (each->name() == name) {
                return each.get();
            }
        }
        return find_group(name);
    };
    own->plan = policy::overridden(*from.plan, router_, finder, wishes);
    return own;
}

std::string routes::upstream_model(way const& from, policy::group const& in,
                                   served_deployment const& served) const
{
    std::string_view const name = &in == from.plan->first ? from.name : std::string_view(in.name());
    std::optional<policy::route> const found = names_.find(name);
    if (!found) {
        return policy::is_pattern(served.upstream) ? std::string(name) : served.upstream;
    }
    return served.upstream_model(found->wildcard);
}

result<routes::target> routes::example(std::string_view model) const
{
    result<way> const found = find(model);
    if (!found) {
        return found.error();
    }
    policy::group const& first = *found->plan->first;
    served_deployment const& served = deployments_[first.members().front().deployment];
    return target{&served, upstream_model(*found, first, served)};
}

served_deployment const* routes::service(std::string_view provider, std::string_view model) const noexcept
{
    served_deployment const* first = nullptr;
    for (served_deployment const& each : deployments_) {
        if (each.blocked || each.provider->name != provider) {
            continue;
        }
        if (each.upstream == model) {
            return &each;
        }
        first = first == nullptr ? &each : first;
    }
    return first;
}

std::vector<std::string> routes::names_of(std::string_view provider, std::string_view model) const
{
    std::vector<std::string> out;
    auto const add = [&out](std::string name) {
        if (std::find(out.begin(), out.end(), name) == out.end()) {
            out.push_back(std::move(name));
        }
    };
    for (std::size_t i = 0; i != named_; ++i) {
        served_deployment const& each = deployments_[i];
        if (each.blocked || each.provider->name != provider) {
            continue;
        }
        std::optional<std::string_view> const wildcard = policy::match_pattern(each.upstream, model);
        if (each.upstream == model || wildcard) {
            add(policy::fill_pattern(each.model_name, wildcard.value_or(model)));
        }
    }
    add(std::string(provider).append(1, '/').append(model));
    add(std::string(model));
    return out;
}

std::string routes::why_not_found(std::string_view model) const
{
    std::string text = "The model '" + std::string(model.substr(0, 200)) + "' is not served here.";
    if (std::size_t const slash = model.find('/'); slash != std::string_view::npos) {
        providers::provider const* row = providers::find_provider(model.substr(0, slash));
        if (row != nullptr && from_environment_ && !row->key_variables.empty()) {
            return text + " To serve it, set the environment variable " +
                   std::string(core::first_word(row->key_variables)) + ".";
        }
    }
    text += " See GET /v1/models for the names.";
    return text;
}

std::vector<model> routes::models() const
{
    std::vector<model> out;
    std::unordered_set<std::string_view> seen;
    for (std::size_t i = 0; i != named_; ++i) {
        served_deployment const& served = deployments_[i];
        if (seen.insert(served.model_name).second) {
            out.push_back({served.model_name, std::string(served.provider->name), served.upstream, 0});
        }
    }
    for (group_alias const& alias : router_.aliases) {
        result<target> const named = example(alias.group);
        if (!alias.hidden && named && seen.insert(alias.name).second) {
            out.push_back(
                {alias.name, std::string(named->deployment->provider->name), named->deployment->upstream, 0});
        }
    }
    return out;
}

} // namespace cogate::engine
