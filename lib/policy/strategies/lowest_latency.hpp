#pragma once

#include "lib/policy/strategy.hpp"

namespace cogate::policy {

/// LiteLLM's latency-based-routing: a random one of the lanes whose mean latency over the window
/// (`lane::mean_latency`) is within `buffer` (a share) of the best. An unseen lane is the best until its first
/// attempt is under way; then, unlike LiteLLM's, it waits for that answer while others are known. The score is the
/// lane's mean in seconds.
class lowest_latency final : public strategy {
public:
    explicit lowest_latency(double buffer) noexcept : buffer_(buffer > 0 ? buffer : 0) {}
    std::string_view name() const noexcept override { return "latency-based-routing"; }
    chosen choose(choice const& from) const noexcept override;
    bool score(choice const& from, std::span<double> out) const noexcept override;
    double tolerance() const noexcept override { return buffer_; }

private:
    double buffer_;
};

} // namespace cogate::policy
