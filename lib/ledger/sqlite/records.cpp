#include "lib/ledger/accounts/record_store.hpp"

#include "lib/ledger/sqlite/reader.hpp"

#include <sqlite3.h>

#include <utility>

namespace cogate::ledger {

namespace {

using sqlite::access;
using sqlite::connection;
using sqlite::statement;
using sqlite::transaction;

class sqlite_records final : public record_store {
public:
    sqlite_records(std::string const& path, durability keep, std::string const& vfs)
        : path_(path),
          db_(path, access::read_write, vfs),
          settings_(db_, keep),
          put_(db_, "REPLACE INTO records(kind, id, body) VALUES(?, ?, ?)"),
          remove_(db_, "DELETE FROM records WHERE kind = ? AND id = ?")
    {}

    result<void> read_all(std::function<void(record&&)> const& take) override
    {
        return guarded([&] {
            transaction one_state(db_, transaction::kind::read);
            statement all(db_, "SELECT kind, id, body FROM records");
            while (all.step()) {
                auto const kind = static_cast<record_kind>(all.number(0));
                std::optional<record> one = read_record(kind, all.text(2));
                if (!one || id_of(*one) != all.text(1)) {
                    throw sqlite::error(SQLITE_MISMATCH, "the record '" + std::string(all.text(1)) +
                                                             "' of kind " + std::to_string(all.number(0)) +
                                                             " is not one of this program's");
                }
                take(std::move(*one));
            }
        });
    }

    result<void> write(record_changes const& changes) override
    {
        return guarded([&] {
            transaction work(db_);
            for (record_name const& gone : changes.removed) {
                remove_.bind(1, static_cast<std::int64_t>(gone.kind)).bind(2, gone.id).run();
            }
            for (record const& one : changes.put) {
                std::string const body = write_record(one);
                put_.bind(1, static_cast<std::int64_t>(kind_of(one))).bind(2, id_of(one)).bind(3, body).run();
            }
            work.commit();
        });
    }

private:
    // Before the statements are prepared: the schema must be there.
    struct settings {
        settings(connection& in, durability keep)
        {
            in.set_patience(sqlite::reader_patience_ms);
            sqlite::require_current_schema(in);
            in.run(keep == durability::power ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
            // Checkpoints are the ledger's: see session.cpp.
            in.run("PRAGMA wal_autocheckpoint = 0; PRAGMA trusted_schema = OFF");
        }
    };

    template <class Work>
    result<void> guarded(Work work)
    {
        try {
            work();
            return {};
        } catch (std::exception const& e) {
            return failure{error_kind::service_unavailable, "the ledger " + path_ + ": " + e.what()}
                .with_code("ledger_unavailable");
        }
    }

    std::string path_;
    connection db_;
    settings settings_;
    statement put_;
    statement remove_;
};

} // namespace

result<std::unique_ptr<record_store>> open_sqlite_records(std::string const& path, durability keep,
                                                          std::string const& vfs)
{
    try {
        return result<std::unique_ptr<record_store>>(std::make_unique<sqlite_records>(path, keep, vfs));
    } catch (std::exception const& e) {
        return failure{error_kind::service_unavailable, "the ledger " + path + ": " + e.what()}.with_code(
            "ledger_unavailable");
    }
}

} // namespace cogate::ledger
