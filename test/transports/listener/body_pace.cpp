#include "transports/listener/body_pace.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <limits>

BOOST_AUTO_TEST_SUITE(transports_listener_body_pace)

using namespace cogate::transports;
using namespace std::chrono_literals;

namespace {

constexpr body_pace::time start{1000s};

} // namespace

BOOST_AUTO_TEST_CASE(silence_is_free_for_the_grace_only)
{
    body_pace pace(1024, 60s);
    pace.wait(start);
    BOOST_TEST((pace.due() == start + 10s));
}

BOOST_AUTO_TEST_CASE(bytes_earn_time)
{
    body_pace pace(1024, 60s);
    pace.wait(start);
    pace.came(1024);
    BOOST_TEST((pace.due() == start + 11s));
    pace.came(512);
    BOOST_TEST((pace.due() == start + 11500ms));
}

BOOST_AUTO_TEST_CASE(a_drip_over_many_reads_runs_out)
{
    body_pace pace(1024, 60s);
    body_pace::time now = start;
    int reads = 0;
    for (; reads < 100; ++reads) {
        pace.wait(now);
        if (pace.due() <= now + 1s) {
            break;
        }
        now += 1s;
        pace.came(1);
        pace.waited(now);
    }
    BOOST_TEST(reads == 10);
}

BOOST_AUTO_TEST_CASE(the_handlers_own_time_does_not_count)
{
    body_pace pace(1024, 60s);
    body_pace::time now = start;
    for (int i = 0; i < 100; ++i) {
        pace.wait(now);
        BOOST_TEST((pace.due() > now + 1s));
        now += 1s;
        pace.came(1024);
        pace.waited(now);
        now += 30s;
    }
}

BOOST_AUTO_TEST_CASE(one_wait_is_bounded_however_much_came_before)
{
    body_pace pace(1024, 60s);
    pace.came(std::size_t{1} << 40);
    pace.wait(start);
    BOOST_TEST((pace.due() == start + 60s));
    pace.came(std::numeric_limits<std::uint32_t>::max());
    BOOST_TEST((pace.due() == start + 60s));
}

BOOST_AUTO_TEST_CASE(without_a_rate_only_the_longest_wait_holds)
{
    body_pace pace(0, 60s);
    for (int i = 0; i < 3; ++i) {
        pace.wait(start);
        BOOST_TEST((pace.due() == start + 60s));
        pace.waited(start + 50s);
    }
}

BOOST_AUTO_TEST_CASE(another_body_begins_anew)
{
    body_pace pace(1024, 60s);
    pace.wait(start);
    pace.waited(start + 9s);
    pace.reset();
    pace.wait(start + 100s);
    BOOST_TEST((pace.due() == start + 110s));
}

BOOST_AUTO_TEST_SUITE_END()
