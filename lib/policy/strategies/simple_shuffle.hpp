#pragma once

#include "lib/policy/strategy.hpp"

namespace cogate::policy {

/// LiteLLM's simple-shuffle: a random lane, by `weight` where any lane has one, else by `rpm`, else by `tpm`, else
/// all alike. A lane without the measure that others have counts as their mean; in LiteLLM it gets nothing, and the
/// first lane alone decides which measure it is. The score is the lane's chance, 0..1.
class simple_shuffle final : public strategy {
public:
    std::string_view name() const noexcept override { return "simple-shuffle"; }
    chosen choose(choice const& from) const noexcept override;
    bool weigh(std::span<lane const* const> lanes, std::span<double> out) const noexcept override;
};

} // namespace cogate::policy
