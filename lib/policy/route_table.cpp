#include "lib/policy/route_table.hpp"

#include <algorithm>
#include <utility>

namespace cogate::policy {
namespace {

std::size_t characters(std::string_view pattern) noexcept
{
    return pattern.size() - static_cast<std::size_t>(std::count(pattern.begin(), pattern.end(), '*'));
}

} // namespace

std::optional<std::string_view> match_pattern(std::string_view pattern, std::string_view name) noexcept
{
    std::size_t const first = pattern.find('*');
    if (first == std::string_view::npos || !name.starts_with(pattern.substr(0, first))) {
        return std::nullopt;
    }
    std::size_t const last = pattern.rfind('*');
    std::string_view const tail = pattern.substr(last + 1);
    std::size_t from = first;
    // Between two stars the earliest place is as good as any: the later star takes what is left.
    for (std::size_t star = first; star != last;) {
        std::size_t const next = pattern.find('*', star + 1);
        std::string_view const piece = pattern.substr(star + 1, next - star - 1);
        std::size_t const at = from < name.size() ? name.find(piece, from + 1) : std::string_view::npos;
        if (at == std::string_view::npos) {
            return std::nullopt;
        }
        from = at + piece.size();
        star = next;
    }
    if (name.size() < from + tail.size() + 1 || !name.ends_with(tail)) {
        return std::nullopt;
    }
    return name.substr(from, name.size() - from - tail.size());
}

std::string fill_pattern(std::string_view pattern, std::string_view wildcard)
{
    std::string filled(pattern);
    if (std::size_t const star = pattern.rfind('*'); star != std::string_view::npos) {
        filled.replace(star, 1, wildcard);
    }
    return filled;
}

std::uint32_t route_table::number_of(std::string_view name, numbers& of)
{
    if (auto const found = of.find(name); found != of.end()) {
        return found->second;
    }
    auto const next = static_cast<std::uint32_t>(groups_.size());
    of.emplace(std::string(name), next);
    groups_.push_back({std::string(name)});
    return next;
}

void route_table::add(std::string_view model_name, deployment_index deployment)
{
    bool const pattern = is_pattern(model_name);
    std::size_t const before = groups_.size();
    std::uint32_t const number = number_of(model_name, pattern ? pattern_numbers_ : exact_);
    if (pattern && groups_.size() != before) {
        auto const place = std::find_if(patterns_.begin(), patterns_.end(), [&](std::uint32_t other) {
            return characters(groups_[other].name) < characters(model_name);
        });
        patterns_.insert(place, number);
    }
    groups_[number].deployments.push_back(deployment);
}

void route_table::add_id(std::string_view id, deployment_index deployment)
{
    if (!id.empty() && ids_.find(id) == ids_.end()) {
        group_entry& one = groups_[number_of(id, ids_)];
        one.deployments.push_back(deployment);
        one.pinned = true;
    }
}

void route_table::add_alias(std::string_view name, std::string_view target, bool hidden)
{
    alias made{std::string(name), std::string(target), hidden};
    auto const [place, is_new] =
        alias_numbers_.try_emplace(std::string(name), static_cast<std::uint32_t>(aliases_.size()));
    if (is_new) {
        aliases_.push_back(std::move(made));
    } else {
        aliases_[place->second] = std::move(made);
    }
}

std::optional<route> route_table::find(std::string_view model) const
{
    auto const found = alias_numbers_.find(model);
    if (found == alias_numbers_.end()) {
        return find_group(model);
    }
    return find_group(aliases_[found->second].target);
}

std::vector<std::string_view> route_table::rule_names(std::string_view model) const
{
    std::optional<route> const found = find(model);
    if (!found) {
        return {};
    }
    std::vector<std::string_view> names{model};
    auto const add = [&names](std::string_view one) {
        if (std::find(names.begin(), names.end(), one) == names.end()) {
            names.push_back(one);
        }
    };
    if (auto const named = alias_numbers_.find(model); named != alias_numbers_.end()) {
        add(aliases_[named->second].target);
    }
    add(found->name);
    return names;
}

std::optional<route> route_table::find_group(std::string_view model) const
{
    for (numbers const* of : {&exact_, &ids_}) {
        if (auto const found = of->find(model); found != of->end()) {
            return to(found->second, {});
        }
    }
    for (std::uint32_t const number : patterns_) {
        if (auto const wildcard = match_pattern(groups_[number].name, model)) {
            return to(number, *wildcard);
        }
    }
    return std::nullopt;
}

route route_table::to(std::uint32_t number, std::string_view wildcard) const
{
    group_entry const& one = groups_[number];
    return {&one.deployments, wildcard, one.name, number, one.pinned};
}

std::vector<std::string_view> route_table::public_names() const
{
    std::vector<std::string_view> names;
    for (group_entry const& one : groups_) {
        if (!one.pinned) {
            names.push_back(one.name);
        }
    }
    for (alias const& one : aliases_) {
        if (!one.hidden && exact_.find(one.name) == exact_.end() && find_group(one.target)) {
            names.push_back(one.name);
        }
    }
    return names;
}

} // namespace cogate::policy
