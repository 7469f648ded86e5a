#pragma once

#include "lib/core/hash.hpp"

#include <cmath>
#include <cstdint>
#include <numbers>

namespace cogate::policy::simulation {

/// Random numbers that are the same on every machine; a plain counter through a mixer.
class luck {
public:
    explicit luck(std::uint64_t seed) noexcept : state_(core::mix64(seed + 1)) {}

    std::uint64_t bits() noexcept { return core::mix64(state_ += 0x9E3779B97F4A7C15u); }
    /// Even over [0, 1).
    double share() noexcept { return static_cast<double>(bits() >> 11) * 0x1p-53; }
    /// Exponential with mean one.
    double waiting() noexcept { return -std::log1p(-share()); }
    /// Standard normal (Box and Muller 1958).
    double normal() noexcept
    {
        double const radius = std::sqrt(2 * waiting());
        return radius * std::cos(2 * std::numbers::pi * share());
    }

private:
    std::uint64_t state_;
};

} // namespace cogate::policy::simulation
