#include "lib/catalog/tokens/char_class.hpp"

#include "lib/catalog/tokens/embedded.hpp"
#include "lib/core/utf8.hpp"

#include <algorithm>
#include <map>
#include <string>

namespace cogate::catalog {

namespace {

std::vector<char_class> expand(std::span<std::uint8_t const> runs, std::size_t size)
{
    std::vector<char_class> classes;
    classes.reserve(size);
    std::uint64_t number = 0;
    unsigned shift = 0;
    for (std::uint8_t const byte : runs) {
        number |= std::uint64_t{byte & 0x7Fu} << shift;
        shift += 7;
        if ((byte & 0x80) == 0) {
            std::size_t const length = std::min<std::size_t>(number / 8, size - classes.size());
            classes.insert(classes.end(), length, static_cast<char_class>(number % 8));
            number = 0;
            shift = 0;
        }
    }
    classes.resize(size, char_class::other);
    return classes;
}

} // namespace

class_table::class_table(std::span<std::uint8_t const> runs)
{
    std::vector<char_class> const all = expand(runs, pages_.size() * page_size);
    std::map<std::string, std::uint16_t> kept;
    for (std::size_t page = 0; page != pages_.size(); ++page) {
        auto const first = all.begin() + static_cast<std::ptrdiff_t>(page * page_size);
        std::string content;
        std::transform(first, first + page_size, std::back_inserter(content),
                       [](char_class c) { return static_cast<char>(c); });
        auto const [at, fresh] =
            kept.try_emplace(std::move(content), static_cast<std::uint16_t>(kept.size()));
        if (fresh) {
            classes_.insert(classes_.end(), first, first + page_size);
        }
        pages_[page] = at->second;
    }
}

class_table const& class_table::instance()
{
    static class_table const table(unicode_class_runs());
    return table;
}

char_reader::character char_reader::beyond_ascii(std::size_t at) const noexcept
{
    char const* const p = text_.data() + at;
    char const* const last = text_.data() + text_.size();
    auto const bits = [p](std::size_t i) { return static_cast<char32_t>(p[i] & 0x3F); };
    core::utf8_tail const tail = core::utf8_lead(static_cast<unsigned char>(*p));
    std::size_t const length = core::ill_formed_length(p, last);
    if (tail.need == 0 || length != tail.need + 1u) {
        return {char_class::other, static_cast<std::uint8_t>(length)};
    }
    char32_t code = static_cast<char32_t>(static_cast<unsigned char>(*p) & (0x3F >> tail.need));
    for (std::size_t i = 1; i != length; ++i) {
        code = code << 6 | bits(i);
    }
    return {table_->of(code), static_cast<std::uint8_t>(length)};
}

} // namespace cogate::catalog
