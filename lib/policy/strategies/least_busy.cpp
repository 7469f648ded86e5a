#include "lib/policy/strategies/least_busy.hpp"

#include "lib/policy/strategies/least.hpp"

namespace cogate::policy {

chosen least_busy::choose(choice const& from) const noexcept
{
    return least(from, [](lane const& one) noexcept { return static_cast<double>(one.pending()); });
}

bool least_busy::score(choice const& from, std::span<double> out) const noexcept
{
    return score_each(from, out, [](lane const& one) noexcept { return static_cast<double>(one.pending()); });
}

} // namespace cogate::policy
