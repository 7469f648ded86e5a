#pragma once

#include "lib/ledger/event.hpp"

#include <cogate/result.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace cogate::ledger {

/// What became of an event.
enum class outcome : std::uint8_t {
    written,   ///< committed
    duplicate, ///< its (request_id, attempt, kind) was there already: no effect
    expired,   ///< older than what retention has deleted, so it may be a replay: no effect
    lost,      ///< the store was closed while its disk refused to write
};

/// Called once per event after its commit, on the store's own thread, without locks: it may append, must not
/// throw, and must be quick (an engine posts to its loop and returns).
using acknowledgement = std::function<void(outcome)>;

enum class durability : std::uint8_t {
    process, ///< committed rows survive the death of the process, not always of the machine's power
    power,   ///< and of the power: an fsync per commit
};

/// A moment's figures of a store, for metrics and health pages.
struct store_figures {
    bool is_failing = false;     ///< new work is refused
    std::string why;             ///< the last reason, for a person
    std::size_t queued_rows = 0; ///< taken, not committed yet
    std::size_t queued_bytes = 0;
    std::uint64_t written = 0;
    std::uint64_t duplicates = 0;
    std::uint64_t expired = 0;
    std::uint64_t commits = 0;
    std::uint64_t failed_commits = 0;    ///< each is tried again
    std::uint64_t recovered_settled = 0; ///< reservations that recovery settled when the store was opened
    std::uint64_t recovered_void = 0;
};

/// What a scope has spent in calls that started at `since` or later.
struct spend_query {
    scope where;
    moment since = moment::min();
};

/// Durable rows of money. Nothing that append() took is lost or counted twice, whatever the order of events.
///
/// A call starts with a reserve event and ends with one settle or void. The queue is bounded: a reserve is
/// refused when it is full or the disk fails; what a taken reserve still needs to say (sent, settle, void) is
/// always taken, for its place is kept free.
///
/// Thread safety: every function from any thread. append(), ready() and figures() never wait for the disk.
class store {
public:
    store() = default;
    store(store const&) = delete;
    store& operator=(store const&) = delete;
    /// Writes what it has taken; after `closing_patience` of failing it acknowledges the rest as lost.
    virtual ~store() = default;

    /// Takes an event. Failures: `service_unavailable` with code "ledger_full" or "ledger_unavailable" (503), or
    /// what validate() says; the acknowledgement is then never called.
    virtual result<void> append(event e, acknowledgement done = {}) = 0;

    /// Whether append() would take a reserve now.
    virtual result<void> ready() const = 0;

    virtual store_figures figures() const = 0;

    /// Waits until all that was taken before is committed; false when that takes longer. Blocks.
    virtual bool flush(std::chrono::milliseconds at_most) = 0;

    /// The committed spending of scopes, in the order of the queries. Reads the disk: blocks.
    virtual result<std::vector<nanos>> spent(std::span<spend_query const> queries) = 0;
};

} // namespace cogate::ledger
