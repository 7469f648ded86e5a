#include "lib/core/utf8.hpp"

namespace cogate::core {

std::size_t ill_formed_length(const char* p, const char* last) noexcept
{
    const utf8_tail tail = utf8_lead(static_cast<unsigned char>(*p));
    std::size_t length = 1;
    std::uint8_t low = tail.low;
    std::uint8_t high = tail.high;
    while (length <= tail.need && p + length != last) {
        const auto byte = static_cast<unsigned char>(p[length]);
        if (byte < low || byte > high) {
            break;
        }
        low = 0x80;
        high = 0xBF;
        ++length;
    }
    return length;
}

std::size_t encode_utf8(char32_t code, char* out) noexcept
{
    const auto low_bits = [code](int shift) { return static_cast<char>(0x80 | ((code >> shift) & 0x3F)); };
    if (code < 0x80) {
        out[0] = static_cast<char>(code);
        return 1;
    }
    if (code < 0x800) {
        out[0] = static_cast<char>(0xC0 | (code >> 6));
        out[1] = low_bits(0);
        return 2;
    }
    if (code < 0x10000) {
        out[0] = static_cast<char>(0xE0 | (code >> 12));
        out[1] = low_bits(6);
        out[2] = low_bits(0);
        return 3;
    }
    out[0] = static_cast<char>(0xF0 | (code >> 18));
    out[1] = low_bits(12);
    out[2] = low_bits(6);
    out[3] = low_bits(0);
    return 4;
}

void append_utf8(std::string& out, char32_t code)
{
    char bytes[4];
    out.append(bytes, encode_utf8(code, bytes));
}

bool is_utf8(std::string_view text) noexcept
{
    const char* p = text.data();
    const char* const last = p + text.size();
    while (p != last) {
        std::uint64_t word = ~std::uint64_t{0};
        if (last - p >= 8) {
            std::memcpy(&word, p, sizeof word);
        }
        if ((word & 0x8080808080808080u) == 0) {
            p += 8;
            continue;
        }
        if (static_cast<unsigned char>(*p) < 0x80) {
            ++p;
            continue;
        }
        const char* const next = skip_non_ascii(p, last);
        if (next == p) {
            return false;
        }
        p = next;
    }
    return true;
}

} // namespace cogate::core
