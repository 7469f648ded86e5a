#pragma once

#include "lib/core/json/document.hpp"

#include <algorithm>
#include <cstdint>

namespace cogate::providers {

/// No call has more tokens; the cap keeps sums and prices within 64 bits whatever a provider claims.
inline constexpr std::int64_t most_tokens = std::int64_t{1} << 40;

/// A count that a provider claims.
inline std::int64_t token_count(json::value value) noexcept
{
    return std::clamp<std::int64_t>(value.as_int64().value_or(0), 0, most_tokens);
}

} // namespace cogate::providers
