#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <random>
#include <string_view>

namespace cogate::transports::mock {

/// How long an upstream thinks: a fixed time, or a random one of a known shape. Value type, pure.
struct latency_model {
    enum class shape : std::uint8_t {
        fixed,     ///< always `base`
        lognormal, ///< median `base`, standard deviation `sigma` of its logarithm
        bimodal,   ///< `base`, and with probability `slow_share` `base * slow_factor`
    };

    shape kind = shape::fixed;
    std::chrono::nanoseconds base{0};
    double sigma = 0;
    double slow_share = 0;
    double slow_factor = 1;

    /// One draw, at most one hour.
    std::chrono::nanoseconds sample(std::mt19937_64& random) const;
};

/// Reads "20ms", "lognormal:MEDIAN,SIGMA" or "bimodal:BASE,SHARE,FACTOR", times with unit.
std::optional<latency_model> parse_latency_model(std::string_view text);

} // namespace cogate::transports::mock
