#pragma once

#include "lib/policy/strategy.hpp"

namespace cogate::policy {

/// LiteLLM's usage-based-routing-v2: the lane with the fewest tokens this minute. Lanes at their rpm or tpm are left
/// out before. The score is the number of tokens.
class lowest_usage final : public strategy {
public:
    std::string_view name() const noexcept override { return "usage-based-routing-v2"; }
    chosen choose(choice const& from) const noexcept override;
    bool score(choice const& from, std::span<double> out) const noexcept override;
};

} // namespace cogate::policy
