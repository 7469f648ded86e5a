#include "lib/policy/simulation/world.hpp"

#include "lib/core/hash.hpp"

#include <algorithm>
#include <utility>

namespace cogate::policy::simulation {

world::world(input const& from, std::shared_ptr<strategy const> const& how) : from_(from)
{
    std::vector<std::pair<std::string_view, std::vector<member>>> names;
    for (std::size_t i = 0; i != from.lanes.size(); ++i) {
        scripted_lane const& one = from.lanes[i];
        lanes_.push_back(std::make_unique<lane>(one.limits, from.options));
        scripts_.emplace_back(one, core::hash64(one.id, from.seed));
        auto place =
            std::find_if(names.begin(), names.end(), [&](auto const& n) { return n.first == one.group; });
        if (place == names.end()) {
            place = names.insert(names.end(), {one.group, {}});
        }
        place->second.push_back({static_cast<deployment_index>(i), lanes_.back().get()});
    }
    for (auto& [name, members] : names) {
        served_group& next = groups_.emplace_back();
        next.live = std::make_unique<group>(std::string(name), std::move(members), how, from.options);
    }
    for (served_group& one : groups_) {
        auto const group_of = [this](std::string_view name) -> group* {
            served_group* const found = find(name);
            return found == nullptr ? nullptr : found->live.get();
        };
        one.plan =
            make_plan(from.options, *one.live, group_of, std::make_shared<hedge_budget>(from.options.hedge));
    }
}

world::served_group* world::find(std::string_view name) noexcept
{
    auto const found = std::find_if(groups_.begin(), groups_.end(),
                                    [&](served_group const& one) { return one.live->name() == name; });
    return found == groups_.end() ? nullptr : &*found;
}

world::served_group& world::of(group const& live) noexcept
{
    return *std::find_if(groups_.begin(), groups_.end(),
                         [&](served_group const& one) { return one.live.get() == &live; });
}

world::served_group& world::of_lane(std::size_t lane) noexcept
{
    return *find(from_.lanes[lane].group);
}

} // namespace cogate::policy::simulation
