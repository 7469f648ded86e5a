#include "lib/core/ids.hpp"

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
    constexpr std::string_view digits = "0123456789abcdef";
    const std::uint64_t high = unix_ms << 16 | 0x7000 | (random_a & 0x0FFF);
    const std::uint64_t low = std::uint64_t{1} << 63 | (random_b & 0x3FFFFFFFFFFFFFFFu);
    std::size_t at = 0;
    for (int nibble = 0; nibble < 32; ++nibble) {
        if (nibble == 8 || nibble == 12 || nibble == 16 || nibble == 20) {
            out[at++] = '-';
        }
        const std::uint64_t half = nibble < 16 ? high : low;
        out[at++] = digits[(half >> (60 - 4 * (nibble % 16))) & 0xF];
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
