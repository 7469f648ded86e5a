#pragma once
/// What a character is to the split patterns of the encodings: its general category of Unicode 16.0, but
/// White_Space first. Thread safety: any thread.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace cogate::catalog {

/// The numbers are those of data/unicode_classes.runs.
enum class char_class : std::uint8_t {
    other,  ///< symbols, punctuation, controls, unassigned; an ill-formed piece of UTF-8 too
    upper,  ///< Lu Lt
    lower,  ///< Ll
    letter, ///< Lm Lo
    mark,   ///< M
    number, ///< N
    space,  ///< White_Space, line ends included
};

/// A class for every code point: pages of 128, equal pages kept once (some 40 KiB).
class class_table {
public:
    /// `runs`: as data/make.py writes them; what they leave open is `other`.
    explicit class_table(std::span<std::uint8_t const> runs);

    /// Precondition: code <= 0x10FFFF.
    char_class of(char32_t code) const noexcept
    {
        return classes_[pages_[code / page_size] * page_size + code % page_size];
    }
    char_class of_ascii(unsigned char byte) const noexcept { return classes_[byte]; }

    /// The one in the binary, read at the first call.
    static class_table const& instance();

private:
    static constexpr std::size_t page_size = 128;

    std::array<std::uint16_t, 0x110000 / page_size> pages_{};
    std::vector<char_class> classes_;
};

/// Reads a text character by character. Borrows the text and the table.
class char_reader {
public:
    struct character {
        char_class is;
        std::uint8_t length; ///< in bytes
    };

    explicit char_reader(std::string_view text, class_table const& table = class_table::instance()) noexcept
        : table_(&table), text_(text)
    {}

    std::string_view text() const noexcept { return text_; }
    std::size_t size() const noexcept { return text_.size(); }

    /// The character that begins at byte `at`. Precondition: at < size().
    character operator[](std::size_t at) const noexcept
    {
        auto const byte = static_cast<unsigned char>(text_[at]);
        return byte < 0x80 ? character{table_->of_ascii(byte), 1} : beyond_ascii(at);
    }

    /// The first byte from `from` on whose character `belongs` refuses; size() when there is none.
    template <class Predicate>
    std::size_t skip(std::size_t from, Predicate belongs) const noexcept
    {
        while (from != text_.size()) {
            character const here = (*this)[from];
            if (!belongs(here.is)) {
                break;
            }
            from += here.length;
        }
        return from;
    }

private:
    character beyond_ascii(std::size_t at) const noexcept;

    class_table const* table_;
    std::string_view text_;
};

} // namespace cogate::catalog
