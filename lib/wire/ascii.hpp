#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

/// Locale-free character classes of HTTP and SSE text. Pure, constexpr, thread safe.
namespace cogate::wire {

// Bits for `has_class`; sources: RFC 9110 5.6.2 (token), 5.5 (field value), RFC 3986 (the rest).
inline constexpr unsigned char_token = 1;   ///< tchar: may stand in a method or a field name
inline constexpr unsigned char_value = 2;   ///< may stand in a field value: HTAB, SP, visible ASCII, obs-text
inline constexpr unsigned char_visible = 4; ///< visible ASCII, 0x21..0x7e
inline constexpr unsigned char_digit = 8;
inline constexpr unsigned char_hex = 16;
inline constexpr unsigned char_alpha = 32;

namespace detail {

constexpr std::array<std::uint8_t, 256> make_char_table()
{
    std::array<std::uint8_t, 256> table{};
    for (unsigned c = 0; c < 256; ++c) {
        unsigned bits = 0;
        const bool digit = c >= '0' && c <= '9';
        const bool alpha = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        const bool hex_letter = (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
        bits |= digit ? char_digit : 0U;
        bits |= alpha ? char_alpha : 0U;
        bits |= (digit || hex_letter) ? char_hex : 0U;
        bits |= (c > 0x20 && c < 0x7f) ? char_visible : 0U;
        bits |= (c == '\t' || (c >= 0x20 && c != 0x7f)) ? char_value : 0U;
        bits |= (digit || alpha) ? char_token : 0U;
        table[c] = static_cast<std::uint8_t>(bits);
    }
    for (const char c : std::string_view("!#$%&'*+-.^_`|~")) {
        table[static_cast<unsigned char>(c)] |= std::uint8_t(char_token);
    }
    return table;
}

inline constexpr std::array<std::uint8_t, 256> char_table = make_char_table();

} // namespace detail

constexpr bool has_class(char c, unsigned bits) noexcept
{
    return (detail::char_table[static_cast<unsigned char>(c)] & bits) != 0;
}

/// True when every character of `text` has one of `bits`; true for the empty text.
constexpr bool all_of_class(std::string_view text, unsigned bits) noexcept
{
    for (const char c : text) {
        if (!has_class(c, bits)) {
            return false;
        }
    }
    return true;
}

constexpr char ascii_lower(char c) noexcept
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

constexpr bool ascii_iequals(std::string_view a, std::string_view b) noexcept
{
    if (a.size() != b.size()) {
        return false;
    }
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (ascii_lower(a[i]) != ascii_lower(b[i])) {
            return false;
        }
    }
    return true;
}

/// `text` without leading and trailing optional white space (SP and HTAB only).
constexpr std::string_view trim_ows(std::string_view text) noexcept
{
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) {
        text.remove_prefix(1);
    }
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) {
        text.remove_suffix(1);
    }
    return text;
}

/// Takes the part before the next comma off `list`, trimmed; call until `list` is empty.
constexpr std::string_view next_list_element(std::string_view& list) noexcept
{
    const std::size_t comma = list.find(',');
    const std::string_view element = trim_ows(list.substr(0, comma));
    list = comma == std::string_view::npos ? std::string_view() : list.substr(comma + 1);
    return element;
}

/// Value of one hexadecimal digit, or -1.
constexpr int hex_digit(char c) noexcept
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    const char lower = ascii_lower(c);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

} // namespace cogate::wire
