#pragma once

#include "lib/ledger/sqlite/connection.hpp"

#include <cstdint>
#include <span>

namespace cogate::ledger::sqlite {

/// Written into the file's header: other databases are not touched ("cgat").
inline constexpr std::int64_t application_id = 0x63676174;

/// One script per version of the schema, oldest first; a script once released never changes.
std::span<char const* const> migrations() noexcept;

/// Throws `error` when the file is a database of another program. Changes nothing.
void refuse_foreign(connection& in);

/// Brings a database to the newest version, one transaction per version, and refuses what is newer than this
/// program or is not a ledger. Throws `error`.
void migrate(connection& in, std::span<char const* const> scripts);

/// For a reader of a file that another program may write: throws `error` unless the version is the newest.
void require_current_schema(connection& in);

} // namespace cogate::ledger::sqlite
