#pragma once
/// What an answer lacks and clients expect, made from what it has: the same input gives the same value. Pure.

#include <cstdint>
#include <string>
#include <string_view>

namespace cogate::providers {

/// `prefix` and 24 letters and digits that depend on `source` and `number` alone.
std::string derived_id(std::string_view prefix, std::string_view source, std::uint64_t number = 0);

/// Seconds since the epoch of an RFC 3339 time ("2024-05-24T20:57:43.314639Z", or with an offset); 0 for any
/// other text.
std::int64_t seconds_of(std::string_view rfc3339) noexcept;

} // namespace cogate::providers
