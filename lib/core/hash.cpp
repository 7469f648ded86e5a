#include "lib/core/hash.hpp"

#include <bit>
#include <cstddef>
#include <cstring>

namespace cogate::core {

namespace {

// Odd, half of the bits set: digits of pi's and e's fractions.
constexpr std::uint64_t salt_a = 0x243F6A8885A308D3u;
constexpr std::uint64_t salt_b = 0xB7E151628AED2A6Bu;

static_assert(std::endian::native == std::endian::little, "hash64 reads words in little-endian order");

std::uint64_t word(const char* p) noexcept
{
    std::uint64_t value;
    std::memcpy(&value, p, sizeof value);
    return value;
}

std::uint64_t half_word(const char* p) noexcept
{
    std::uint32_t value;
    std::memcpy(&value, p, sizeof value);
    return value;
}

std::uint64_t fold(std::uint64_t a, std::uint64_t b) noexcept
{
    __extension__ using wide = unsigned __int128;
    const wide product = static_cast<wide>(a) * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

} // namespace

std::uint64_t hash64(std::string_view bytes, std::uint64_t seed) noexcept
{
    const char* p = bytes.data();
    std::size_t left = bytes.size();
    std::uint64_t state = mix64(seed ^ salt_a) ^ left * salt_b;
    while (left > 16) {
        state = fold(word(p) ^ salt_a ^ state, word(p + 8) ^ salt_b);
        p += 16;
        left -= 16;
    }
    // The tail is read as two words that may overlap: every byte counts and the length is in the state
    // already.
    std::uint64_t head = 0;
    std::uint64_t tail = 0;
    if (left >= 8) {
        head = word(p);
        tail = word(p + left - 8);
    } else if (left >= 4) {
        head = half_word(p);
        tail = half_word(p + left - 4);
    } else if (left > 0) {
        const auto byte = [p](std::size_t i) {
            return static_cast<std::uint64_t>(static_cast<unsigned char>(p[i]));
        };
        head = byte(0) | byte(left / 2) << 8 | byte(left - 1) << 16;
    }
    return mix64(fold(head ^ salt_b ^ state, tail ^ salt_a) ^ state);
}

} // namespace cogate::core
