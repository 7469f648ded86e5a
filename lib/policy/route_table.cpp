#include "lib/policy/route_table.hpp"

#include <algorithm>

namespace cogate::policy {

void route_table::add(std::string_view model_name, deployment_index deployment)
{
    if (!is_pattern(model_name)) {
        auto const place = exact_.try_emplace(std::string(model_name)).first;
        place->second.push_back(deployment);
        return;
    }
    std::string_view const prefix = model_name.substr(0, model_name.size() - 1);
    auto const same = std::find_if(patterns_.begin(), patterns_.end(),
                                   [&](pattern const& p) { return p.prefix == prefix; });
    if (same != patterns_.end()) {
        same->deployments.push_back(deployment);
        return;
    }
    auto const place = std::find_if(patterns_.begin(), patterns_.end(),
                                    [&](pattern const& p) { return p.prefix.size() < prefix.size(); });
    patterns_.insert(place, pattern{std::string(prefix), {deployment}});
}

std::optional<route> route_table::find(std::string_view model) const
{
    if (auto const found = exact_.find(model); found != exact_.end()) {
        return route{&found->second, {}};
    }
    for (pattern const& p : patterns_) {
        if (model.size() > p.prefix.size() && model.starts_with(p.prefix)) {
            return route{&p.deployments, model.substr(p.prefix.size())};
        }
    }
    return std::nullopt;
}

} // namespace cogate::policy
