#include "lib/core/utf8.hpp"

#include <string>
#include <string_view>

#include <boost/test/unit_test.hpp>

using namespace cogate;

BOOST_AUTO_TEST_SUITE(core_utf8)

BOOST_AUTO_TEST_CASE(every_code_point_is_told_right)
{
    for (char32_t code = 0; code < 0x110000; ++code) {
        std::string text;
        core::append_utf8(text, code);
        const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
        if (core::is_utf8(text) == surrogate || core::is_utf8(text + "padding") == surrogate ||
            core::is_utf8("padding." + text + text) == surrogate) {
            BOOST_TEST_REQUIRE(false, "U+" << static_cast<unsigned>(code));
        }
        if (text.size() > 1 &&
            (core::is_utf8(text.substr(0, text.size() - 1)) || core::is_utf8(text.substr(1)) ||
             core::is_utf8(text.substr(0, text.size() - 1) + "abcd"))) {
            BOOST_TEST_REQUIRE(false, "part of U+" << static_cast<unsigned>(code));
        }
    }
}

BOOST_AUTO_TEST_CASE(every_two_and_three_byte_start)
{
    // The tables of the standard, written once more in another way.
    const auto well_formed = [](unsigned a, unsigned b, unsigned c) {
        const auto tail = [](unsigned x) { return x >= 0x80 && x <= 0xBF; };
        const unsigned code = (a & 0x0F) << 12 | (b & 0x3F) << 6 | (c & 0x3F);
        return a >= 0xE0 && a <= 0xEF && tail(b) && tail(c) && code >= 0x800 &&
               (code < 0xD800 || code > 0xDFFF);
    };
    for (unsigned a = 0x80; a < 0x100; ++a) {
        for (unsigned b = 0; b < 0x100; ++b) {
            const std::string two = {static_cast<char>(a), static_cast<char>(b)};
            const bool two_good = a >= 0xC2 && a <= 0xDF && b >= 0x80 && b <= 0xBF;
            if (core::is_utf8(two) != two_good || core::is_utf8(two + "....") != two_good) {
                BOOST_TEST_REQUIRE(false, a << " " << b);
            }
            for (unsigned c = 0x70; c < 0xD0; ++c) {
                const std::string three = two + static_cast<char>(c);
                const bool good = well_formed(a, b, c) || (two_good && c < 0x80);
                if (core::is_utf8(three) != good || core::is_utf8(three + "....") != good) {
                    BOOST_TEST_REQUIRE(false, a << " " << b << " " << c);
                }
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(ascii_and_empty)
{
    BOOST_TEST(core::is_utf8(""));
    BOOST_TEST(core::is_utf8(std::string_view("\0\x7F", 2)));
    BOOST_TEST(!core::is_utf8("0123456789\x80"));
    BOOST_TEST(!core::is_utf8("\xF5\x80\x80\x80"));
    BOOST_TEST(!core::is_utf8("\xF4\x90\x80\x80"));
}

BOOST_AUTO_TEST_SUITE_END()
