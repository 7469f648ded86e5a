#pragma once
/// Identifiers and the random numbers behind them.
/// Thread safety: every function may be called from any thread; the fast source is per thread, without locks.
/// After fork() without exec() parent and child would repeat each other's random_bits().

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace cogate::core {

/// 64 fast random bits from this thread's xoshiro256**, seeded by the kernel. Not for keys, tokens or nonces.
/// Throws std::system_error when the kernel gives no seed (first call of a thread only).
std::uint64_t random_bits();

/// Fills `out` from the kernel's generator: fit for keys and tokens. Throws std::system_error.
void secure_random(std::span<char> out);

/// Length of a UUID's text.
inline constexpr std::size_t uuid_size = 36;

/// Writes the text of a version 7 UUID (RFC 9562, 5.7): 48 bits of Unix milliseconds, then 74 bits taken from
/// `random_a` (low 12) and `random_b` (low 62). Lower case, no terminator.
void uuid_v7(std::uint64_t unix_ms, std::uint64_t random_a, std::uint64_t random_b,
             std::span<char, uuid_size> out);

/// Length of what unique_id puts after the prefix.
inline constexpr std::size_t unique_id_size = 24;

/// `prefix` and 24 random letters and digits (about 142 bits), as in "chatcmpl-9zX...".
std::string unique_id(std::string_view prefix);

} // namespace cogate::core
