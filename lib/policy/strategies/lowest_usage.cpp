#include "lib/policy/strategies/lowest_usage.hpp"

#include "lib/policy/strategies/least.hpp"

namespace cogate::policy {

chosen lowest_usage::choose(choice const& from) const noexcept
{
    return least(from, [&](lane const& one) noexcept {
        return static_cast<double>(one.tokens_this_minute(from.now));
    });
}

bool lowest_usage::score(choice const& from, std::span<double> out) const noexcept
{
    return score_each(from, out, [&](lane const& one) noexcept {
        return static_cast<double>(one.tokens_this_minute(from.now));
    });
}

} // namespace cogate::policy
