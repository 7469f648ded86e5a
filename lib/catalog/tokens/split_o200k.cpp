#include "lib/catalog/tokens/split_common.hpp"
#include "lib/catalog/tokens/splitter.hpp"

namespace cogate::catalog {

namespace {

/// [\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]
constexpr bool in_head(char_class c) noexcept
{
    return c == char_class::upper || c == char_class::letter || c == char_class::mark;
}

/// [\p{Ll}\p{Lm}\p{Lo}\p{M}]
constexpr bool in_tail(char_class c) noexcept
{
    return c == char_class::lower || c == char_class::letter || c == char_class::mark;
}

/// End of `head* tail+` at `at`; `at` itself when it does not match.
std::size_t lower_word_end(char_reader const& text, std::size_t at) noexcept
{
    std::size_t last_shared = at; // behind the last character of the head that may be the tail as well
    std::size_t end = at;
    while (end != text.size()) {
        auto const here = text[end];
        if (!in_head(here.is)) {
            break;
        }
        end += here.length;
        if (here.is != char_class::upper) {
            last_shared = end;
        }
    }
    if (end != text.size() && text[end].is == char_class::lower) {
        return text.skip(end, in_tail);
    }
    return last_shared;
}

/// End of `head+ tail*` at `at`, where lower_word_end() found nothing: capitals only.
std::size_t upper_word_end(char_reader const& text, std::size_t at) noexcept
{
    return text.skip(at, [](char_class c) { return c == char_class::upper; });
}

/// End of the first two alternatives without their contraction; `at` itself when neither matches.
std::size_t word_end(char_reader const& text, std::size_t at) noexcept
{
    std::size_t const behind_first = split::may_lead_word(text, at) ? at + text[at].length : at;
    for (auto const end_of : {lower_word_end, upper_word_end}) {
        if (std::size_t const end = end_of(text, behind_first); end != behind_first) {
            return end;
        }
        if (std::size_t const end = end_of(text, at); end != at) {
            return end;
        }
    }
    return at;
}

} // namespace

/// [^\r\n\p{L}\p{N}]? head* tail+ (?i:'s|'t|'re|'ve|'m|'ll|'d)?
/// [^\r\n\p{L}\p{N}]? head+ tail* (?i:'s|'t|'re|'ve|'m|'ll|'d)?
/// \p{N}{1,3}
///  ?[^\s\p{L}\p{N}]+[\r\n/]*
/// \s*[\r\n]+
/// \s+(?!\S)
/// \s+
std::size_t o200k_piece_end(char_reader const& text, std::size_t at) noexcept
{
    if (std::size_t const end = word_end(text, at); end != at) {
        return end + split::contraction(text, end);
    }
    if (text[at].is == char_class::number) {
        return split::numbers_end(text, at);
    }
    if (std::size_t end = split::symbols_end(text, at); end != at) {
        while (end != text.size() && (split::is_line_end(text.text()[end]) || text.text()[end] == '/')) {
            ++end;
        }
        return end;
    }
    return split::space_end(text, at);
}

} // namespace cogate::catalog
