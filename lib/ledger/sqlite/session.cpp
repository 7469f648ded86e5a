#include "lib/ledger/sqlite/session.hpp"

#include "lib/ledger/sqlite/batch.hpp"
#include "lib/ledger/sqlite/schema.hpp"

#include <sqlite3.h>

namespace cogate::ledger::sqlite {

namespace {

constexpr int checkpoint_pages = 4000; // 16 MiB of log
constexpr int lock_wait_ms = 200;      // of one try; the writer tries again
constexpr int start_wait_ms = 5000;    // nobody waits for a start yet

} // namespace

session::settings::settings(connection& in, durability keep, access how)
{
    in.set_patience(how == access::create ? start_wait_ms : lock_wait_ms);
    refuse_foreign(in);
    statement journal(in, "PRAGMA journal_mode = WAL");
    if (!journal.step() || journal.text(0) != "wal") {
        throw error(SQLITE_CANTOPEN, "the ledger's file system cannot hold a write-ahead log");
    }
    journal.reset();
    in.run(keep == durability::power ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
    in.run("PRAGMA wal_autocheckpoint = 0; PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -16000;"
           "PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF");
    migrate(in, migrations());
    in.set_patience(lock_wait_ms);
}

session::session(sqlite_options const& options, access how)
    : db_(options.path, how, options.vfs), settings_(db_, options.keep, how), tables_(db_)
{
    // Without automatic checkpoints, which would delay acknowledgements: the log's length is only noted.
    auto const note = [](void* to, sqlite3*, char const*, int pages) {
        *static_cast<int*>(to) = pages;
        return SQLITE_OK;
    };
    sqlite3_wal_hook(db_.handle(), note, &log_pages_);
}

std::vector<outcome> session::write(std::span<event_queue::item const> items)
{
    return write_batch(db_, tables_, items);
}

void session::checkpoint_if_due() noexcept
{
    if (log_pages_ < checkpointed_pages_) {
        checkpointed_pages_ = 0; // the log started anew
    }
    if (log_pages_ - checkpointed_pages_ >= checkpoint_pages) {
        sqlite3_wal_checkpoint_v2(db_.handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
        checkpointed_pages_ = log_pages_;
    }
}

namespace {

/// What a row becomes at a start after a crash.
void end_open(entry& row, bool pays, moment now)
{
    event end;
    end.kind = pays ? event_kind::settle : event_kind::voided;
    end.amount = pays ? row.reserved : 0;
    end.who = row.who;
    end.tokens = row.tokens;
    end.flags = row.flags | flag::recovered | (pays ? flag::estimated : 0);
    end.status = row.status;
    end.started = row.started;
    end.at = now;
    end.first_token = row.first_token;
    end.call_type = row.call_type;
    end.upstream_model = row.upstream_model;
    merge(row, end);
}

// end_open() of every open row at once. The numbers are bits of event_kind (2 sent, 4 settle, 8 voided) and of flag
// (64 waiting, 4 recovered, 1 estimated).
constexpr std::string_view end_all =
    "UPDATE entries SET "
    "kinds = kinds | CASE WHEN ?1 AND (flags & 64 = 0 OR kinds & 2) THEN 4 ELSE 8 END, "
    "spent = CASE WHEN ?1 AND (flags & 64 = 0 OR kinds & 2) THEN reserved ELSE spent END, "
    "flags = flags | 4 | CASE WHEN ?1 AND (flags & 64 = 0 OR kinds & 2) THEN 1 ELSE 0 END, "
    "ended = ?2 WHERE kinds & 12 = 0";

} // namespace

session::recovered session::recover(recovery_policy policy, moment now)
{
    recovered done;
    transaction work(db_);
    counter_sums sums;
    {
        statement open(db_, select_entries("WHERE kinds & 12 = 0"));
        while (open.step()) {
            entry row = read_entry(open);
            bool const was_sent = (row.flags & flag::waiting) == 0 || row.has(event_kind::sent);
            bool const pays = policy == recovery_policy::reserved && was_sent;
            end_open(row, pays, now);
            add_to(sums, row);
            ++(pays ? done.settled : done.made_void);
        }
    }
    // One statement: no row is kept in memory or sent back, however many a crash left.
    statement end(db_, end_all);
    end.bind(1, policy == recovery_policy::reserved ? 1 : 0).bind(2, now.time_since_epoch().count());
    end.run();
    tables_.add(sums);
    work.commit();
    return done;
}

} // namespace cogate::ledger::sqlite
