#pragma once

#include "lib/ledger/accounts/records.hpp"
#include "lib/ledger/store.hpp"

#include <cogate/result.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace cogate::ledger {

/// Names one record.
struct record_name {
    record_kind kind = record_kind::key;
    std::string id;

    friend bool operator==(record_name const&, record_name const&) = default;
};

/// Changes that are made together or not at all: first all removals, then all puts in their order. A record
/// replaces the one of its kind and id.
struct record_changes {
    std::vector<record> put;
    std::vector<record_name> removed;
    /// What the records put and removed were before, as far as they were there. For those who hear of a
    /// change (`directory::on_change`): the directory fills it in, whoever decides a change leaves it empty.
    std::vector<record> before{};

    bool empty() const noexcept { return put.empty() && removed.empty(); }
};

/// Where records are kept. Thread safety: one thread at a time.
class record_store {
public:
    record_store() = default;
    record_store(record_store const&) = delete;
    record_store& operator=(record_store const&) = delete;
    virtual ~record_store() = default;

    /// Hands over every record, in no order. Failures: `service_unavailable`, code "ledger_unavailable".
    /// Blocks.
    virtual result<void> read_all(std::function<void(record&&)> const& take) = 0;

    /// All or nothing, durable when it returns. Failures as above. Blocks.
    virtual result<void> write(record_changes const& changes) = 0;
};

/// The records in the ledger's own database file, beside the rows, through a connection of its own; the
/// ledger must have been opened before (it makes the schema). `keep` is as the ledger's. A record that this
/// program cannot read fails read_all(), which names it. Failures as above. Blocks, also for another
/// connection's lock.
result<std::unique_ptr<record_store>> open_sqlite_records(std::string const& path,
                                                          durability keep = durability::process,
                                                          std::string const& vfs = {});

/// In memory only: for tests, and for a gateway that keeps no data.
std::unique_ptr<record_store> make_memory_records();

} // namespace cogate::ledger
