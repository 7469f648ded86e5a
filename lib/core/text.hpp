#pragma once
/// Small text helpers. ASCII rules only: bytes >= 0x80 are left alone, no locale is asked.
/// Pure functions, safe from any thread; returned views point into their arguments.

#include <charconv>
#include <concepts>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "lib/core/utf8.hpp"

namespace cogate::core {

constexpr char lower(char c) noexcept
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

/// Equal but for the case of ASCII letters.
bool iequals(std::string_view a, std::string_view b) noexcept;

/// A lower-case copy.
std::string ilower(std::string_view text);

/// Without spaces, tabs, CR and LF at both ends.
std::string_view trim(std::string_view text) noexcept;

/// All pieces between separators, empty ones included: "a,,b" has three, "" has one.
std::vector<std::string_view> split(std::string_view text, char separator);

/// What stands before and after the first separator; nothing when there is none.
std::optional<std::pair<std::string_view, std::string_view>> split_once(std::string_view text,
                                                                        char separator);

/// The choice closest to `word` for a "did you mean": fewest single-letter insertions, deletions,
/// replacements and swaps of neighbours, ASCII case ignored. Nothing when even the best differs in more than
/// a third of the word (one letter is always allowed). Ties go to the earlier choice. Words over 64 bytes
/// have no neighbour.
std::optional<std::string_view> nearest(std::string_view word, std::span<const std::string_view> choices);

/// The whole text as one integer: no sign '+', no spaces, no overflow.
template <std::integral T>
    requires(!std::same_as<T, bool>)
std::optional<T> parse_int(std::string_view text)
noexcept
{
    T value{};
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (code != std::errc{} || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return value;
}

/// Standard alphabet, padded (RFC 4648, 4).
std::string base64_encode(std::string_view bytes);

/// Strict: standard alphabet, full padding, no white space, unused bits zero; anything else gives nothing.
std::optional<std::string> base64_decode(std::string_view text);

} // namespace cogate::core
