#include "lib/ledger/period.hpp"

#include "test/common/seeded.hpp"
#include "test/lib/ledger/samples.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <chrono>

namespace {

using namespace std::chrono;
using namespace cogate::ledger;
using cogate::test::ledger_noon;

constexpr moment at(int y, unsigned m, unsigned d, int h = 0, int min = 0, int s = 0)
{
    return sys_days{year{y} / month{m} / day{d}} + hours{h} + minutes{min} + seconds{s};
}

window around(std::string_view text, moment now, moment anchor = at(2026, 1, 7, 9, 45, 10))
{
    return window_of(parse_period(text, anchor).value(), now);
}

} // namespace

BOOST_AUTO_TEST_SUITE(ledger_period)

BOOST_AUTO_TEST_CASE(standard_periods_reset_at_standard_times_in_utc)
{
    BOOST_TEST((around("30s", ledger_noon) == window{at(2026, 4, 15, 10, 20, 30), at(2026, 4, 15, 10, 21)}));
    BOOST_TEST((around("30m", ledger_noon) == window{at(2026, 4, 15, 10), at(2026, 4, 15, 10, 30)}));
    BOOST_TEST((around("1h", ledger_noon) == window{at(2026, 4, 15, 10), at(2026, 4, 15, 11)}));
    BOOST_TEST((around("6h", ledger_noon) == window{at(2026, 4, 15, 6), at(2026, 4, 15, 12)}));
    BOOST_TEST((around("1d", ledger_noon) == window{at(2026, 4, 15), at(2026, 4, 16)}));
    BOOST_TEST((around("7d", ledger_noon) == window{at(2026, 4, 13), at(2026, 4, 20)}));
    BOOST_TEST((around("1w", ledger_noon) == window{at(2026, 4, 13), at(2026, 4, 20)}));
    BOOST_TEST((around("30d", ledger_noon) == window{at(2026, 4, 1), at(2026, 5, 1)}));
    BOOST_TEST((around("1mo", at(2026, 12, 31, 23, 59, 59)) == window{at(2026, 12, 1), at(2027, 1, 1)}));
    BOOST_TEST((around("1mo", at(2028, 2, 29)) == window{at(2028, 2, 1), at(2028, 3, 1)}));
}

BOOST_AUTO_TEST_CASE(other_periods_count_from_their_anchor)
{
    BOOST_TEST((around("10d", ledger_noon) == window{at(2026, 4, 7), at(2026, 4, 17)}));
    BOOST_TEST((around("30h", at(2026, 1, 8, 15)) == window{at(2026, 1, 8, 15), at(2026, 1, 9, 21)}));
    BOOST_TEST((around("3mo", ledger_noon) == window{at(2026, 4, 1), at(2026, 7, 1)}));
    BOOST_TEST((around("10d", at(2026, 1, 6)) == window{at(2025, 12, 28), at(2026, 1, 7)}));
}

BOOST_AUTO_TEST_CASE(without_a_period_there_is_no_reset)
{
    BOOST_TEST((window_of({}, ledger_noon) == window{}));
    BOOST_TEST(to_string(budget_period{}) == "");
}

BOOST_AUTO_TEST_CASE(only_durations_are_read)
{
    for (std::string_view const bad : {"", "d", "0d", "-1d", "+1d", "1", "1y", "1D", " 1d", "1d ", "1.5h",
                                       "121mo", "99999999999999999999s", "1dd", "4000d"}) {
        BOOST_TEST(!parse_period(bad, ledger_noon).has_value(), bad);
    }
    for (std::string_view const good : {"30s", "30m", "30h", "30d", "1mo"}) {
        BOOST_TEST(to_string(parse_period(good, ledger_noon).value()) == good);
    }
    BOOST_TEST(to_string(parse_period("2w", ledger_noon).value()) == "14d");
}

BOOST_AUTO_TEST_CASE(windows_leave_no_gap_and_hold_their_moment)
{
    cogate::test::seeded random(7);
    constexpr std::array texts{"1s",  "7s", "30s", "50m", "30m", "90m", "5h",
                               "30h", "1d", "7d",  "10d", "30d", "1mo", "5mo"};
    for (int i = 0; i != 3000; ++i) {
        moment const anchor{microseconds{static_cast<std::int64_t>(random.below(4'000'000'000)) * 1'000'000}};
        moment const now{
            microseconds{static_cast<std::int64_t>(random.below(4'000'000'000)) * 1'000'000 + 17}};
        budget_period const period = parse_period(texts[random.below(texts.size())], anchor).value();
        window const w = window_of(period, now);
        BOOST_REQUIRE((w.start <= now && now < w.end));
        BOOST_REQUIRE((window_of(period, w.start) == w));
        BOOST_REQUIRE((window_of(period, w.end - microseconds{1}) == w));
        BOOST_REQUIRE((window_of(period, w.end).start == w.end));
    }
}

BOOST_AUTO_TEST_SUITE_END()
