#pragma once

#include "lib/ledger/event_queue.hpp"
#include "lib/ledger/sqlite/connection.hpp"
#include "lib/ledger/sqlite/tables.hpp"

#include <span>
#include <vector>

namespace cogate::ledger::sqlite {

/// Writes events and their counters in one transaction and gives the outcome of each. After an exception
/// (`error`) nothing is written, or, when the commit itself failed, perhaps all: writing the same events again
/// is right in both cases.
std::vector<outcome> write_batch(connection& in, tables& to, std::span<event_queue::item const> items);

} // namespace cogate::ledger::sqlite
