#pragma once
/// What both split patterns share.

#include "lib/catalog/tokens/char_class.hpp"

#include <cstddef>

namespace cogate::catalog::split {

constexpr bool is_line_end(char c) noexcept
{
    return c == '\r' || c == '\n';
}

constexpr bool is_letter(char_class c) noexcept
{
    return c == char_class::upper || c == char_class::lower || c == char_class::letter;
}

constexpr bool is_symbol(char_class c) noexcept
{
    return c == char_class::other || c == char_class::mark;
}

/// `[^\r\n\p{L}\p{N}]`: what may stand before the letters of a word. Precondition: at < text.size().
bool may_lead_word(char_reader const& text, std::size_t at) noexcept;

/// Length of `(?i:'s|'t|'re|'ve|'m|'ll|'d)` at `at`, 0 when there is none.
std::size_t contraction(char_reader const& text, std::size_t at) noexcept;

/// End of `\p{N}{1,3}` at a number.
std::size_t numbers_end(char_reader const& text, std::size_t at) noexcept;

/// End of ` ?[^\s\p{L}\p{N}]+` at `at`; `at` itself when it does not match.
std::size_t symbols_end(char_reader const& text, std::size_t at) noexcept;

/// End of `\s*[\r\n]+|\s+(?!\S)|\s+` at white space.
std::size_t space_end(char_reader const& text, std::size_t at) noexcept;

} // namespace cogate::catalog::split
