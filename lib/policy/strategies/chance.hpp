#pragma once
/// Decisions from random bits that the caller brings: equal bits decide alike. Pure.

#include "lib/core/hash.hpp"

#include <cstddef>
#include <cstdint>

namespace cogate::policy {

/// The `n`th of the unrelated numbers that come of one random number.
constexpr std::uint64_t nth_random(std::uint64_t random, std::uint64_t n) noexcept
{
    return core::mix64(random + n * 0x9E3779B97F4A7C15u);
}

/// Evenly one of 0 .. n - 1; `n` is 1 .. 2^32.
constexpr std::size_t below(std::uint64_t random, std::size_t n) noexcept
{
    return static_cast<std::size_t>(((random >> 32) * n) >> 32);
}

/// Evenly from [0, 1).
constexpr double unit_interval(std::uint64_t random) noexcept
{
    return static_cast<double>(random >> 11) * 0x1p-53;
}

} // namespace cogate::policy
