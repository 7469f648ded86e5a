#pragma once

#include "lib/ledger/sqlite/batch.hpp"
#include "lib/ledger/sqlite/connection.hpp"
#include "lib/ledger/sqlite/sqlite_store.hpp"
#include "lib/ledger/sqlite/tables.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace cogate::ledger::sqlite {

/// The writing connection with its settings and statements. Thread safety: one thread at a time. Not movable.
class session {
public:
    /// Throws `error`. `how`: create at a start, read_write when it is opened again.
    session(sqlite_options const& options, access how);
    session(session const&) = delete;
    session& operator=(session const&) = delete;

    std::vector<written_attempt> write(std::span<pending_ptr const> attempts);

    /// Copies the log into the database when it has grown; what fails now is tried again later.
    void checkpoint_if_due() noexcept;

    struct recovered {
        std::uint64_t settled = 0;
        std::uint64_t made_void = 0;
    };
    /// Ends every open reservation in one transaction. Throws.
    recovered recover(recovery_policy policy, moment now);

private:
    class settings {
    public:
        settings(connection& in, durability keep, access how);
    };

    connection db_;
    settings settings_;
    tables tables_;
    int log_pages_ = 0;
    int checkpointed_pages_ = 0;
};

} // namespace cogate::ledger::sqlite
