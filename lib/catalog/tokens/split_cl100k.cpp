#include "lib/catalog/tokens/split_common.hpp"
#include "lib/catalog/tokens/splitter.hpp"

namespace cogate::catalog {

/// (?i:'s|'t|'re|'ve|'m|'ll|'d)
/// [^\r\n\p{L}\p{N}]?\p{L}+
/// \p{N}{1,3}
///  ?[^\s\p{L}\p{N}]+[\r\n]*
/// \s*[\r\n]+
/// \s+(?!\S)
/// \s+
std::size_t cl100k_piece_end(char_reader const& text, std::size_t at) noexcept
{
    if (std::size_t const length = split::contraction(text, at); length != 0) {
        return at + length;
    }
    auto const first = text[at];
    if (split::is_letter(first.is)) {
        return text.skip(at + first.length, split::is_letter);
    }
    if (first.is == char_class::number) {
        return split::numbers_end(text, at);
    }
    if (split::may_lead_word(text, at)) {
        std::size_t const begin = at + first.length;
        if (std::size_t const end = text.skip(begin, split::is_letter); end != begin) {
            return end;
        }
    }
    if (std::size_t end = split::symbols_end(text, at); end != at) {
        while (end != text.size() && split::is_line_end(text.text()[end])) {
            ++end;
        }
        return end;
    }
    return split::space_end(text, at);
}

} // namespace cogate::catalog
