#pragma once

#include "lib/ledger/event.hpp"

#include <optional>
#include <string_view>

namespace cogate::cli {

/// A point in time in UTC: "2026-04-15" (its midnight), "2026-04-15T10:20Z", "2026-04-15T10:20:30Z".
std::optional<ledger::moment> parse_moment(std::string_view text) noexcept;

/// `now` less a time such as "90d", "12w", "6mo" (calendar months, the day cut to the month's last), "36h".
std::optional<ledger::moment> moment_before(ledger::moment now, std::string_view text);

} // namespace cogate::cli
