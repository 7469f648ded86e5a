#include "lib/ledger/sqlite/schema.hpp"

#include <sqlite3.h>

#include <array>
#include <string>

namespace cogate::ledger::sqlite {

namespace {

// entries: one row per attempt, the truth. Times are microseconds since 1970, amounts nano-dollars, `kinds` and
// `flags` the bits of event.hpp, `tags` a JSON array.
// counters: sums over settled and void entries by scope and hour of `started`.
// facts: retained_from is the first hour whose rows are all still there.
// records: who may spend; `kind` is record_kind, `body` what write_record() made.
constexpr std::array<char const*, 2> scripts{
    R"sql(
CREATE TABLE entries(
    request_id TEXT NOT NULL, attempt INTEGER NOT NULL, kinds INTEGER NOT NULL,
    reserved INTEGER NOT NULL, spent INTEGER NOT NULL,
    key TEXT NOT NULL, user TEXT NOT NULL, team TEXT NOT NULL, organisation TEXT NOT NULL, end_user TEXT NOT NULL,
    model TEXT NOT NULL, provider TEXT NOT NULL, deployment TEXT NOT NULL, tags TEXT NOT NULL,
    prompt_tokens INTEGER NOT NULL, completion_tokens INTEGER NOT NULL, cached_tokens INTEGER NOT NULL,
    cache_write_tokens INTEGER NOT NULL, reasoning_tokens INTEGER NOT NULL,
    flags INTEGER NOT NULL, status INTEGER NOT NULL,
    started INTEGER NOT NULL, ended INTEGER NOT NULL, first_token INTEGER NOT NULL,
    call_type TEXT NOT NULL, upstream_model TEXT NOT NULL,
    PRIMARY KEY(request_id, attempt)) STRICT, WITHOUT ROWID;
CREATE INDEX entries_by_start ON entries(started);
CREATE INDEX open_entries ON entries(request_id) WHERE kinds & 12 = 0;
CREATE TABLE counters(
    kind INTEGER NOT NULL, id TEXT NOT NULL, hour INTEGER NOT NULL,
    spent INTEGER NOT NULL, calls INTEGER NOT NULL, failed INTEGER NOT NULL,
    prompt_tokens INTEGER NOT NULL, completion_tokens INTEGER NOT NULL,
    PRIMARY KEY(kind, id, hour)) STRICT, WITHOUT ROWID;
CREATE TABLE facts(name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO facts VALUES('retained_from', 0);
)sql",
    R"sql(
CREATE TABLE records(
    kind INTEGER NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY(kind, id)) STRICT, WITHOUT ROWID;
)sql",
};

[[noreturn]] void refuse(std::string const& why)
{
    throw error(SQLITE_MISMATCH, why);
}

} // namespace

std::span<char const* const> migrations() noexcept
{
    return scripts;
}

void refuse_foreign(connection& in)
{
    std::int64_t const id = in.number("PRAGMA application_id");
    if (id != application_id && (id != 0 || in.number("SELECT count(*) FROM sqlite_schema") != 0)) {
        refuse("the file is a database of another program");
    }
}

void migrate(connection& in, std::span<char const* const> steps)
{
    refuse_foreign(in);
    auto const newest = static_cast<std::int64_t>(steps.size());
    for (;;) {
        std::int64_t const version = in.number("PRAGMA user_version");
        if (version > newest) {
            refuse("the ledger was written by a newer program: its schema has version " +
                   std::to_string(version) + ", this program knows " + std::to_string(newest));
        }
        if (version == newest) {
            return;
        }
        transaction work(in);
        in.run(steps[static_cast<std::size_t>(version)]);
        in.run(("PRAGMA application_id = " + std::to_string(application_id)).c_str());
        in.run(("PRAGMA user_version = " + std::to_string(version + 1)).c_str());
        work.commit();
    }
}

void require_current_schema(connection& in)
{
    std::int64_t const version = in.number("PRAGMA user_version");
    if (in.number("PRAGMA application_id") != application_id) {
        refuse("the file is not a ledger");
    }
    if (version != static_cast<std::int64_t>(scripts.size())) {
        refuse("the ledger's schema has version " + std::to_string(version) + ", this program needs " +
               std::to_string(scripts.size()));
    }
}

} // namespace cogate::ledger::sqlite
