#include "lib/wire/retry_after.hpp"

#include <boost/test/unit_test.hpp>

using namespace cogate::wire;
using namespace std::chrono;

namespace {

// 2026-01-31T12:00:00Z
const system_clock::time_point now = sys_days(2026y / January / 31) + 12h;

using answer = std::optional<milliseconds>;

} // namespace

BOOST_AUTO_TEST_SUITE(wire_retry_after)

BOOST_AUTO_TEST_CASE(retry_after_field)
{
    const std::pair<const char*, answer> rows[] = {
        {"0", 0ms},
        {"1", 1000ms},
        {" 30 ", 30000ms},
        {"1.5", 1500ms},
        {"0.0001", 1ms},
        {"0.3", 300ms},
        {"86400", 24h},
        {"86401", 24h},
        {"999999999999999999999999", 24h},
        {"Sat, 31 Jan 2026 12:00:10 GMT", 10s},
        {"Sat, 31 Jan 2026 11:00:00 GMT", 0ms},
        {"Sun, 01 Feb 2026 00:00:00 GMT", 12h},
        {"Fri, 31 Dec 9999 23:59:59 GMT", 24h},
        {"Saturday, 31-Jan-26 12:01:00 GMT", 60s},
        {"Sat Jan 31 12:00:01 2026", 1s},
        {"Sun Feb  1 11:00:00 2026", 23h},
        {"", {}},
        {"-1", {}},
        {"+1", {}},
        {"1e3", {}},
        {"inf", {}},
        {"nan", {}},
        {"0x10", {}},
        {"1 2", {}},
        {"1,2", {}},
        {"soon", {}},
        {"Sat, 31 Jan 2026 12:00:10", {}},
        {"Sat, 31 Jan 2026 12:00:10 UTC", {}},
        {"Sat, 32 Jan 2026 12:00:10 GMT", {}},
        {"Mon, 30 Feb 2026 12:00:10 GMT", {}},
        {"Sat, 31 Jan 2026 24:00:00 GMT", {}},
        {"Sat, 31 Foo 2026 12:00:00 GMT", {}},
        {"Sat, 31 Jan 2026 12:00:10 GMTx", {}},
        {"Sat,", {}},
        {"Sat", {}},
    };
    for (const auto& [text, want] : rows) {
        BOOST_TEST((parse_retry_after(text, now) == want), text);
    }
    BOOST_TEST(!parse_retry_after(std::string(100, '1'), now).has_value());
    BOOST_TEST((parse_retry_after("100", now, 5s) == answer(5s)));
}

BOOST_AUTO_TEST_CASE(retry_after_ms_field)
{
    BOOST_TEST((parse_retry_after_ms("0") == answer(0ms)));
    BOOST_TEST((parse_retry_after_ms("1250") == answer(1250ms)));
    BOOST_TEST((parse_retry_after_ms("12.2") == answer(13ms)));
    BOOST_TEST((parse_retry_after_ms("5000", 1s) == answer(1s)));
    BOOST_TEST(!parse_retry_after_ms("-5").has_value());
    BOOST_TEST(!parse_retry_after_ms("5ms").has_value());
    BOOST_TEST(!parse_retry_after_ms("").has_value());
}

BOOST_AUTO_TEST_CASE(go_durations)
{
    const std::pair<const char*, answer> rows[] = {
        {"6m0s", 6min}, {"17.399999999s", 17400ms},
        {"12ms", 12ms}, {"1s", 1s},
        {"0s", 0ms},    {"1h2m3.5s", 1h + 2min + 3500ms},
        {"250us", 1ms}, {"1500\xC2\xB5s", 2ms},
        {"1ns", 1ms},   {"1d", 24h},
        {"100h", 24h},  {"48.9s", 48900ms},
        {"", {}},       {"5", {}},
        {"s", {}},      {"-1s", {}},
        {"1s-1s", {}},  {"1 s", {}},
        {"1x", {}},     {"1.2.3s", {}},
        {"1s2", {}},    {"infs", {}},
    };
    for (const auto& [text, want] : rows) {
        BOOST_TEST((parse_go_duration(text) == want), text);
    }
}

BOOST_AUTO_TEST_CASE(reset_delays)
{
    const std::pair<const char*, answer> rows[] = {
        {"6m0s", 6min},
        {"30", 30s},
        {"2026-01-31T12:00:05Z", 5s},
        {"2026-01-31T12:00:05.250Z", 5250ms},
        {"2026-01-31T12:00:05.1234567Z", 5123ms},
        {"2026-01-31T13:00:05+01:00", 5s},
        {"2026-01-31T11:30:05-00:30", 5s},
        {"2026-01-31T11:00:00Z", 0ms},
        {"2026-01-31T12:00:05", {}},
        {"2026-01-31T12:00:05.Z", {}},
        {"2026-01-31 12:00:05Z", {}},
        {"2026-13-31T12:00:05Z", {}},
        {"-30", {}},
        {"", {}},
    };
    for (const auto& [text, want] : rows) {
        BOOST_TEST((parse_reset_delay(text, now) == want), text);
    }
}

BOOST_AUTO_TEST_SUITE_END()
