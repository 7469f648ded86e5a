#pragma once

#include "lib/ledger/sqlite/connection.hpp"
#include "lib/ledger/store.hpp"

#include <span>
#include <vector>

namespace cogate::ledger::sqlite {

/// Exact to the microsecond: whole hours come from the counters, the rest of the first hour from its rows, which
/// are read once for all queries. Throws `error`.
std::vector<nanos> spent(connection& in, std::span<spend_query const> queries);

} // namespace cogate::ledger::sqlite
