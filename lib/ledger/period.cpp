#include "lib/ledger/period.hpp"

#include "lib/core/text.hpp"

#include <array>
#include <chrono>

namespace cogate::ledger {

namespace {

using namespace std::chrono;
using unit = budget_period::unit;

struct unit_word {
    std::string_view word;
    unit in;
    std::int64_t times;
    std::int64_t most; ///< ten years
};

constexpr std::array words{
    unit_word{"mo", unit::month, 1, 120},       unit_word{"s", unit::second, 1, 315'360'000},
    unit_word{"m", unit::minute, 1, 5'256'000}, unit_word{"h", unit::hour, 1, 87'600},
    unit_word{"d", unit::day, 1, 3650},         unit_word{"w", unit::day, 7, 520},
};

constexpr std::int64_t floor_div(std::int64_t a, std::int64_t b) noexcept
{
    return a / b - (a % b < 0 ? 1 : 0);
}

constexpr microseconds length_of(unit in) noexcept
{
    switch (in) {
    case unit::second: return seconds{1};
    case unit::minute: return minutes{1};
    case unit::hour: return hours{1};
    default: return days{1};
    }
}

constexpr std::int64_t month_of(moment when) noexcept
{
    year_month_day const date{floor<days>(when)};
    return static_cast<std::int64_t>(static_cast<int>(date.year())) * 12 +
           static_cast<std::int64_t>(static_cast<unsigned>(date.month())) - 1;
}

constexpr moment start_of_month(std::int64_t month) noexcept
{
    std::int64_t const y = floor_div(month, 12);
    auto const m = static_cast<unsigned>(month - y * 12 + 1);
    return sys_days{year{static_cast<int>(y)} / std::chrono::month{m} / 1};
}

window months(std::int64_t every, moment anchor, moment now) noexcept
{
    std::int64_t const from = every == 1 ? 0 : month_of(anchor);
    std::int64_t const start = from + floor_div(month_of(now) - from, every) * every;
    return {start_of_month(start), start_of_month(start + every)};
}

window steps(microseconds length, moment from, moment now) noexcept
{
    std::int64_t const n = floor_div((now - from).count(), length.count());
    return {from + n * length, from + (n + 1) * length};
}

} // namespace

std::optional<budget_period> parse_period(std::string_view text, moment anchor)
{
    for (unit_word const& known : words) {
        if (!text.ends_with(known.word)) {
            continue;
        }
        std::string_view const digits = text.substr(0, text.size() - known.word.size());
        std::optional<std::int64_t> const every = core::parse_int<std::int64_t>(digits);
        if (!every || *every <= 0 || *every > known.most) {
            return std::nullopt;
        }
        return budget_period{known.in, *every * known.times, anchor};
    }
    return std::nullopt;
}

std::string to_string(budget_period const& period)
{
    for (unit_word const& known : words) {
        if (known.in == period.in) {
            return std::to_string(period.every) + std::string(known.word);
        }
    }
    return {};
}

window window_of(budget_period const& period, moment now) noexcept
{
    constexpr moment a_monday{sys_days{year{1970} / 1 / 5}};
    switch (period.in) {
    case unit::never: return {};
    case unit::month: return months(period.every, period.anchor, now);
    case unit::day:
        if (period.every == 30) {
            return months(1, period.anchor, now);
        }
        if (period.every == 7) {
            return steps(days{7}, a_monday, now);
        }
        break;
    default: break;
    }
    microseconds const one = length_of(period.in);
    microseconds const length = one * period.every;
    bool const divides_a_day = microseconds{days{1}} % length == microseconds::zero();
    moment const anchored{period.anchor.time_since_epoch() -
                          microseconds{period.anchor.time_since_epoch() % one}};
    return steps(length, divides_a_day ? moment{} : anchored, now);
}

} // namespace cogate::ledger
