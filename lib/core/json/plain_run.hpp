#pragma once
/// The inner loop of every JSON string: skipping the bytes that mean themselves.

#include <bit>
#include <cstdint>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace cogate::json {

/// Printable ASCII but for quote and backslash: neither ends a string nor needs a look.
constexpr bool is_plain(char c) noexcept
{
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x20 && byte < 0x80 && c != '"' && c != '\\';
}

#if defined(__SSE2__)
/// Lanes of 0xFF where the byte is not plain.
inline __m128i special_lanes(const char* p) noexcept
{
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
    const __m128i quote = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
    const __m128i backslash = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));
    // Signed: both the control characters and everything from 0x80 on are below ' '.
    const __m128i outside = _mm_cmplt_epi8(bytes, _mm_set1_epi8(' '));
    return _mm_or_si128(_mm_or_si128(quote, backslash), outside);
}
#endif

/// The first byte in [p, last) that is not plain, or `last`. Reads nothing outside the range.
inline const char* skip_plain(const char* p, const char* last) noexcept
{
#if defined(__SSE2__)
    while (last - p >= 16) {
        const auto mask = static_cast<std::uint32_t>(_mm_movemask_epi8(special_lanes(p)));
        if (mask != 0) {
            return p + std::countr_zero(mask);
        }
        p += 16;
        while (last - p >= 64) {
            const __m128i low = _mm_or_si128(special_lanes(p), special_lanes(p + 16));
            const __m128i high = _mm_or_si128(special_lanes(p + 32), special_lanes(p + 48));
            if (_mm_movemask_epi8(_mm_or_si128(low, high)) != 0) {
                break;
            }
            p += 64;
        }
    }
#endif
    while (p != last && is_plain(*p)) {
        ++p;
    }
    return p;
}

} // namespace cogate::json
