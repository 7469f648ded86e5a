#include "transports/http/reuse.hpp"

#include <boost/test/unit_test.hpp>

using cogate::transports::connection_facts;
using cogate::transports::may_reuse;

BOOST_AUTO_TEST_SUITE(transports_reuse)

BOOST_AUTO_TEST_CASE(only_an_exchange_without_any_doubt_lets_its_connection_live)
{
    // One bit per fact; the first three must be true, the others false.
    int allowed = 0;
    for (unsigned bits = 0; bits < 128; ++bits) {
        connection_facts facts;
        facts.request_written = (bits & 1U) != 0;
        facts.response_complete = (bits & 2U) != 0;
        facts.kept_alive = (bits & 4U) != 0;
        facts.bytes_left = (bits & 8U) != 0;
        facts.cancelled = (bits & 16U) != 0;
        facts.timed_out = (bits & 32U) != 0;
        facts.failed = (bits & 64U) != 0;
        BOOST_TEST(may_reuse(facts) == (bits == 7U));
        allowed += may_reuse(facts) ? 1 : 0;
    }
    BOOST_TEST(allowed == 1);
    BOOST_TEST(!may_reuse(connection_facts{}));
}

BOOST_AUTO_TEST_SUITE_END()
