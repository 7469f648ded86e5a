#include "transports/mock_server/latency_model.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <random>
#include <string_view>
#include <vector>

namespace {

using namespace cogate::transports::mock;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(transports_mock_server)

BOOST_AUTO_TEST_CASE(latency_models_are_read)
{
    const auto fixed = parse_latency_model("20ms");
    BOOST_REQUIRE(fixed.has_value());
    BOOST_CHECK(fixed->kind == latency_model::shape::fixed && fixed->base == 20ms);

    const auto lognormal = parse_latency_model("lognormal:30ms,0.5");
    BOOST_REQUIRE(lognormal.has_value());
    BOOST_CHECK(lognormal->kind == latency_model::shape::lognormal && lognormal->base == 30ms);
    BOOST_CHECK_EQUAL(lognormal->sigma, 0.5);

    const auto bimodal = parse_latency_model("bimodal:20ms,0.02,10");
    BOOST_REQUIRE(bimodal.has_value());
    BOOST_CHECK_EQUAL(bimodal->slow_share, 0.02);
    BOOST_CHECK_EQUAL(bimodal->slow_factor, 10);
}

BOOST_AUTO_TEST_CASE(bad_latency_models_are_refused)
{
    for (const std::string_view text :
         {"", "20", "uniform:1ms,2", "lognormal:1ms", "lognormal:1ms,x", "bimodal:1ms,2,3", "bimodal:1ms,0.1",
          "lognormal:,1", "bimodal:1ms,0.1,5,6"}) {
        BOOST_CHECK_MESSAGE(!parse_latency_model(text), "'" << text << "' was taken");
    }
}

BOOST_AUTO_TEST_CASE(draws_follow_their_shape_and_their_seed)
{
    std::mt19937_64 random(7);
    std::mt19937_64 same(7);
    const latency_model lognormal = *parse_latency_model("lognormal:10ms,0.5");
    std::vector<std::chrono::nanoseconds> draws;
    for (int i = 0; i < 4001; ++i) {
        draws.push_back(lognormal.sample(random));
        BOOST_REQUIRE(draws.back() == lognormal.sample(same));
    }
    std::nth_element(draws.begin(), draws.begin() + 2000, draws.end());
    BOOST_CHECK(draws[2000] > 9ms && draws[2000] < 11ms);

    const latency_model bimodal = *parse_latency_model("bimodal:10ms,0.25,4");
    int slow = 0;
    for (int i = 0; i < 4000; ++i) {
        const auto drawn = bimodal.sample(random);
        BOOST_REQUIRE(drawn == 10ms || drawn == 40ms);
        slow += drawn == 40ms ? 1 : 0;
    }
    BOOST_CHECK(slow > 850 && slow < 1150);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
