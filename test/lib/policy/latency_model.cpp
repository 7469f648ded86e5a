#include "lib/policy/latency_model.hpp"
#include "test/common/seeded.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace std::chrono_literals;
using boost::test_tools::tolerance;
using cogate::policy::latency_fit;
using cogate::policy::latency_model;
using cogate::policy::peak_residual;
using cogate::policy::request_traits;
using cogate::policy::time_point;

constexpr time_point start{100s};

request_traits asking(std::uint32_t prompt, bool stream, std::uint32_t most = 0)
{
    return {.prompt_tokens = prompt, .max_output_tokens = most, .stream = stream};
}

} // namespace

BOOST_AUTO_TEST_SUITE(policy_latency_model)

BOOST_AUTO_TEST_CASE(a_line_is_found_in_both_sizes)
{
    cogate::test::seeded random(1);
    latency_fit fit;
    for (int i = 0; i != 200; ++i) {
        auto const prompt = static_cast<double>(random.below(8'000));
        auto const completion = static_cast<double>(random.below(500));
        fit.add(prompt, completion, 0.2 + 0.0005 * prompt + 0.02 * completion, 0.98);
    }
    BOOST_TEST(fit.at(0, 0) == 0.2, tolerance(0.02));
    BOOST_TEST(fit.at(4'000, 0) == 2.2, tolerance(0.01));
    BOOST_TEST(fit.at(4'000, 100) == 4.2, tolerance(0.01));
}

BOOST_AUTO_TEST_CASE(equal_sizes_give_a_level_line_and_nothing_is_negative)
{
    latency_fit fit;
    fit.add(1'000, 0, 2, 0.98);
    BOOST_TEST(fit.at(1'000, 0) == 2);
    BOOST_TEST(fit.at(0, 0) == 2);
    latency_fit falling;
    falling.add(100, 0, 5, 0.98);
    falling.add(4'000, 0, 1, 0.98);
    BOOST_TEST(falling.at(1'000'000, 0) > 0);
    latency_fit steep;
    steep.add(1'000, 0, 0.1, 0.98);
    steep.add(2'000, 0, 2, 0.98);
    BOOST_TEST(steep.at(0, 0) >= 0);
    BOOST_TEST(steep.at(1'500, 0) == 1.05, tolerance(0.05));
}

BOOST_AUTO_TEST_CASE(a_line_that_moves_is_followed_and_one_slow_answer_does_not_tilt_it)
{
    latency_fit fit;
    for (int i = 0; i != 100; ++i) {
        fit.add(100 * (i % 10), 0, 1 + 0.1 * (i % 10), 0.95);
    }
    fit.add(900, 0, 1'000, 0.95);
    BOOST_TEST(fit.at(900, 0) < 4);
    for (int i = 0; i != 100; ++i) {
        fit.add(100 * (i % 10), 0, 3 + 0.3 * (i % 10), 0.95);
    }
    BOOST_TEST(fit.at(500, 0) == 4.5, tolerance(0.02));
}

BOOST_AUTO_TEST_CASE(a_peak_counts_at_once_and_fades)
{
    peak_residual peak;
    BOOST_TEST(peak.at(start) == 0);
    peak.add(start, 2);
    BOOST_TEST(peak.at(start) == 2);
    BOOST_TEST(peak.at(start + 10s) == 2 / 2.71828, tolerance(0.001));
    peak.add(start, -1);
    BOOST_TEST(peak.at(start) == 2);
    peak.add(start + 20s, 5);
    BOOST_TEST(peak.at(start + 20s) == 5);
}

BOOST_AUTO_TEST_CASE(unseen_is_zero)
{
    latency_model model;
    BOOST_TEST(model.unknown());
    BOOST_TEST(model.predicted_first_token(1'000, start) == 0);
    BOOST_TEST(model.predicted_total(asking(1'000, true, 100), start) == 0);
    BOOST_TEST(model.typical(true, 5) == 0);
}

BOOST_AUTO_TEST_CASE(streams_are_first_token_and_the_time_between)
{
    latency_model model;
    time_point now = start;
    for (int i = 0; i != 60; ++i) {
        std::uint32_t const prompt = 100u + 50u * static_cast<std::uint32_t>(i % 20);
        double const first = 0.1 + prompt * 0.001;
        model.first_token(now, prompt, first);
        model.streamed(now, 101, first, first + 100 * 0.03);
        now += 1s;
    }
    BOOST_TEST(!model.unknown());
    BOOST_TEST(model.predicted_first_token(600, now + 60s) == 0.7, tolerance(0.02));
    BOOST_TEST(model.predicted_total(asking(600, true), now + 60s) == 0.7 + 101 * 0.03, tolerance(0.02));
    BOOST_TEST(model.predicted_total(asking(600, true, 10), now + 60s) == 0.7 + 10 * 0.03, tolerance(0.02));
    // The same for an answer that comes whole, of which none was seen.
    BOOST_TEST(model.predicted_total(asking(600, false), now + 60s) == 0.7 + 101 * 0.03, tolerance(0.02));
    BOOST_TEST(model.typical(true, 1'000) == 1.1, tolerance(0.02));
}

BOOST_AUTO_TEST_CASE(whole_answers_are_fitted_by_both_sizes)
{
    cogate::test::seeded random(2);
    latency_model model;
    time_point now = start;
    for (int i = 0; i != 100; ++i) {
        auto const prompt = static_cast<std::uint32_t>(random.below(2'000));
        auto const completion = static_cast<std::uint32_t>(20 + random.below(200));
        model.whole(now, prompt, completion, 0.1 + prompt * 0.001 + completion * 0.03);
        now += 500ms;
    }
    BOOST_TEST(model.predicted_total(asking(1'000, false, 10), now + 60s) == 1.4, tolerance(0.02));
    BOOST_TEST(model.predicted_first_token(1'000, now + 60s) == 1.1, tolerance(0.02));
    // One measure for requests of all sizes.
    double const small = model.normalised(false, 10, 20, 0.1 + 0.01 + 0.6);
    double const large = model.normalised(false, 2'000, 200, 0.1 + 2 + 6);
    BOOST_TEST(small == large, tolerance(0.03));
}

BOOST_AUTO_TEST_CASE(a_timeout_raises_the_prediction_for_a_while_only)
{
    latency_model model;
    model.first_token(start, 100, 1);
    model.late(start, 100, true, 30);
    BOOST_TEST(model.predicted_first_token(100, start) == 30, tolerance(1e-9));
    BOOST_TEST(model.predicted_first_token(100, start + 120s) == 1, tolerance(0.001));
}

BOOST_AUTO_TEST_CASE(expected_completions_are_what_was_seen_within_what_is_allowed)
{
    latency_model model;
    BOOST_TEST(model.expected_completion(asking(1, true)) == 0);
    BOOST_TEST(model.expected_completion(asking(1, true, 77)) == 77);
    model.streamed(start, 50, 1, 2);
    BOOST_TEST(model.expected_completion(asking(1, true)) == 50);
    BOOST_TEST(model.expected_completion(asking(1, true, 20)) == 20);
    BOOST_TEST(model.expected_completion(asking(1, true, 200)) == 50);
}

BOOST_AUTO_TEST_SUITE_END()
