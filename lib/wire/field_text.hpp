#pragma once

#include "lib/wire/ascii.hpp"

#include <bit>
#include <cstddef>
#include <string_view>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/// How far a text may be a field's name or value: every byte of every head goes through here, in or out, so
/// it takes sixteen at a time. Pure, thread safe; reads nothing outside the text.
namespace cogate::wire {

#if defined(__SSE2__)
namespace detail {

/// Letters, digits and '-': nearly all names have nothing else. The other tchars go the slow way.
struct usual_in_name {
    static __m128i lanes(__m128i bytes) noexcept
    {
        const __m128i lower = _mm_or_si128(bytes, _mm_set1_epi8(0x20));
        const __m128i letter = _mm_and_si128(_mm_cmpgt_epi8(lower, _mm_set1_epi8('a' - 1)),
                                             _mm_cmplt_epi8(lower, _mm_set1_epi8('z' + 1)));
        const __m128i digit = _mm_and_si128(_mm_cmpgt_epi8(bytes, _mm_set1_epi8('0' - 1)),
                                            _mm_cmplt_epi8(bytes, _mm_set1_epi8('9' + 1)));
        return _mm_or_si128(_mm_or_si128(letter, digit), _mm_cmpeq_epi8(bytes, _mm_set1_epi8('-')));
    }
};

/// All but the control characters; HTAB goes the slow way.
struct usual_in_value {
    static __m128i lanes(__m128i bytes) noexcept
    {
        const __m128i space_or_more = _mm_cmpeq_epi8(_mm_max_epu8(bytes, _mm_set1_epi8(0x20)), bytes);
        return _mm_andnot_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(0x7f)), space_or_more);
    }
};

/// Bit i is set when byte i of the sixteen is unusual.
template <class Usual>
unsigned unusual(__m128i bytes) noexcept
{
    return static_cast<unsigned>(_mm_movemask_epi8(Usual::lanes(bytes))) ^ 0xFFFFU;
}

/// Length of a prefix of usual bytes: the longest one, or up to fifteen bytes less at the end of the text.
template <class Usual>
std::size_t usual_prefix(std::string_view text) noexcept
{
    std::size_t n = 0;
    for (; n + 16 <= text.size(); n += 16) {
        const unsigned others =
            unusual<Usual>(_mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + n)));
        if (others != 0) {
            return n + static_cast<std::size_t>(std::countr_zero(others));
        }
    }
    if (text.size() - n >= 8) {
        // The last 8 to 15 bytes, those in the middle twice.
        const char* const rest = text.data() + n;
        const char* const tail = text.data() + text.size() - 8;
        const __m128i both = _mm_unpacklo_epi64(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(rest)),
                                                _mm_loadl_epi64(reinterpret_cast<const __m128i*>(tail)));
        if (unusual<Usual>(both) == 0) {
            return text.size();
        }
    }
    return n;
}

} // namespace detail
#endif

/// Length of the longest prefix of tchars (see `char_token`).
inline std::size_t token_prefix(std::string_view text) noexcept
{
    std::size_t n = 0;
#if defined(__SSE2__)
    n = detail::usual_prefix<detail::usual_in_name>(text);
#endif
    while (n < text.size() && has_class(text[n], char_token)) {
        ++n;
    }
    return n;
}

/// Length of the longest prefix that may stand in a field value (see `char_value`).
inline std::size_t field_value_prefix(std::string_view text) noexcept
{
    std::size_t n = 0;
    for (;;) {
#if defined(__SSE2__)
        n += detail::usual_prefix<detail::usual_in_value>(text.substr(n));
#endif
        // The rest, or what was unusual: an HTAB lets it go on.
        const std::size_t stop = text.size() - n < 16 ? text.size() : n + 16;
        while (n < stop && has_class(text[n], char_value)) {
            ++n;
        }
        if (n < stop || n == text.size()) {
            return n;
        }
    }
}

} // namespace cogate::wire
