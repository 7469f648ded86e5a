#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

/// CRC-32 as zlib and IEEE 802.3 have it (reflected polynomial 0xEDB88320). Pure, thread safe.
namespace cogate::wire {

namespace detail {

// Row 0 is the classic table; row n carries a byte over n more zero bytes, so that eight go at a time.
constexpr std::array<std::array<std::uint32_t, 256>, 8> make_crc_tables()
{
    std::array<std::array<std::uint32_t, 256>, 8> tables{};
    for (std::uint32_t byte = 0; byte != 256; ++byte) {
        std::uint32_t crc = byte;
        for (int bit = 0; bit != 8; ++bit) {
            crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xEDB88320U : 0U);
        }
        tables[0][byte] = crc;
    }
    for (std::size_t row = 1; row != 8; ++row) {
        for (std::size_t byte = 0; byte != 256; ++byte) {
            const std::uint32_t before = tables[row - 1][byte];
            tables[row][byte] = (before >> 8) ^ tables[0][before & 0xFF];
        }
    }
    return tables;
}

inline constexpr auto crc_tables = make_crc_tables();

} // namespace detail

/// The checksum of `bytes`; `before` is the checksum of what stood before them.
inline std::uint32_t crc32(std::string_view bytes, std::uint32_t before = 0) noexcept
{
    auto const& t = detail::crc_tables;
    std::uint32_t crc = ~before;
    if constexpr (std::endian::native == std::endian::little) {
        while (bytes.size() >= 8) {
            std::uint32_t low = 0;
            std::uint32_t high = 0;
            std::memcpy(&low, bytes.data(), 4);
            std::memcpy(&high, bytes.data() + 4, 4);
            low ^= crc;
            crc = t[7][low & 0xFF] ^ t[6][(low >> 8) & 0xFF] ^ t[5][(low >> 16) & 0xFF] ^ t[4][low >> 24] ^
                  t[3][high & 0xFF] ^ t[2][(high >> 8) & 0xFF] ^ t[1][(high >> 16) & 0xFF] ^ t[0][high >> 24];
            bytes.remove_prefix(8);
        }
    }
    for (const char c : bytes) {
        crc = (crc >> 8) ^ t[0][(crc ^ static_cast<unsigned char>(c)) & 0xFF];
    }
    return ~crc;
}

} // namespace cogate::wire
