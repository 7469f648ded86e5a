#include "lib/cli/ledger_time.hpp"

#include "lib/catalog/row.hpp"
#include "lib/core/text.hpp"
#include "lib/ledger/period.hpp"

#include <chrono>
#include <string_view>

namespace cogate::cli {

namespace {

using namespace std::chrono;

std::optional<int> two_digits(std::string_view text, int below) noexcept
{
    if (text.size() != 2) {
        return std::nullopt;
    }
    std::optional<unsigned> const number = core::parse_int<unsigned>(text);
    return number && static_cast<int>(*number) < below ? std::optional(static_cast<int>(*number))
                                                       : std::nullopt;
}

/// "10:20" or "10:20:30".
std::optional<seconds> time_of_day(std::string_view text) noexcept
{
    bool const with_seconds = text.size() == 8 && text[5] == ':';
    if ((text.size() != 5 && !with_seconds) || text[2] != ':') {
        return std::nullopt;
    }
    std::optional<int> const hour = two_digits(text.substr(0, 2), 24);
    std::optional<int> const minute = two_digits(text.substr(3, 2), 60);
    std::optional<int> const second = with_seconds ? two_digits(text.substr(6), 60) : std::optional(0);
    if (!hour || !minute || !second) {
        return std::nullopt;
    }
    return hours{*hour} + minutes{*minute} + seconds{*second};
}

ledger::moment months_before(ledger::moment now, std::int64_t count)
{
    sys_days const today = floor<days>(now);
    year_month_day const date{today};
    year_month const month = date.year() / date.month() - months{count};
    year_month_day const same_day{month.year(), month.month(), date.day()};
    sys_days const day = same_day.ok() ? sys_days{same_day} : sys_days{month / last};
    return ledger::moment{day} + (now - today);
}

} // namespace

std::optional<ledger::moment> parse_moment(std::string_view text) noexcept
{
    std::optional<sys_seconds> const day = catalog::parse_day(text.substr(0, 10));
    if (!day || text.size() == 10) {
        return day;
    }
    if (text[10] != 'T' || !text.ends_with('Z')) {
        return std::nullopt;
    }
    std::optional<seconds> const time = time_of_day(text.substr(11, text.size() - 12));
    return time ? std::optional<ledger::moment>(*day + *time) : std::nullopt;
}

std::optional<ledger::moment> moment_before(ledger::moment now, std::string_view text)
{
    using unit = ledger::budget_period::unit;
    std::optional<ledger::budget_period> const period = ledger::parse_period(text, {});
    if (!period) {
        return std::nullopt;
    }
    switch (period->in) {
    case unit::second: return now - seconds{period->every};
    case unit::minute: return now - minutes{period->every};
    case unit::hour: return now - hours{period->every};
    case unit::day: return now - days{period->every};
    case unit::month: return months_before(now, period->every);
    case unit::never: break;
    }
    return std::nullopt;
}

} // namespace cogate::cli
