#include "lib/engine/read_quota.hpp"

#include <boost/test/unit_test.hpp>

#include <vector>

namespace {

using namespace std::chrono_literals;
using cogate::policy::quota_report;
using cogate::engine::read_quota;
using fields = std::vector<cogate::wire::header>;

/// 2026-01-31T12:00:00Z
constexpr std::chrono::system_clock::time_point wall{1'769'860'800s};

quota_report read(fields const& from)
{
    return read_quota(from, wall);
}

} // namespace

BOOST_AUTO_TEST_SUITE(engine_read_quota)

BOOST_AUTO_TEST_CASE(openai_and_groq)
{
    quota_report const got = read({{"X-RateLimit-Limit-Requests", "10000"},
                                   {"x-ratelimit-limit-tokens", "200000"},
                                   {"x-ratelimit-remaining-requests", "9999"},
                                   {"x-ratelimit-remaining-tokens", "199980"},
                                   {"x-ratelimit-reset-requests", "6m0s"},
                                   {"x-ratelimit-reset-tokens", "120ms"}});
    BOOST_TEST((got.requests_left == 9'999));
    BOOST_TEST((got.tokens_left == 199'980));
    BOOST_TEST((got.request_limit == 10'000));
    BOOST_TEST((got.token_limit == 200'000));
    BOOST_TEST((got.requests_reset == 360s));
    BOOST_TEST((got.tokens_reset == 120ms));
}

BOOST_AUTO_TEST_CASE(anthropic_names_moments_and_its_tightest_window_counts)
{
    quota_report const got = read({{"anthropic-ratelimit-requests-limit", "4000"},
                                   {"anthropic-ratelimit-requests-remaining", "3999"},
                                   {"anthropic-ratelimit-requests-reset", "2026-01-31T12:00:01Z"},
                                   {"anthropic-ratelimit-tokens-limit", "480000"},
                                   {"anthropic-ratelimit-tokens-remaining", "470000"},
                                   {"anthropic-ratelimit-tokens-reset", "2026-01-31T12:00:02Z"},
                                   {"anthropic-ratelimit-output-tokens-limit", "80000"},
                                   {"anthropic-ratelimit-output-tokens-remaining", "12"},
                                   {"anthropic-ratelimit-output-tokens-reset", "2026-01-31T12:00:30Z"},
                                   {"anthropic-ratelimit-input-tokens-remaining", "400000"}});
    BOOST_TEST((got.requests_left == 3'999));
    BOOST_TEST((got.requests_reset == 1s));
    BOOST_TEST((got.tokens_left == 12));
    BOOST_TEST((got.token_limit == 80'000));
    BOOST_TEST((got.tokens_reset == 30s));
}

BOOST_AUTO_TEST_CASE(azure_names_a_period)
{
    quota_report const got = read({{"x-ratelimit-remaining-requests", "119"},
                                   {"x-ratelimit-reset-requests", "0"},
                                   {"x-ratelimit-renewalperiod-requests", "60"},
                                   {"x-ratelimit-remaining-tokens", "-1"}});
    BOOST_TEST((got.requests_left == 119));
    BOOST_TEST((got.requests_reset == 60s));
    BOOST_TEST(!got.tokens_left);
}

BOOST_AUTO_TEST_CASE(mistral_cerebras_together_replicate_openrouter)
{
    quota_report const mistral = read({{"x-ratelimit-limit-req-minute", "360"},
                                       {"x-ratelimit-remaining-req-minute", "351"},
                                       {"x-ratelimit-remaining-tokens-minute", "93621"},
                                       {"x-ratelimit-tokens-query-cost", "10"},
                                       {"x-ratelimit-remaining-tokens-month", "7"}});
    BOOST_TEST((mistral.requests_left == 351));
    BOOST_TEST((mistral.request_limit == 360));
    BOOST_TEST((mistral.tokens_left == 93'621));
    BOOST_TEST(!mistral.tokens_reset);

    quota_report const cerebras = read({{"x-ratelimit-remaining-requests-day", "40"},
                                        {"x-ratelimit-reset-requests-day", "33011.382867"},
                                        {"x-ratelimit-remaining-tokens-minute", "5"},
                                        {"x-ratelimit-reset-tokens-minute", "11.38"}});
    BOOST_TEST((cerebras.requests_left == 40));
    BOOST_TEST((cerebras.tokens_reset == 11'380ms));

    BOOST_TEST((read({{"x-ratelimit-remaining", "1"}, {"x-ratelimit-reset", "2"}}).requests_reset == 2s));
    BOOST_TEST((read({{"ratelimit-remaining", "2999"}, {"ratelimit-reset", "1"}}).requests_left == 2'999));
    quota_report const unix_time =
        read({{"X-RateLimit-Remaining", "0"}, {"X-RateLimit-Reset", "1769860805000"}});
    BOOST_TEST((unix_time.requests_reset == 5s));
    BOOST_TEST(
        (read({{"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", "1769860809"}}).requests_reset == 9s));
}

BOOST_AUTO_TEST_CASE(nonsense_is_nothing)
{
    quota_report const got = read({{"x-ratelimit-remaining-requests", "many"},
                                   {"x-ratelimit-remaining-tokens", "99999999999999999999999"},
                                   {"x-ratelimit-reset-tokens", "soon"},
                                   {"x-ratelimit-", "1"},
                                   {"x-ratelimit-remaining-", "1"},
                                   {"x-ratelimit-remainingx", "1"},
                                   {"anthropic-ratelimit-", "1"},
                                   {"ratelimit-limit", ""},
                                   {"retry-after", "1"}});
    BOOST_TEST(!got.tokens_left);
    BOOST_TEST(!got.token_limit);
    BOOST_TEST(!got.request_limit);
    BOOST_TEST(!got.requests_left);
}

BOOST_AUTO_TEST_CASE(a_far_reset_is_a_day)
{
    quota_report const got =
        read({{"x-ratelimit-remaining-tokens", "0"}, {"x-ratelimit-reset-tokens", "999999999"}});
    BOOST_TEST((got.tokens_reset == 24h));
}

BOOST_AUTO_TEST_SUITE_END()
