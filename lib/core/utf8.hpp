#pragma once
/// UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing above U+10FFFF.
/// Pure functions, safe from any thread.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace cogate::core {

/// What must follow a lead byte: `need` continuation bytes, the first of them within [low, high], the others
/// within [0x80, 0xBF]. `need == 0`: the byte cannot lead a multi-byte sequence.
struct utf8_tail {
    std::uint8_t need;
    std::uint8_t low;
    std::uint8_t high;
};

/// The tail of a lead byte >= 0x80.
constexpr utf8_tail utf8_lead(unsigned char lead) noexcept
{
    if (lead < 0xC2 || lead > 0xF4) {
        return {0, 0, 0};
    }
    if (lead < 0xE0) {
        return {1, 0x80, 0xBF};
    }
    if (lead < 0xF0) {
        return {2, static_cast<std::uint8_t>(lead == 0xE0 ? 0xA0 : 0x80),
                static_cast<std::uint8_t>(lead == 0xED ? 0x9F : 0xBF)};
    }
    return {3, static_cast<std::uint8_t>(lead == 0xF0 ? 0x90 : 0x80),
            static_cast<std::uint8_t>(lead == 0xF4 ? 0x8F : 0xBF)};
}

constexpr bool is_utf8_continuation(unsigned char byte) noexcept
{
    return (byte & 0xC0) == 0x80;
}

/// Steps over complete, well-formed non-ASCII sequences; stops at ASCII, at an ill-formed byte, or where a
/// sequence is cut off by `last`.
inline const char* skip_non_ascii(const char* p, const char* last) noexcept
{
    const auto byte = [&](std::ptrdiff_t i) { return static_cast<unsigned char>(p[i]); };
    // Two- and three-byte sequences, all bytes of one tested at once.
    while (std::endian::native == std::endian::little && last - p >= 4) {
        std::uint32_t word;
        std::memcpy(&word, p, sizeof word);
        const std::uint32_t payload = word & 0x200F; // the bits that make E0 overlong and ED a surrogate
        if ((word & 0xC0C0F0) == 0x8080E0 && payload != 0 && payload != 0x200D) {
            p += 3;
        } else if ((word & 0xC0E0) == 0x80C0 && (word & 0x1E) != 0) {
            p += 2;
        } else {
            break;
        }
    }
    while (last - p >= 2) {
        const unsigned char lead = byte(0);
        if (lead < 0xC2 || lead > 0xF4) {
            break;
        }
        const utf8_tail tail = utf8_lead(lead);
        if (last - p <= tail.need || byte(1) < tail.low || byte(1) > tail.high) {
            break;
        }
        if ((tail.need >= 2 && !is_utf8_continuation(byte(2))) ||
            (tail.need == 3 && !is_utf8_continuation(byte(3)))) {
            break;
        }
        p += tail.need + 1;
    }
    return p;
}

/// Length of the ill-formed piece at `p` (p < last) that one U+FFFD stands for: the longest start of a
/// well-formed sequence, at least one byte.
std::size_t ill_formed_length(const char* p, const char* last) noexcept;

/// Writes `code` (<= 0x10FFFF; a surrogate is written in the same three-byte pattern) and returns 1..4.
std::size_t encode_utf8(char32_t code, char* out) noexcept;

void append_utf8(std::string& out, char32_t code);

bool is_utf8(std::string_view text) noexcept;

} // namespace cogate::core
