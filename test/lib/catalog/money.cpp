#include <cogate/money.hpp>

#include <boost/test/unit_test.hpp>

#include <limits>
#include <sstream>
#include <string>
#include <utility>

#include "lib/catalog/decimal.hpp"
#include "test/common/seeded.hpp"

using namespace cogate;
using catalog::scale_decimal;
using catalog::scaled;

namespace {

std::optional<std::int64_t> nanos(std::string_view text)
{
    auto const parsed = money::parse(text);
    return parsed ? std::optional(parsed->nanos()) : std::nullopt;
}

std::optional<std::int64_t> picos(std::string_view text, int power = 0)
{
    auto const parsed = unit_price::parse(text, power);
    return parsed ? std::optional(parsed->picos()) : std::nullopt;
}

} // namespace

BOOST_AUTO_TEST_SUITE(catalog_money)

BOOST_AUTO_TEST_CASE(amounts_are_read_from_decimal_text)
{
    std::pair<char const*, std::int64_t> const rows[] = {
        {"0", 0},
        {"1", 1'000'000'000},
        {"0.000012", 12'000},
        {"1.5e-07", 150},
        {"1.5E-7", 150},
        {"-2.25", -2'250'000'000},
        {"+.5", 500'000'000},
        {"5.", 5'000'000'000},
        {"0.30000000000000004", 300'000'000},
        {"1e3", 1'000'000'000'000},
        {"0.0000000005", 0}, // half to even: down to 0
        {"0.0000000015", 2}, // half to even: up to 2
        {"0.0000000025", 2}, // half to even: down to 2
        {"0.00000000250000000000000000000000000001", 3},
        {"9223372036.854775807", 9'223'372'036'854'775'807},
        {"-9223372036.854775808", std::numeric_limits<std::int64_t>::min()},
        {"1e-999999999999999999999999", 0},
        {"0e999999999999999999999999", 0},
        {"10000000000000000000e-19", 1'000'000'000},
        {"00012", 12'000'000'000},
    };
    for (auto const& [text, expected] : rows) {
        BOOST_TEST_CONTEXT(text)
        {
            BOOST_TEST((nanos(text) == expected));
        }
    }
}

BOOST_AUTO_TEST_CASE(other_texts_are_no_amounts)
{
    for (char const* text :
         {"", "-", ".", "e5", "1e", "1e+", "0x10", " 1", "1 ", "1,5", "1.2.3", "--1", "NaN", "inf", "$1",
          "9223372036.854775808", "1e19", "1e99999999999999999999", "1_000"}) {
        BOOST_TEST_CONTEXT(text)
        {
            BOOST_TEST(!nanos(text));
        }
    }
}

BOOST_AUTO_TEST_CASE(prices_are_pico_dollars_and_never_silently_zero)
{
    BOOST_TEST((picos("2.5e-06") == 2'500'000));
    BOOST_TEST((picos("2.5", 6) == 2'500'000));
    BOOST_TEST((picos("0.0028", 6) == 2'800)); // a cached token at 0.0028 USD per million
    BOOST_TEST((picos("0.0002833333333333333") == 283'333'333));
    BOOST_TEST((picos("0") == 0));
    BOOST_TEST((picos("0.0", 6) == 0));
    BOOST_TEST(!picos("-0.1"));
    BOOST_TEST(!picos("1e-20"));
    BOOST_TEST(!picos("1e9"));
    BOOST_TEST(to_string(unit_price::from_picos(2'500'000)) == "0.0000025");
    BOOST_TEST(to_string(unit_price::from_picos(2'800), 6) == "0.0028");
}

BOOST_AUTO_TEST_CASE(amounts_are_written_without_exponent)
{
    BOOST_TEST(to_string(money()) == "0");
    BOOST_TEST(to_string(money::from_nanos(12'000)) == "0.000012");
    BOOST_TEST(to_string(money::from_nanos(-1)) == "-0.000000001");
    BOOST_TEST(to_string(money::from_nanos(1'500'000'000)) == "1.5");
    BOOST_TEST(to_string(money::min()) == "-9223372036.854775808");
    std::ostringstream out;
    out << money::from_nanos(70);
    BOOST_TEST(out.str() == "0.00000007");
}

BOOST_AUTO_TEST_CASE(arithmetic_refuses_to_wrap)
{
    money const one = money::from_nanos(1);
    BOOST_TEST(!checked_add(money::max(), one));
    BOOST_TEST(!checked_subtract(money::min(), one));
    BOOST_TEST(!checked_multiply(money::max(), 2));
    BOOST_TEST((checked_add(one, one) == money::from_nanos(2)));
    BOOST_TEST((checked_multiply(one, -3) == money::from_nanos(-3)));
}

BOOST_AUTO_TEST_CASE(text_and_amount_round_trip)
{
    test::seeded random(1);
    for (int i = 0; i < 20'000; ++i) {
        auto const bits = static_cast<int>(random.below(64));
        money const amount = money::from_nanos(static_cast<std::int64_t>(random()) >> bits);
        BOOST_REQUIRE((money::parse(to_string(amount)) == amount));
    }
}

BOOST_AUTO_TEST_CASE(addition_is_commutative_and_associative)
{
    test::seeded random(2);
    for (int i = 0; i < 20'000; ++i) {
        money const a = money::from_nanos(static_cast<std::int64_t>(random()) >> 3);
        money const b = money::from_nanos(static_cast<std::int64_t>(random()) >> 3);
        money const c = money::from_nanos(static_cast<std::int64_t>(random()) >> 3);
        BOOST_REQUIRE((checked_add(a, b) == checked_add(b, a)));
        BOOST_REQUIRE((checked_add(*checked_add(a, b), c) == checked_add(a, *checked_add(b, c))));
        BOOST_REQUIRE((checked_subtract(*checked_add(a, b), b) == a));
    }
}

// The same number however its point and exponent are placed.
BOOST_AUTO_TEST_CASE(spelling_does_not_matter)
{
    test::seeded random(3);
    for (int i = 0; i < 20'000; ++i) {
        std::string digits = std::to_string(random() >> random.below(60));
        auto const shift = static_cast<int>(random.below(30));
        std::string const plain = digits + "e-" + std::to_string(shift);
        auto const point = random.below(digits.size() + 1);
        auto const behind = static_cast<int>(digits.size() - point);
        digits.insert(point, ".");
        std::string const pointed = digits + "e" + std::to_string(behind - shift);
        BOOST_REQUIRE_MESSAGE((scale_decimal(plain, 9) == scale_decimal(pointed, 9)),
                              plain << " " << pointed);
    }
}

BOOST_AUTO_TEST_CASE(rounding_is_to_the_nearest_and_ties_go_to_even)
{
    test::seeded random(4);
    for (int i = 0; i < 20'000; ++i) {
        auto const whole = static_cast<std::int64_t>(random() >> 16);
        auto const rest = static_cast<std::int64_t>(random.below(1000));
        std::string fraction = std::to_string(rest);
        fraction.insert(0, 3 - fraction.size(), '0');
        bool const up = rest > 500 || (rest == 500 && whole % 2 != 0);
        auto const found = scale_decimal(std::to_string(whole) + "." + fraction, 0);
        BOOST_REQUIRE((found == scaled{whole + (up ? 1 : 0), rest == 0}));
    }
}

BOOST_AUTO_TEST_CASE(any_bytes_are_safe)
{
    test::seeded random(5);
    std::string_view const letters = "0123456789+-.eE x";
    for (int i = 0; i < 50'000; ++i) {
        std::string text;
        for (std::size_t n = random.below(24); n > 0; --n) {
            text += letters[random.below(letters.size())];
        }
        auto const found = scale_decimal(text, static_cast<int>(random.below(19)));
        BOOST_REQUIRE(!found || text.find_first_of("0123456789") != std::string::npos);
    }
    BOOST_TEST((scale_decimal(std::string(1'000'000, '0') + "7", 0) == scaled{7, true}));
    BOOST_TEST(!scale_decimal(std::string(1'000'000, '9'), 0));
}

BOOST_AUTO_TEST_SUITE_END()
