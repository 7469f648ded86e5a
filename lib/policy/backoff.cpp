#include "lib/policy/backoff.hpp"

#include <algorithm>

namespace cogate::policy {

std::optional<duration> backoff(int failures, std::optional<duration> told, duration floor,
                                std::uint64_t random, backoff_limits const& limits) noexcept
{
    if (told && *told > duration::zero()) {
        if (*told > limits.longest_told) {
            return std::nullopt;
        }
        return std::max(floor, *told);
    }
    int const doublings = std::clamp(failures, 0, 20);
    duration const longest = std::min(limits.cap, limits.base * (std::int64_t{1} << doublings));
    double const share = static_cast<double>(random >> 11) * 0x1p-53;
    auto const jittered = static_cast<std::int64_t>(static_cast<double>(longest.count()) * share);
    return std::max(floor, duration{jittered});
}

} // namespace cogate::policy
