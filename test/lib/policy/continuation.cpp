#include "lib/policy/continuation.hpp"

#include <boost/test/unit_test.hpp>

#include <functional>
#include <vector>

using namespace std::chrono_literals;
using cogate::error_kind;
using cogate::policy::broken_stream;
using cogate::policy::may_continue;
using cogate::policy::time_point;

BOOST_AUTO_TEST_SUITE(policy_continuation)

BOOST_AUTO_TEST_CASE(only_a_wanted_plain_silent_answer_in_time_is_continued_once)
{
    broken_stream const good{.code = "timeout_idle",
                             .error = error_kind::timeout,
                             .wanted = true,
                             .plain_text = true,
                             .repeatable = true,
                             .continuations = 0,
                             .now = time_point{5s},
                             .deadline = time_point{6s}};
    BOOST_TEST(may_continue(good));
    std::vector<std::function<void(broken_stream&)>> const spoilers{
        [](broken_stream& s) { s.code = "timeout_total"; },
        [](broken_stream& s) { s.error = error_kind::truncated; },
        [](broken_stream& s) { s.wanted = false; },
        [](broken_stream& s) { s.plain_text = false; },
        [](broken_stream& s) { s.repeatable = false; },
        [](broken_stream& s) { s.continuations = 1; },
        [](broken_stream& s) { s.deadline = time_point{5s}; }};
    for (auto const& spoil : spoilers) {
        broken_stream bad = good;
        spoil(bad);
        BOOST_TEST(!may_continue(bad));
    }
}

BOOST_AUTO_TEST_SUITE_END()
