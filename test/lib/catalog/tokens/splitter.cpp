#include "lib/catalog/tokens/splitter.hpp"

#include "lib/core/utf8.hpp"
#include "test/common/seeded.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

using cogate::catalog::char_class;
using cogate::catalog::char_reader;

BOOST_AUTO_TEST_SUITE(catalog_tokens_splitter)

namespace {

using piece_end = std::size_t (*)(char_reader const&, std::size_t) noexcept;

std::vector<std::string> pieces(piece_end end_of, std::string_view text)
{
    char_reader const reader(text);
    std::vector<std::string> out;
    for (std::size_t at = 0; at != text.size();) {
        std::size_t const end = end_of(reader, at);
        BOOST_REQUIRE(end > at);
        BOOST_REQUIRE(end <= text.size());
        out.emplace_back(text.substr(at, end - at));
        at = end;
    }
    return out;
}

/// The patterns once more, as a backtracking matcher tries them: a character set and how often.
struct atom {
    std::string set;
    std::size_t least;
    std::size_t most;
};
using pattern = std::vector<atom>;

constexpr std::size_t many = 1000;

/// A set: letters name classes (U L O M N, s white space), other signs are themselves, ^ negates.
bool in_set(std::string_view set, char_reader const& text, std::size_t at)
{
    bool const negated = set.starts_with('^');
    std::string_view const c = text.text().substr(at, text[at].length);
    bool found = false;
    for (char const sign : set.substr(negated ? 1 : 0)) {
        char_class const is = text[at].is;
        switch (sign) {
        case 'U': found |= is == char_class::upper; break;
        case 'L': found |= is == char_class::lower; break;
        case 'O': found |= is == char_class::letter; break;
        case 'M': found |= is == char_class::mark; break;
        case 'N': found |= is == char_class::number; break;
        case 's': found |= is == char_class::space; break;
        default: found |= c == std::string_view(&sign, 1); break;
        }
    }
    return found != negated;
}

using follow = std::function<bool(std::size_t)>;

/// Greedy, then fewer and fewer; `then` says whether the rest can match from there.
bool match(pattern const& p, std::size_t i, char_reader const& text, std::size_t at, follow const& then)
{
    if (i == p.size()) {
        return then(at);
    }
    std::vector<std::size_t> ends{at};
    while (ends.size() <= p[i].most && ends.back() != text.size() && in_set(p[i].set, text, ends.back())) {
        ends.push_back(ends.back() + text[ends.back()].length);
    }
    for (std::size_t count = ends.size(); count-- > p[i].least;) {
        if (match(p, i + 1, text, ends[count], then)) {
            return true;
        }
    }
    return false;
}

std::optional<std::size_t> end_of_first(std::vector<pattern> const& alternatives, char_reader const& text,
                                        std::size_t at, bool lookahead = false)
{
    std::optional<std::size_t> end;
    auto const take = [&](std::size_t there) {
        if (lookahead && there != text.size() && text[there].is != char_class::space) {
            return false;
        }
        end = there;
        return true;
    };
    for (pattern const& each : alternatives) {
        if (match(each, 0, text, at, take)) {
            return end;
        }
    }
    return std::nullopt;
}

std::optional<std::size_t> contraction(char_reader const& text, std::size_t at)
{
    for (std::string_view const c :
         {"'s",  "'S",  "'\xC5\xBF", "'t", "'T",  "'re", "'rE", "'Re", "'RE", "'ve", "'vE",
          "'Ve", "'VE", "'m",        "'M", "'ll", "'lL", "'Ll", "'LL", "'d",  "'D"}) {
        if (text.text().substr(at).starts_with(c)) {
            return at + c.size();
        }
    }
    return std::nullopt;
}

std::size_t end_of_rest(std::string const& tail, char_reader const& text, std::size_t at)
{
    auto const symbols = end_of_first({{{"N", 1, 3}},
                                       {{" ", 0, 1}, {"^sULON", 1, many}, {tail, 0, many}},
                                       {{"s", 0, many}, {"\r\n", 1, many}}},
                                      text, at);
    if (symbols) {
        return *symbols;
    }
    auto const before_space = end_of_first({{{"s", 1, many}}}, text, at, true);
    return before_space ? *before_space : end_of_first({{{"s", 1, many}}}, text, at).value();
}

std::size_t cl100k_by_trying(char_reader const& text, std::size_t at)
{
    if (auto const end = contraction(text, at)) {
        return *end;
    }
    auto const word = end_of_first({{{"^\r\nULON", 0, 1}, {"ULO", 1, many}}}, text, at);
    return word ? *word : end_of_rest("\r\n", text, at);
}

std::size_t o200k_by_trying(char_reader const& text, std::size_t at)
{
    auto const word = end_of_first({{{"^\r\nULON", 0, 1}, {"UOM", 0, many}, {"LOM", 1, many}},
                                    {{"^\r\nULON", 0, 1}, {"UOM", 1, many}, {"LOM", 0, many}}},
                                   text, at);
    return word ? contraction(text, *word).value_or(*word) : end_of_rest("\r\n/", text, at);
}

template <class EndOf>
void compare(piece_end scanner, EndOf trying, std::string const& text)
{
    char_reader const reader(text);
    for (std::size_t at = 0; at != text.size();) {
        std::size_t const wanted = trying(reader, at);
        BOOST_TEST_CONTEXT("at byte " << at << " of " << text)
        {
            BOOST_REQUIRE_EQUAL(scanner(reader, at), wanted);
        }
        at = wanted;
    }
}

/// One or more of every class, and every sign that a pattern names.
constexpr std::array alphabet{
    U'a',      U's',      U't',      U'r',      U'e',      U'l',      U'd',      U'A',          U'S',
    U'V',      U'E',      U'\'',     U'/',      U'!',      U' ',      U' ',      U'\n',         U'\r',
    U'\t',     U'1',      U'2',      U'_',      U'\u017F', U'\u01C5', U'\u02B0', U'\u4E2D',     U'\u0301',
    U'\u00BD', U'\u2163', U'\u00A0', U'\u0085', U'\u3000', U'\uFEFF', U'\u200B', U'\U0001F600', U'\U0001D400',
};

} // namespace

BOOST_AUTO_TEST_CASE(pieces_of_both_patterns)
{
    using list = std::vector<std::string>;
    using namespace cogate::catalog;
    BOOST_TEST(pieces(cl100k_piece_end, "I'm  HTTPServer's\n\n 12345!") ==
                   (list{"I", "'m", " ", " HTTPServer", "'s", "\n\n", " ", "123", "45", "!"}),
               boost::test_tools::per_element());
    BOOST_TEST(pieces(o200k_piece_end, "I'm  HTTPServer's\n\n 12345!/\n/x") ==
                   (list{"I'm", " ", " HTTPServer's", "\n\n", " ", "123", "45", "!/\n/", "x"}),
               boost::test_tools::per_element());
    BOOST_TEST(pieces(o200k_piece_end, "fooBar FOO") == (list{"foo", "Bar", " FOO"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(letters_without_case_end_a_word_of_capitals)
{
    using list = std::vector<std::string>;
    BOOST_TEST(pieces(cogate::catalog::o200k_piece_end, "A\xE4\xB8\xAD"
                                                        "BC") == (list{"A\xE4\xB8\xAD", "BC"}),
               boost::test_tools::per_element());
    BOOST_TEST(pieces(cogate::catalog::o200k_piece_end, "\xCC\x81"
                                                        "AB") == (list{"\xCC\x81", "AB"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(scanners_do_what_a_backtracking_matcher_does)
{
    cogate::test::seeded random(5);
    for (int round = 0; round != 6000; ++round) {
        std::string text;
        for (std::size_t left = 1 + random.below(14); left != 0; --left) {
            cogate::core::append_utf8(text, alphabet[random.below(alphabet.size())]);
        }
        compare(cogate::catalog::cl100k_piece_end, cl100k_by_trying, text);
        compare(cogate::catalog::o200k_piece_end, o200k_by_trying, text);
    }
}

BOOST_AUTO_TEST_CASE(ill_formed_bytes_are_symbols)
{
    using list = std::vector<std::string>;
    BOOST_TEST(pieces(cogate::catalog::cl100k_piece_end, "\xE4\xB8"
                                                         "a \xFF\xC0!") == (list{"\xE4\xB8"
                                                                                 "a",
                                                                                 " \xFF\xC0!"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(classes_are_those_of_unicode_16)
{
    auto const& table = cogate::catalog::class_table::instance();
    BOOST_TEST((table.of(U'\u01C5') == char_class::upper));
    BOOST_TEST((table.of(U'\u00AA') == char_class::letter));
    BOOST_TEST((table.of(U'\u20DD') == char_class::mark));
    BOOST_TEST((table.of(U'\u00B2') == char_class::number));
    BOOST_TEST((table.of(U'\u2028') == char_class::space));
    BOOST_TEST((table.of(U'\uFEFF') == char_class::other));
    BOOST_TEST((table.of(U'\U00010D50') == char_class::upper)); // Garay, new in 16.0
    BOOST_TEST((table.of(U'\U0010FFFF') == char_class::other));
}

BOOST_AUTO_TEST_SUITE_END()
