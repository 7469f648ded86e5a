#include "lib/ledger/sqlite/session.hpp"

#include "lib/ledger/sqlite/schema.hpp"
#include "lib/ledger/sqlite/tags_text.hpp"

#include <sqlite3.h>

#include <utility>

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

std::vector<written_attempt> session::write(std::span<pending_ptr const> attempts)
{
    return write_batch(db_, tables_, attempts);
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

// What open rows become at a start after a crash, all at once. The numbers are bits of event_kind (2 sent, 4 settle,
// 8 voided) and of flag (64 waiting, 4 recovered, 1 estimated).
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
    tables_.who().start_batch(tables_.retained_from());
    hourly_sums sums;
    statement open(
        db_, "SELECT kinds, reserved, who, end_user, tags, prompt_tokens, completion_tokens, flags, started "
             "FROM entries WHERE kinds & 12 = 0");
    while (open.step()) {
        auto const has = [&](int column, std::int64_t bit) { return (open.number(column) & bit) != 0; };
        bool const was_sent = !has(7, flag::waiting) || has(0, static_cast<std::int64_t>(event_kind::sent));
        bool const pays = policy == recovery_policy::reserved && was_sent;
        counts const what =
            pays ? counts{open.number(1), 1, 0, open.number(5), open.number(6)} : counts{0, 0, 1, 0, 0};
        moment const started{moment::duration{open.number(8)}};
        std::vector<std::string> const tags = tags_of(open.text(4));
        sums.add({open.number(2), open.text(3), tags}, hour_of(started), what);
        ++(pays ? done.settled : done.made_void);
    }
    open.reset();
    // One statement: no row is kept in memory or sent back, however many a crash left.
    statement end(db_, end_all);
    end.bind(1, policy == recovery_policy::reserved ? 1 : 0).bind(2, now.time_since_epoch().count());
    end.run();
    tables_.counters().add(std::move(sums).by_scope(tables_.who()));
    work.commit();
    return done;
}

} // namespace cogate::ledger::sqlite
