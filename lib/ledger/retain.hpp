#pragma once

#include "lib/ledger/event.hpp"

#include <cogate/result.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

namespace cogate::ledger {

struct retention {
    moment before;            ///< rows that started earlier go; cut down to the whole hour
    std::size_t slice = 1000; ///< rows of one transaction
    /// Called between two slices, without a lock on the file: waits as it likes; false ends the work.
    std::function<bool(std::uint64_t deleted)> between{};
};

/// Deletes old rows slice by slice and returns how many. May run beside a gateway, which waits at most for one
/// slice. Counters stay, so totals stay right; open reservations stay. An event that started before the deleted
/// hours no longer has an effect unless its row is still there: it could be a replay. Failures:
/// `service_unavailable`. Blocks.
result<std::uint64_t> retain(std::string const& path, retention const& what);

} // namespace cogate::ledger
