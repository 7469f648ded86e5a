#pragma once

#include "lib/policy/strategy.hpp"

namespace cogate::policy {

/// LiteLLM's cost-based-routing: the lane with the lowest price of an input token plus an output token. One price
/// alone is the whole price (an embedding has no output); a lane without any comes last. The score is the price in
/// nano-dollars per million of each.
class lowest_cost final : public strategy {
public:
    std::string_view name() const noexcept override { return "cost-based-routing"; }
    chosen choose(choice const& from) const noexcept override;
    bool score(choice const& from, std::span<double> out) const noexcept override;
    bool scores_are_fixed() const noexcept override { return true; }
};

} // namespace cogate::policy
