#include "lib/catalog/tokens/split_common.hpp"

#include "lib/core/text.hpp"

#include <string_view>

namespace cogate::catalog::split {

bool may_lead_word(char_reader const& text, std::size_t at) noexcept
{
    char_class const c = text[at].is;
    return !is_letter(c) && c != char_class::number && !is_line_end(text.text()[at]);
}

std::size_t contraction(char_reader const& text, std::size_t at) noexcept
{
    std::string_view const rest = text.text().substr(at, 3);
    if (rest.size() < 2 || rest[0] != '\'') {
        return 0;
    }
    char const first = core::lower(rest[1]);
    if (first == 's' || first == 't' || first == 'm' || first == 'd') {
        return 2;
    }
    if (rest.size() < 3) {
        return 0;
    }
    char const second = core::lower(rest[2]);
    bool const pair = ((first == 'r' || first == 'v') && second == 'e') || (first == 'l' && second == 'l');
    // U+017F, the long s, is an s to a pattern that ignores case.
    bool const long_s = rest[1] == '\xC5' && rest[2] == '\xBF';
    return pair || long_s ? 3 : 0;
}

std::size_t numbers_end(char_reader const& text, std::size_t at) noexcept
{
    for (int count = 0; count != 3 && at != text.size(); ++count) {
        auto const here = text[at];
        if (here.is != char_class::number) {
            break;
        }
        at += here.length;
    }
    return at;
}

std::size_t symbols_end(char_reader const& text, std::size_t at) noexcept
{
    std::size_t const begin = text.text()[at] == ' ' ? at + 1 : at;
    std::size_t const end = text.skip(begin, is_symbol);
    return end == begin ? at : end;
}

std::size_t space_end(char_reader const& text, std::size_t at) noexcept
{
    std::size_t last_line_end = 0;
    std::size_t last = at;
    std::size_t end = at;
    while (end != text.size()) {
        auto const here = text[end];
        if (here.is != char_class::space) {
            break;
        }
        last = end;
        end += here.length;
        if (is_line_end(text.text()[last])) {
            last_line_end = end;
        }
    }
    if (last_line_end != 0) {
        return last_line_end;
    }
    // The last space before a word or symbol is left to it; a lone one stands for itself.
    return end == text.size() || last == at ? end : last;
}

} // namespace cogate::catalog::split
