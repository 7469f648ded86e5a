#pragma once
/// What single characters mean in JSON. Pure, safe from any thread.

#include <array>
#include <cstddef>
#include <string_view>

namespace cogate::json {

constexpr bool is_space(char c) noexcept
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

constexpr bool is_digit(char c) noexcept
{
    return c >= '0' && c <= '9';
}

/// Value of a hexadecimal digit, or -1.
constexpr int hex_value(char c) noexcept
{
    if (is_digit(c)) {
        return c - '0';
    }
    const char folded = static_cast<char>(c | 0x20);
    return folded >= 'a' && folded <= 'f' ? folded - 'a' + 10 : -1;
}

/// The character each one-letter escape stands for, or 0.
inline constexpr std::array<char, 256> simple_escapes = [] {
    std::array<char, 256> table{};
    constexpr std::string_view letters = "\"\\/bfnrt";
    constexpr std::string_view meanings = "\"\\/\b\f\n\r\t";
    for (std::size_t i = 0; i < letters.size(); ++i) {
        table[static_cast<unsigned char>(letters[i])] = meanings[i];
    }
    return table;
}();

constexpr char simple_escape(char c) noexcept
{
    return simple_escapes[static_cast<unsigned char>(c)];
}

} // namespace cogate::json
