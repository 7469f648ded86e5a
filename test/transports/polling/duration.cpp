#include "transports/polling/duration.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <string_view>

namespace {

using cogate::transports::parse_duration;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(transports_polling)

BOOST_AUTO_TEST_CASE(durations_with_every_unit)
{
    BOOST_CHECK(parse_duration("20ms") == 20ms);
    BOOST_CHECK(parse_duration("1.5s") == 1500ms);
    BOOST_CHECK(parse_duration("250us") == 250us);
    BOOST_CHECK(parse_duration("7ns") == 7ns);
    BOOST_CHECK(parse_duration("2m") == 2min);
    BOOST_CHECK(parse_duration("1h") == 1h);
    BOOST_CHECK(parse_duration("0") == 0ns);
    BOOST_CHECK(parse_duration("24h") == 24h);
}

BOOST_AUTO_TEST_CASE(what_is_no_duration)
{
    for (const std::string_view text :
         {"", "20", "ms", "-1s", "1 s", "1sec", "1e3s", "nan", "inf", "25h", "+1s"}) {
        BOOST_CHECK_MESSAGE(!parse_duration(text), "'" << text << "' was taken");
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
