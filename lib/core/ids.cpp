#include "lib/core/ids.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <sys/random.h>
#include <system_error>

namespace cogate::core {

namespace {

class xoshiro {
public:
    xoshiro()
    {
        secure_random({reinterpret_cast<char*>(state_.data()), sizeof state_});
        state_[0] |= 1; // the all-zero state would stay zero for ever
    }

    std::uint64_t next() noexcept
    {
        const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
        const std::uint64_t shifted = state_[1] << 17;
        state_[2] ^= state_[0];
        state_[3] ^= state_[1];
        state_[1] ^= state_[2];
        state_[0] ^= state_[3];
        state_[2] ^= shifted;
        state_[3] = std::rotl(state_[3], 45);
        return result;
    }

private:
    std::array<std::uint64_t, 4> state_{};
};

/// The sixteen lower-case hexadecimal digits of a number, eight at once: one nibble to a byte, then a step from
/// '0' and another one for those from 10 on.
void hex_digits(std::uint64_t number, char* out) noexcept
{
    for (int half = 0; half != 2; ++half, number <<= 32, out += 8) {
        std::uint64_t nibbles = number >> 32;
        nibbles = (nibbles | nibbles << 16) & 0x0000FFFF0000FFFFu;
        nibbles = (nibbles | nibbles << 8) & 0x00FF00FF00FF00FFu;
        nibbles = (nibbles | nibbles << 4) & 0x0F0F0F0F0F0F0F0Fu;
        const std::uint64_t letters = (nibbles + 0x0606060606060606u) >> 4 & 0x0101010101010101u;
        const std::uint64_t text = nibbles + 0x3030303030303030u + letters * ('a' - '0' - 10);
        for (int i = 0; i != 8; ++i) {
            out[i] = static_cast<char>(text >> (56 - 8 * i));
        }
    }
}

} // namespace

void secure_random(std::span<char> out)
{
    while (!out.empty()) {
        const ssize_t got = ::getrandom(out.data(), out.size(), 0);
        if (got < 0) {
            if (errno == EINTR) {
                continue;
            }
            throw std::system_error(errno, std::system_category(), "getrandom");
        }
        out = out.subspan(static_cast<std::size_t>(got));
    }
}

std::uint64_t random_bits()
{
    thread_local xoshiro source;
    return source.next();
}

void uuid_v7(std::uint64_t unix_ms, std::uint64_t random_a, std::uint64_t random_b,
             std::span<char, uuid_size> out)
{
    const std::uint64_t high = unix_ms << 16 | 0x7000 | (random_a & 0x0FFF);
    const std::uint64_t low = std::uint64_t{1} << 63 | (random_b & 0x3FFFFFFFFFFFFFFFu);
    std::array<char, 32> digits{};
    hex_digits(high, digits.data());
    hex_digits(low, digits.data() + 16);
    constexpr std::array<std::size_t, 5> groups{8, 4, 4, 4, 12};
    char const* from = digits.data();
    char* to = out.data();
    for (std::size_t const size : groups) {
        if (from != digits.data()) {
            *to++ = '-';
        }
        to = std::copy_n(from, size, to);
        from += size;
    }
}

std::string unique_id(std::string_view prefix)
{
    constexpr std::string_view alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    std::string id;
    id.reserve(prefix.size() + unique_id_size);
    id += prefix;
    // Eight letters use 48 of 64 bits, so the bias of the modulus stays below 2^-16.
    for (std::size_t group = 0; group < unique_id_size / 8; ++group) {
        std::uint64_t bits = random_bits();
        for (int i = 0; i < 8; ++i) {
            id += alphabet[bits % alphabet.size()];
            bits /= alphabet.size();
        }
    }
    return id;
}

} // namespace cogate::core
