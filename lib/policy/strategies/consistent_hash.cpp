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
    return {at, 1 - unit_interval(highest)};
}

bool consistent_hash::score(choice const& from, std::span<double> out) const noexcept
{
    if (from.request.affinity == 0) {
        return false;
    }
    std::uint64_t const affinity = core::mix64(from.request.affinity);
    for (std::size_t i = 0; i != from.lanes.size(); ++i) {
        out[i] = 1 - unit_interval(nth_random(affinity, i < from.keys.size() ? from.keys[i] : i));
    }
    return true;
}

bool consistent_hash::weigh(std::span<lane const* const> lanes, std::span<double> out) const noexcept
{
    return otherwise_.weigh(lanes, out);
}

} // namespace cogate::policy
