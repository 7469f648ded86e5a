#include "lib/engine/kernel.hpp"

#include "lib/core/words.hpp"

#include <unordered_set>
#include <utility>

namespace cogate::engine {

kernel::kernel(gateway_options options, network_transport network)
    : options_(std::move(options)), observers_(std::make_shared<observer_hub>(options_.observers))
{
    for (cogate::deployment const& given : options_.deployments) {
        deployments_.push_back(resolve(given, options_, network));
    }
    std::unordered_set<std::string_view> ids;
    for (served_deployment const& served : deployments_) {
        if (!ids.insert(served.id).second) {
            throw std::invalid_argument("deployment '" + served.model_name + "': the id '" + served.id +
                                        "' is used twice; give model_info.id");
        }
    }
    if (options_.providers_from_environment) {
        for (providers::provider const& row : providers::all_providers()) {
            if (auto served = resolve_from_environment(row, options_, network)) {
                deployments_.push_back(std::move(*served));
            }
        }
    }
    for (providers::provider const& row : providers::all_providers()) {
        if (service(row.name) == nullptr && row.local == nullptr) {
            if (auto served = resolve_from_environment(row, options_, network)) {
                services_.push_back(std::move(*served));
            }
        }
    }
    for (std::size_t i = 0; i != deployments_.size(); ++i) {
        routes_.add(deployments_[i].model_name, static_cast<policy::deployment_index>(i));
    }
}

result<kernel::target> kernel::find(std::string_view model) const
{
    std::optional<policy::route> const route = routes_.find(model);
    if (!route) {
        return failure{error_kind::not_found, why_not_found(model)}
            .with_code("model_not_found")
            .with_param("model");
    }
    policy::deployment_index const chosen = route->deployments->front();
    served_deployment const& served = deployments_[chosen];
    return target{&served, chosen, served.upstream_model(route->wildcard)};
}

served_deployment const* kernel::service(std::string_view provider) const noexcept
{
    for (auto const* list : {&deployments_, &services_}) {
        for (served_deployment const& served : *list) {
            if (served.provider->name == provider) {
                return &served;
            }
        }
    }
    return nullptr;
}

std::string kernel::why_not_found(std::string_view model) const
{
    std::string text = "The model '" + std::string(model.substr(0, 200)) + "' is not served here.";
    if (std::size_t const slash = model.find('/'); slash != std::string_view::npos) {
        providers::provider const* row = providers::find_provider(model.substr(0, slash));
        if (row != nullptr && options_.providers_from_environment && !row->key_variables.empty()) {
            return text + " To serve it, set the environment variable " +
                   std::string(core::first_word(row->key_variables)) + ".";
        }
    }
    text += " See GET /v1/models for the names.";
    return text;
}

std::vector<model> kernel::models() const
{
    std::vector<model> out;
    std::unordered_set<std::string_view> seen;
    for (served_deployment const& served : deployments_) {
        if (seen.insert(served.model_name).second) {
            out.push_back({served.model_name, std::string(served.provider->name), served.upstream, 0});
        }
    }
    return out;
}

} // namespace cogate::engine
