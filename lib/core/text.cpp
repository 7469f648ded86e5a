#include "lib/core/text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace cogate::core {

namespace {

constexpr std::size_t longest_word = 64;

std::size_t edit_distance(std::string_view a, std::string_view b)
{
    using row = std::array<std::size_t, longest_word + 1>;
    row before{};
    row above{};
    row here{};
    for (std::size_t j = 0; j <= b.size(); ++j) {
        above[j] = j;
    }
    for (std::size_t i = 1; i <= a.size(); ++i) {
        here[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const bool same = lower(a[i - 1]) == lower(b[j - 1]);
            here[j] = std::min({above[j] + 1, here[j - 1] + 1, above[j - 1] + (same ? 0u : 1u)});
            const bool swapped =
                i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]);
            if (swapped) {
                here[j] = std::min(here[j], before[j - 2] + 1);
            }
        }
        before = above;
        above = here;
    }
    return above[b.size()];
}

constexpr std::string_view base64_letters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t no_letter = 0xFF;

constexpr std::array<std::uint8_t, 256> base64_values = [] {
    std::array<std::uint8_t, 256> values{};
    values.fill(no_letter);
    for (std::size_t i = 0; i < base64_letters.size(); ++i) {
        values[static_cast<unsigned char>(base64_letters[i])] = static_cast<std::uint8_t>(i);
    }
    return values;
}();

} // namespace

bool iequals(std::string_view a, std::string_view b) noexcept
{
    return a.size() == b.size() &&
           std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

std::string ilower(std::string_view text)
{
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(), lower);
    return result;
}

std::string_view trim(std::string_view text) noexcept
{
    constexpr std::string_view space = " \t\r\n";
    const std::size_t first = text.find_first_not_of(space);
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(space) - first + 1);
}

std::vector<std::string_view> split(std::string_view text, char separator)
{
    std::vector<std::string_view> pieces;
    for (;;) {
        const std::size_t at = text.find(separator);
        pieces.push_back(text.substr(0, at));
        if (at == std::string_view::npos) {
            return pieces;
        }
        text.remove_prefix(at + 1);
    }
}

std::optional<std::pair<std::string_view, std::string_view>> split_once(std::string_view text, char separator)
{
    const std::size_t at = text.find(separator);
    if (at == std::string_view::npos) {
        return std::nullopt;
    }
    return std::pair{text.substr(0, at), text.substr(at + 1)};
}

std::optional<std::string_view> nearest(std::string_view word, std::span<const std::string_view> choices)
{
    std::optional<std::string_view> best;
    if (word.empty() || word.size() > longest_word) {
        return best;
    }
    std::size_t limit = std::max<std::size_t>(1, word.size() / 3);
    for (const std::string_view choice : choices) {
        if (choice.empty() || choice.size() > longest_word) {
            continue;
        }
        const std::size_t distance = edit_distance(word, choice);
        if (distance < limit || (distance == limit && !best)) {
            best = choice;
            limit = distance;
        }
    }
    return best;
}

std::string base64_encode(std::string_view bytes)
{
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        const std::size_t count = std::min<std::size_t>(3, bytes.size() - at);
        std::uint32_t group = 0;
        for (std::size_t i = 0; i < 3; ++i) {
            group = group << 8 | (i < count ? static_cast<unsigned char>(bytes[at + i]) : 0u);
        }
        for (std::size_t i = 0; i < 4; ++i) {
            text += i <= count ? base64_letters[(group >> (18 - 6 * i)) & 0x3F] : '=';
        }
    }
    return text;
}

std::optional<std::string> base64_decode(std::string_view text)
{
    if (text.size() % 4 != 0) {
        return std::nullopt;
    }
    std::string bytes;
    bytes.reserve(text.size() / 4 * 3);
    for (std::size_t at = 0; at < text.size(); at += 4) {
        std::size_t letters = 4;
        if (at + 4 == text.size()) {
            letters -= text[at + 3] == '=' ? (text[at + 2] == '=' ? 2u : 1u) : 0u;
        }
        std::uint32_t group = 0;
        for (std::size_t i = 0; i < letters; ++i) {
            const std::uint8_t value = base64_values[static_cast<unsigned char>(text[at + i])];
            if (value == no_letter) {
                return std::nullopt;
            }
            group |= static_cast<std::uint32_t>(value) << (18 - 6 * i);
        }
        const std::uint32_t unused = letters == 4 ? 0u : letters == 3 ? 0xFFu : 0xFFFFu;
        if ((group & unused) != 0) {
            return std::nullopt;
        }
        for (std::size_t i = 0; i + 1 < letters; ++i) {
            bytes += static_cast<char>(group >> (16 - 8 * i));
        }
    }
    return bytes;
}

} // namespace cogate::core
