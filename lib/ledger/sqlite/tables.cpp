#include "lib/ledger/sqlite/tables.hpp"

#include "lib/ledger/sqlite/tags_text.hpp"

#include <chrono>

namespace cogate::ledger::sqlite {

namespace {

// Of the view: names in the place of `who`.
constexpr std::string_view columns =
    "request_id, attempt, kinds, reserved, spent, key, user, team, organisation, end_user, model, provider, "
    "deployment, tags, call_type, upstream_model, prompt_tokens, completion_tokens, cached_tokens, "
    "cache_write_tokens, reasoning_tokens, flags, status, started, ended, first_token";

constexpr std::string_view stored_columns =
    " INTO entries(request_id, attempt, kinds, reserved, spent, who, end_user, tags, prompt_tokens, "
    "completion_tokens, cached_tokens, cache_write_tokens, reasoning_tokens, flags, status, started, ended, "
    "first_token) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)";

std::string storing(std::string_view verb, std::string_view tail)
{
    return std::string(verb).append(stored_columns).append(tail);
}

// merge() of a reservation, of which `sent` may be known, and a fold of settle and voided, of `sent` where that is not
// stored yet: the end outranks it. `started` is an equal one, so that no index but that of open rows is touched.
constexpr std::string_view closing =
    "UPDATE entries SET kinds = kinds | ?1, spent = ?2, who = ?3, end_user = ?4, tags = ?5, prompt_tokens = "
    "?6, "
    "completion_tokens = ?7, cached_tokens = ?8, cache_write_tokens = ?9, reasoning_tokens = ?10, flags = "
    "?11, "
    "status = ?12, ended = ?13, first_token = ?14 "
    "WHERE request_id = ?15 AND attempt = ?16 AND kinds IN (1, 3) AND kinds & ?1 = 0 AND started = ?17";

std::int64_t micros(moment when) noexcept
{
    return when.time_since_epoch().count();
}

} // namespace

std::string select_entries(std::string_view tail)
{
    return std::string("SELECT ").append(columns).append(" FROM attempts ").append(tail);
}

entry read_entry(statement const& row)
{
    auto const text = [&](int column) { return std::string(row.text(column)); };
    auto const when = [&](int column) { return moment{moment::duration{row.number(column)}}; };
    entry e;
    e.request_id = text(0);
    e.attempt = static_cast<std::uint32_t>(row.number(1));
    e.kinds = static_cast<std::uint8_t>(row.number(2));
    e.reserved = row.number(3);
    e.spent = row.number(4);
    e.who = shared_attribution({.key = text(5),
                                .user = text(6),
                                .team = text(7),
                                .organisation = text(8),
                                .end_user = text(9),
                                .model = text(10),
                                .provider = text(11),
                                .deployment = text(12),
                                .tags = tags_of(row.text(13)),
                                .call_type = text(14),
                                .upstream_model = text(15)});
    e.tokens = {row.number(16), row.number(17), row.number(18), row.number(19), row.number(20)};
    e.flags = static_cast<std::uint32_t>(row.number(21));
    e.status = static_cast<std::int32_t>(row.number(22));
    e.started = when(23);
    e.ended = when(24);
    e.first_token = when(25);
    return e;
}

tables::tables(connection& in)
    : in_(in),
      who_(in),
      counters_(in),
      insert_(in, storing("INSERT", " ON CONFLICT DO NOTHING")),
      replace_(in, storing("REPLACE", "")),
      close_(in, closing),
      find_(in, select_entries("WHERE request_id = ? AND attempt = ?")),
      retained_from_(in, "SELECT value FROM facts WHERE name = 'retained_from'")
{}

void tables::write(statement& by, entry const& e, std::int64_t who)
{
    std::string const tags = tags_text(e.who->tags);
    by.bind(1, e.request_id).bind(2, e.attempt).bind(3, e.kinds).bind(4, e.reserved).bind(5, e.spent);
    by.bind(6, who).bind(7, e.who->end_user).bind(8, tags).bind(9, e.tokens.prompt);
    by.bind(10, e.tokens.completion).bind(11, e.tokens.cached).bind(12, e.tokens.cache_write);
    by.bind(13, e.tokens.reasoning).bind(14, e.flags).bind(15, e.status).bind(16, micros(e.started));
    by.bind(17, micros(e.ended)).bind(18, micros(e.first_token));
    by.run();
}

bool tables::insert(entry const& e, std::int64_t who)
{
    write(insert_, e, who);
    return in_.changes() != 0;
}

bool tables::close(entry const& e, std::int64_t who)
{
    std::string const tags = tags_text(e.who->tags);
    close_.bind(1, e.kinds).bind(2, e.spent).bind(3, who).bind(4, e.who->end_user).bind(5, tags);
    close_.bind(6, e.tokens.prompt).bind(7, e.tokens.completion).bind(8, e.tokens.cached);
    close_.bind(9, e.tokens.cache_write).bind(10, e.tokens.reasoning).bind(11, e.flags).bind(12, e.status);
    close_.bind(13, micros(e.ended)).bind(14, micros(e.first_token));
    close_.bind(15, e.request_id).bind(16, e.attempt).bind(17, micros(e.started));
    close_.run();
    return in_.changes() != 0;
}

void tables::replace(entry const& e, std::int64_t who)
{
    write(replace_, e, who);
}

std::optional<entry> tables::find(std::string_view request_id, std::uint32_t attempt)
{
    find_.bind(1, request_id).bind(2, attempt);
    std::optional<entry> found;
    if (find_.step()) {
        found = read_entry(find_);
    }
    find_.reset();
    return found;
}

std::int64_t tables::retained_from()
{
    std::int64_t const hour = retained_from_.step() ? retained_from_.number(0) : 0;
    retained_from_.reset();
    return hour;
}

} // namespace cogate::ledger::sqlite
