#pragma once

#include "lib/policy/strategies/simple_shuffle.hpp"
#include "lib/policy/strategy.hpp"

namespace cogate::policy {

/// Requests of one affinity go to one lane, as long as it can serve; then to the same next one. A lane that comes or
/// goes moves only its own share of the affinities (rendezvous hashing: Thaler and Ravishankar, 1998). Without an
/// affinity: simple-shuffle. The score is one minus the hash in [0, 1).
class consistent_hash final : public strategy {
public:
    std::string_view name() const noexcept override { return "consistent-hash"; }
    chosen choose(choice const& from) const noexcept override;
    bool score(choice const& from, std::span<double> out) const noexcept override;
    bool weigh(std::span<lane const* const> lanes, std::span<double> out) const noexcept override;

private:
    simple_shuffle otherwise_;
};

} // namespace cogate::policy
