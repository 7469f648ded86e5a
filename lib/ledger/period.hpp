#pragma once

#include "lib/ledger/event.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cogate::ledger {

/// How often a budget starts anew: LiteLLM's `budget_duration`. A plain value; the default never resets.
///
/// Windows are half-open, in UTC, without gaps, and depend on nothing but the period and its anchor:
/// - "1d": midnight to midnight; "7d" and "1w": Monday to Monday; "30d" and "1mo": the calendar month;
/// - seconds, minutes and hours that divide a day: counted from midnight ("30m": :00 and :30);
/// - all others ("30h", "10d", "3mo"): counted from the anchor's second, minute, hour, day or month.
struct budget_period {
    enum class unit : std::uint8_t { never, second, minute, hour, day, month };

    unit in = unit::never;
    std::int64_t every = 0;
    moment anchor{}; ///< usually when the owner of the budget was created

    friend bool operator==(budget_period const&, budget_period const&) = default;
};

/// "30s", "30m", "30h", "30d", "2w", "1mo". Nothing for anything else, for zero and for more than ten years.
std::optional<budget_period> parse_period(std::string_view text, moment anchor);

/// The text that parse_period reads ("2w" becomes "14d"); empty for never.
std::string to_string(budget_period const& period);

struct window {
    moment start = moment::min();
    moment end = moment::max(); ///< exclusive: the moment of the reset

    friend bool operator==(window const&, window const&) = default;
};

/// The window that holds `now`.
window window_of(budget_period const& period, moment now) noexcept;

} // namespace cogate::ledger
