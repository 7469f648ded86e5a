#pragma once

#include "lib/ledger/entry.hpp"

#include <cogate/result.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace cogate::ledger {

/// What verify() found. A plain value.
struct verification {
    /// A counter that is not the sum of its rows; `counted` or `summed` is zero where one side is missing.
    struct difference {
        scope where;
        std::int64_t hour = 0; ///< hours since 1970, UTC
        counts counted;        ///< what the counter says
        counts summed;         ///< what the rows say

        friend bool operator==(difference const&, difference const&) = default;
    };

    std::uint64_t rows = 0;
    std::uint64_t open_rows = 0; ///< reservations without an end
    std::uint64_t counters = 0;  ///< compared
    nanos spent = 0;             ///< of all rows
    std::uint64_t differences = 0;
    std::vector<difference> first_differences; ///< at most 100
    std::string integrity = "ok";              ///< SQLite's own check of the file

    bool is_right() const noexcept { return differences == 0 && integrity == "ok"; }
};

/// Recomputes every counter from the rows and compares; changes nothing. Counters of hours that retention has
/// taken rows from cannot be compared and are left out. May run beside a gateway: it reads one state of the file.
/// Failures: `service_unavailable` when the file cannot be read or is no ledger. Memory grows with the number of
/// counters. Blocks.
result<verification> verify(std::string const& path);

} // namespace cogate::ledger
