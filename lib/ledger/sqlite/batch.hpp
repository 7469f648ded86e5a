#pragma once

#include "lib/ledger/pending_attempts.hpp"
#include "lib/ledger/sqlite/connection.hpp"
#include "lib/ledger/sqlite/tables.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace cogate::ledger::sqlite {

/// What a batch did with an attempt.
struct written_attempt {
    std::uint8_t added = 0;  ///< kinds of events (bits) that the store did not have before
    bool is_expired = false; ///< nothing was written: it is older than what retention has deleted
};

/// Writes attempts and their counters in one transaction and gives the outcome of each. After an exception
/// (`error`) nothing is written, or, when the commit itself failed, perhaps all: writing the same attempts again
/// is right in both cases.
std::vector<written_attempt> write_batch(connection& in, tables& to, std::span<pending_ptr const> attempts);

} // namespace cogate::ledger::sqlite
