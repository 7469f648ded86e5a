#include "lib/policy/quota.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace std::chrono_literals;
using cogate::policy::quota;
using cogate::policy::quota_report;
using cogate::policy::reservation;
using cogate::policy::time_point;

constexpr time_point start{100s};

quota_report report(std::int64_t requests, std::int64_t tokens, std::chrono::nanoseconds reset)
{
    return {requests, tokens, 100, 10'000, reset, reset};
}

} // namespace

BOOST_AUTO_TEST_SUITE(policy_quota)

BOOST_AUTO_TEST_CASE(a_reservation_ends_at_nothing)
{
    reservation r;
    for (int const tokens : {10, 200, 31}) {
        r.add(tokens);
    }
    BOOST_TEST(r.tokens() == 241);
    for (int i = 0; i != 4; ++i) {
        r.drop();
    }
    BOOST_TEST(r.count() == 0);
    BOOST_TEST(r.tokens() == 0);
}

BOOST_AUTO_TEST_CASE(without_a_report_everything_is_allowed)
{
    quota q;
    q.begin(1'000'000);
    BOOST_TEST(q.allows(start, 1'000'000'000));
    BOOST_TEST(q.share_left(start) == 1);
    BOOST_TEST((q.free_at(start, 5) == start));
}

BOOST_AUTO_TEST_CASE(tokens_below_the_estimate_wait_for_the_reset)
{
    quota q;
    q.report(start, report(50, 800, 10s));
    BOOST_TEST(q.allows(start, 800));
    BOOST_TEST(!q.allows(start, 801));
    BOOST_TEST((q.free_at(start, 801) == start + 10s));
    BOOST_TEST(q.allows(start + 10s, 801));
    BOOST_TEST(q.share_left(start) == 0.08, boost::test_tools::tolerance(1e-9));
    BOOST_TEST(q.share_left(start + 10s) == 1);
}

BOOST_AUTO_TEST_CASE(no_requests_left_waits_too)
{
    quota q;
    q.report(start, report(0, 10'000, 3s));
    BOOST_TEST(!q.allows(start, 1));
    BOOST_TEST(q.allows(start + 3s, 1));
}

BOOST_AUTO_TEST_CASE(calls_that_have_no_report_yet_are_taken_off)
{
    quota q;
    q.report(start, report(100, 1'000, 10s));
    int sent = 0;
    for (int i = 0; i != 50; ++i) {
        if (q.allows(start, 100)) {
            q.begin(100);
            ++sent;
        }
    }
    BOOST_TEST(sent == 10);
    // Each answer brings its own count; those still out are taken off that.
    q.report(start + 1s, report(99, 900, 9s));
    BOOST_TEST(!q.allows(start + 1s, 100));
    q.report(start + 1s, report(99, 900, 9s));
    BOOST_TEST(q.allows(start + 1s, 100));
}

BOOST_AUTO_TEST_CASE(an_overtaken_answer_does_not_raise_what_is_left)
{
    quota q;
    q.report(start, report(10, 500, 10s));
    q.report(start + 100ms, report(11, 600, 9900ms));
    BOOST_TEST(!q.allows(start + 100ms, 501));
    // A reset later than that is a new window.
    q.report(start + 5s, report(11, 600, 10s));
    BOOST_TEST(q.allows(start + 5s, 600));
}

BOOST_AUTO_TEST_CASE(an_answer_without_a_report_spends)
{
    quota q;
    q.report(start, report(2, 1'000, 10s));
    q.begin(100);
    q.end(start + 1s, 0, 300);
    BOOST_TEST(q.allows(start + 1s, 700));
    BOOST_TEST(!q.allows(start + 1s, 701));
    q.begin(100);
    q.end(start + 1s, 0, 300);
    BOOST_TEST(!q.allows(start + 1s, 1));
}

BOOST_AUTO_TEST_CASE(a_request_larger_than_the_limit_goes_when_all_is_there)
{
    quota q;
    q.report(start, report(100, 9'999, 10s));
    BOOST_TEST(!q.allows(start, 50'000));
    BOOST_TEST(q.allows(start + 10s, 50'000));
}

BOOST_AUTO_TEST_CASE(resets_are_bounded)
{
    quota q;
    q.report(start, {0, {}, {}, {}, {}, {}});
    BOOST_TEST((q.free_at(start, 1) == start + 60s));
    quota day;
    day.report(start, {0, {}, {}, {}, 24h, {}});
    BOOST_TEST((day.free_at(start, 1) == start + 1h));
    BOOST_TEST(day.allows(start + 1h, 1));
}

BOOST_AUTO_TEST_SUITE_END()
