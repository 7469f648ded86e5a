#include "lib/config/quantity.hpp"

#include <boost/test/unit_test.hpp>

using namespace cogate::config;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(config_quantity)

BOOST_AUTO_TEST_CASE(durations)
{
    BOOST_TEST((parse_duration("30") == 30s));
    BOOST_TEST((parse_duration("0.5") == 500ms));
    BOOST_TEST((parse_duration("6e3") == 6000s));
    BOOST_TEST((parse_duration("250ms") == 250ms));
    BOOST_TEST((parse_duration("30 s") == 30s));
    BOOST_TEST((parse_duration("10m") == 10min));
    BOOST_TEST((parse_duration("720h") == 720h));
    for (const char* const bad :
         {"", "s", "-1", "0", "0.0001", "721h", "1e300", "inf", "nan", "5 weeks", "1s1", " 1"}) {
        BOOST_TEST(!parse_duration(bad).has_value(), bad);
    }
}

BOOST_AUTO_TEST_CASE(delays_may_be_zero)
{
    for (const char* const none : {"0", "0.0", "0ms", "0 h"}) {
        BOOST_TEST((parse_delay(none) == 0ms), none);
    }
    BOOST_TEST((parse_delay("0.25") == 250ms));
    for (const char* const bad : {"", "-1", "0.0001", "0 weeks", "721h"}) {
        BOOST_TEST(!parse_delay(bad).has_value(), bad);
    }
}

BOOST_AUTO_TEST_CASE(numbers)
{
    BOOST_TEST(parse_number("0.05").value() == 0.05);
    BOOST_TEST(parse_number("-2").value() == -2.0);
    BOOST_TEST(parse_number("5e-2").value() == 0.05);
    for (const char* const bad : {"", "x", "1 ", " 1", "1%", "inf", "nan", "1e999"}) {
        BOOST_TEST(!parse_number(bad).has_value(), bad);
    }
}

BOOST_AUTO_TEST_CASE(bytes)
{
    BOOST_TEST(parse_bytes("0").value() == 0);
    BOOST_TEST(parse_bytes("1048576").value() == 1048576);
    BOOST_TEST(parse_bytes("64KiB").value() == 65536);
    BOOST_TEST(parse_bytes("2 MiB").value() == 2097152);
    BOOST_TEST(parse_bytes("1GiB").value() == 1073741824);
    for (const char* const bad :
         {"", "MiB", "-1", "1.5MiB", "1MB", "9223372036854775807KiB", "99999999999999999999"}) {
        BOOST_TEST(!parse_bytes(bad).has_value(), bad);
    }
}

BOOST_AUTO_TEST_CASE(booleans)
{
    for (const char* const word : {"true", "True", "YES", "on", "1", "y"}) {
        BOOST_TEST(parse_boolean(word).value(), word);
    }
    for (const char* const word : {"false", "No", "OFF", "0", "n"}) {
        BOOST_TEST(!parse_boolean(word).value(), word);
    }
    BOOST_TEST(!parse_boolean("").has_value());
    BOOST_TEST(!parse_boolean("2").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
