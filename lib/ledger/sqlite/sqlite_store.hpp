#pragma once

#include "lib/ledger/event_queue.hpp"
#include "lib/ledger/store.hpp"

#include <cogate/result.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

namespace cogate::ledger {

/// What happens at a start to reservations whose calls a crash cut off.
enum class recovery_policy : std::uint8_t {
    reserved, ///< settled at the reserved amount; void when the request was never sent
    nothing,  ///< all void: nothing is charged for an unknown outcome
};

struct sqlite_options {
    std::string path; ///< of the database file; its folder is made when missing
    durability keep = durability::process;
    recovery_policy recovery = recovery_policy::reserved;
    event_queue::limits queue{};
    std::size_t batch_rows = 512; ///< attempts of one commit at most
    /// How long another process may lock the database before new work is refused.
    std::chrono::milliseconds lock_patience{1000};
    /// How long closing tries to write against a failing disk.
    std::chrono::milliseconds closing_patience{5000};
    std::string vfs; ///< SQLite's virtual file system by name; empty is the system's
};

/// Opens or creates the ledger of a gateway and brings it to order before anybody serves: schema migrated, open
/// reservations settled by the policy (`flag::recovered`, at the time `now`). Blocks for about 10 ms, and longer
/// after a crash that left many open reservations.
///
/// One process owns a ledger at a time (a lock beside the file, `<path>.lock`, gone with the process); readers
/// (verify, export) and retain() may work beside it. Failures: `service_unavailable` with what to do in its text.
result<std::unique_ptr<store>> open_sqlite(sqlite_options const& options, moment now);

} // namespace cogate::ledger
