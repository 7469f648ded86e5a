#include "lib/ledger/sqlite/schema.hpp"

#include <sqlite3.h>

#include <array>
#include <string>

namespace cogate::ledger::sqlite {

namespace {

// entries: one row per attempt, the truth. Times are microseconds since 1970, amounts nano-dollars, `kinds` and
// `flags` the bits of event.hpp, `who` the number of an attribution, `tags` a JSON array.
// attributions: the names that rows share, once per UTC day (since 1970) of `started`; what a
// client can invent, end users and tags, stays with the row.
// attempts: entries with their names; read in the order of entries, whatever a query asks of the names.
// counters: sums over settled and void entries by scope and hour of `started`.
// facts: retained_from is the first hour whose rows are all still there.
// records: who may spend; `kind` is record_kind, `body` what write_record() made.
constexpr std::array<char const*, 4> scripts{
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
    R"sql(
CREATE TABLE attributions(
    id INTEGER PRIMARY KEY AUTOINCREMENT, day INTEGER NOT NULL,
    key TEXT NOT NULL, user TEXT NOT NULL, team TEXT NOT NULL, organisation TEXT NOT NULL, model TEXT NOT NULL,
    provider TEXT NOT NULL, deployment TEXT NOT NULL, call_type TEXT NOT NULL, upstream_model TEXT NOT NULL,
    UNIQUE(day, key, user, team, organisation, model, provider, deployment, call_type, upstream_model)) STRICT;
DROP INDEX entries_by_start;
DROP INDEX open_entries;
ALTER TABLE entries RENAME TO old_entries;
CREATE TABLE entries(
    request_id TEXT NOT NULL, attempt INTEGER NOT NULL, kinds INTEGER NOT NULL,
    reserved INTEGER NOT NULL, spent INTEGER NOT NULL, who INTEGER NOT NULL, end_user TEXT NOT NULL, tags TEXT NOT NULL,
    prompt_tokens INTEGER NOT NULL, completion_tokens INTEGER NOT NULL, cached_tokens INTEGER NOT NULL,
    cache_write_tokens INTEGER NOT NULL, reasoning_tokens INTEGER NOT NULL,
    flags INTEGER NOT NULL, status INTEGER NOT NULL,
    started INTEGER NOT NULL, ended INTEGER NOT NULL, first_token INTEGER NOT NULL,
    PRIMARY KEY(request_id, attempt)) STRICT, WITHOUT ROWID;
CREATE INDEX entries_by_start ON entries(started);
CREATE INDEX open_entries ON entries(request_id) WHERE kinds & 12 = 0;
INSERT INTO attributions(day, key, user, team, organisation, model, provider, deployment, call_type, upstream_model)
SELECT DISTINCT started / 86400000000, key, user, team, organisation, model, provider, deployment, call_type,
    upstream_model FROM old_entries;
INSERT INTO entries
SELECT request_id, attempt, kinds, reserved, spent, a.id, end_user, tags, prompt_tokens, completion_tokens,
    cached_tokens, cache_write_tokens, reasoning_tokens, flags, status, started, ended, first_token
FROM old_entries e CROSS JOIN attributions a ON a.day = e.started / 86400000000 AND a.key = e.key
    AND a.user = e.user AND a.team = e.team AND a.organisation = e.organisation AND a.model = e.model
    AND a.provider = e.provider AND a.deployment = e.deployment AND a.call_type = e.call_type
    AND a.upstream_model = e.upstream_model;
DROP TABLE old_entries;
CREATE VIEW attempts AS
SELECT request_id, attempt, kinds, reserved, spent, key, user, team, organisation, end_user, model, provider,
    deployment, tags, call_type, upstream_model, prompt_tokens, completion_tokens, cached_tokens, cache_write_tokens,
    reasoning_tokens, flags, status, started, ended, first_token
FROM entries CROSS JOIN attributions ON attributions.id = entries.who;
)sql",
    // what members of organisations spent before they had counters: 15 is scope_kind::organisation_member
    R"sql(
INSERT OR IGNORE INTO counters(kind, id, hour, spent, calls, failed, prompt_tokens, completion_tokens)
SELECT 15, organisation || char(31) || user, started / 3600000000, sum(CASE WHEN kinds & 4 THEN spent ELSE 0 END),
    sum((kinds & 4) != 0), sum((kinds & 12) = 8), sum(CASE WHEN kinds & 4 THEN prompt_tokens ELSE 0 END),
    sum(CASE WHEN kinds & 4 THEN completion_tokens ELSE 0 END)
FROM attempts WHERE kinds & 12 != 0 AND organisation != '' AND user != ''
GROUP BY organisation, user, started / 3600000000;
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
