#include "lib/cli/replay/speed_fit.hpp"
#include "lib/policy/simulation/luck.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>

using namespace cogate::cli::replay;

namespace {

struct truth {
    double base = 0.2;
    double per_prompt_token = 1e-4;
    double inter_token = 0.012;
    double slow_share = 0.02;
};

std::vector<sample> draw(truth const& of, bool stream, std::size_t count)
{
    cogate::policy::simulation::luck luck(7);
    std::vector<sample> out;
    for (std::size_t i = 0; i != count; ++i) {
        sample next;
        next.prompt = 50 + 4'000 * luck.share();
        next.completion = 20 + std::floor(300 * luck.share());
        double const first = (of.base + of.per_prompt_token * next.prompt) * std::exp(0.1 * luck.normal()) *
                             (luck.share() < of.slow_share ? 10 : 1);
        next.first_token = stream ? first : 0;
        next.total = first + of.inter_token * next.completion;
        out.push_back(next);
    }
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(cli_replay_speed_fit)

BOOST_AUTO_TEST_CASE(lines_are_found_past_outliers)
{
    std::vector<std::pair<double, double>> points;
    for (int i = 0; i != 400; ++i) {
        points.emplace_back(i, i % 50 == 7 ? 1e4 : 3 + 0.5 * i);
    }
    auto const [base, slope] = fit_line(points);
    BOOST_TEST(base == 3, boost::test_tools::tolerance(0.1));
    BOOST_TEST(slope == 0.5, boost::test_tools::tolerance(0.01));
    BOOST_TEST((fit_line({}) == std::pair(0.0, 0.0)));
    BOOST_TEST((fit_line({{5, 2}, {5, 4}, {5, 3}}) == std::pair(3.0, 0.0)));
    // A falling line has no slope, one that would begin below zero begins at zero.
    BOOST_TEST(fit_line({{1, 9}, {2, 1}}).second == 0);
    BOOST_TEST(fit_line(std::vector<std::pair<double, double>>(20, {10, 0})).first == 0);
}

BOOST_AUTO_TEST_CASE(a_stream_tells_everything)
{
    speed const found = fit_speed(draw({}, true, 3'000), 1);
    BOOST_TEST(found.base == 0.2, boost::test_tools::tolerance(0.1));
    BOOST_TEST(found.per_prompt_token == 1e-4, boost::test_tools::tolerance(0.1));
    BOOST_TEST(found.inter_token == 0.012, boost::test_tools::tolerance(0.02));
    BOOST_TEST(found.spread == 0.1, boost::test_tools::tolerance(0.15));
    BOOST_TEST(found.slow_share == 0.02, boost::test_tools::tolerance(0.3));
    BOOST_TEST(found.slow_factor == 10, boost::test_tools::tolerance(0.15));
}

BOOST_AUTO_TEST_CASE(whole_answers_tell_a_token_from_a_prompt)
{
    speed const found = fit_speed(draw({.slow_share = 0}, false, 3'000), 1);
    BOOST_TEST(found.inter_token == 0.012, boost::test_tools::tolerance(0.05));
    BOOST_TEST(found.base + 2'000 * found.per_prompt_token == 0.4, boost::test_tools::tolerance(0.25));
}

BOOST_AUTO_TEST_CASE(a_slow_hour_is_no_tail)
{
    std::vector<sample> samples = draw({.slow_share = 0}, true, 1'000);
    for (std::size_t i = 800; i != samples.size(); ++i) {
        samples[i].bucket = 1;
        samples[i].total += 4 * samples[i].first_token;
        samples[i].first_token *= 5;
    }
    speed const found = fit_speed(samples, 2);
    BOOST_TEST(found.slow_share < 0.01);
    BOOST_TEST(found.factors[1] / found.factors[0] == 5, boost::test_tools::tolerance(0.1));
}

BOOST_AUTO_TEST_CASE(nothing_known_is_an_ordinary_lane)
{
    speed const found = fit_speed({}, 3);
    BOOST_TEST(found.base == 0.3);
    BOOST_TEST(found.inter_token == 0.01);
    BOOST_TEST(found.factors.size() == 3U);
}

BOOST_AUTO_TEST_SUITE_END()
