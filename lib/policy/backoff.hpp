#pragma once

#include "lib/policy/types.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

namespace cogate::policy {

/// Waits between two attempts at the same lanes. Exponential with full jitter (AWS Architecture Blog, "Exponential
/// Backoff And Jitter"): even over 0 .. min(cap, base * 2^n).
struct backoff_limits {
    duration base = std::chrono::milliseconds{500};
    duration cap = std::chrono::seconds{8};
    duration longest_told =
        std::chrono::seconds{60}; ///< a provider's Retry-After beyond it is not waited for
};

/// How long to wait after the (`failures` + 1)-th failure in a row. A provider's own word (`told`) counts instead of
/// the jitter when it is above zero; `floor` is the shortest wait either way. Nothing: the provider asks for more than
/// may be waited for. `random`: 64 random bits. Pure.
std::optional<duration> backoff(int failures, std::optional<duration> told, duration floor,
                                std::uint64_t random, backoff_limits const& limits = {}) noexcept;

} // namespace cogate::policy
