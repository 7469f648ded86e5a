#pragma once

#include "lib/policy/strategy.hpp"

namespace cogate::policy {

/// LiteLLM's least-busy: the lane with the fewest attempts under way. The score is their number.
class least_busy final : public strategy {
public:
    std::string_view name() const noexcept override { return "least-busy"; }
    chosen choose(choice const& from) const noexcept override;
    bool score(choice const& from, std::span<double> out) const noexcept override;
};

} // namespace cogate::policy
