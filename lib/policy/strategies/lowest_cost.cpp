#include "lib/policy/strategies/lowest_cost.hpp"

#include "lib/policy/strategies/least.hpp"

namespace cogate::policy {
namespace {

// LiteLLM's price of an unknown model: two dollars for one token of each kind.
constexpr double unknown_price = 2e15;

double price(lane_limits const& of) noexcept
{
    if (!of.input_cost && !of.output_cost) {
        return unknown_price;
    }
    return static_cast<double>(of.input_cost.value_or(0)) + static_cast<double>(of.output_cost.value_or(0));
}

} // namespace

chosen lowest_cost::choose(choice const& from) const noexcept
{
    return least(from, [](lane const& one) noexcept { return price(one.limits()); });
}

bool lowest_cost::score(choice const& from, std::span<double> out) const noexcept
{
    return score_each(from, out, [](lane const& one) noexcept { return price(one.limits()); });
}

} // namespace cogate::policy
