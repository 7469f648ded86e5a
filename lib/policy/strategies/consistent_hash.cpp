#include "lib/policy/strategies/consistent_hash.hpp"

#include "lib/core/hash.hpp"
#include "lib/policy/strategies/chance.hpp"

namespace cogate::policy {

chosen consistent_hash::choose(choice const& from) const noexcept
{
    if (from.request.affinity == 0) {
        return otherwise_.choose(from);
    }
    std::uint64_t const affinity = core::mix64(from.request.affinity);
    std::size_t at = 0;
    std::uint64_t highest = 0;
    for (std::size_t i = 0; i != from.lanes.size(); ++i) {
        std::uint64_t const key = i < from.keys.size() ? from.keys[i] : i;
        std::uint64_t const hash = nth_random(affinity, key);
        if (hash >= highest) {
            highest = hash;
            at = i;
        }
    }
    return {at, unit_interval(highest)};
}

} // namespace cogate::policy
