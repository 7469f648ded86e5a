#pragma once
/// Counts that can be true, and the failures of those that cannot. Pure, safe from any thread.

#include <cogate/prices.hpp>

#include <cstdint>
#include <optional>

namespace cogate::catalog {

/// No count of a call is larger.
inline constexpr std::int64_t largest_count = std::int64_t{1} << 40;

constexpr bool plausible(std::int64_t count) noexcept
{
    return count >= 0 && count <= largest_count;
}

/// A "bad_usage" failure when a count is below zero or above `largest_count`: a provider that reports negative
/// tokens must not earn its caller money.
std::optional<failure> check_counts(usage const& tokens, billing_facts const& facts);

failure bad_usage(char const* message);
failure out_of_range();
failure no_price(model_facts const& model);

} // namespace cogate::catalog
