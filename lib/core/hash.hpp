#pragma once
/// A 64-bit hash for ids, buckets and duplicate detection: the same value on every run and every machine.
/// Not cryptographic: whoever chooses the bytes can find collisions. Pure, safe from any thread.

#include <cstdint>
#include <string_view>

namespace cogate::core {

/// A bijection on 64 bits that spreads every input bit over all output bits.
constexpr std::uint64_t mix64(std::uint64_t x) noexcept
{
    x ^= x >> 32;
    x *= 0xD6E8FEB86659FD93u;
    x ^= x >> 32;
    x *= 0xD6E8FEB86659FD93u;
    x ^= x >> 32;
    return x;
}

/// Hash of the bytes; another `seed` gives an unrelated hash.
std::uint64_t hash64(std::string_view bytes, std::uint64_t seed = 0) noexcept;

} // namespace cogate::core
