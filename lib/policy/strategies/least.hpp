#pragma once

#include "lib/policy/strategies/chance.hpp"
#include "lib/policy/strategy.hpp"

namespace cogate::policy {

/// The lane with the least `score(lane)`; evenly one of them where several have it.
template <class Score>
chosen least(choice const& from, Score score) noexcept
{
    chosen best{0, score(*from.lanes.front())};
    std::size_t equals = 1;
    for (std::size_t i = 1; i != from.lanes.size(); ++i) {
        double const one = score(*from.lanes[i]);
        if (one < best.score) {
            best = {i, one};
            equals = 1;
        } else if (one == best.score) {
            ++equals;
            if (below(nth_random(from.random, i), equals) == 0) {
                best.at = i;
            }
        }
    }
    return best;
}

/// `strategy::score` of a strategy that chooses by `least`.
template <class Score>
bool score_each(choice const& from, std::span<double> out, Score score) noexcept
{
    for (std::size_t i = 0; i != from.lanes.size(); ++i) {
        out[i] = score(*from.lanes[i]);
    }
    return true;
}

} // namespace cogate::policy
