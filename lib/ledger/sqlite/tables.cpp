#include "lib/ledger/sqlite/tables.hpp"

#include "lib/core/json.hpp"

#include <chrono>

namespace cogate::ledger::sqlite {

namespace {

constexpr std::string_view columns =
    "request_id, attempt, kinds, reserved, spent, key, user, team, organisation, end_user, model, provider, "
    "deployment, tags, prompt_tokens, completion_tokens, cached_tokens, cache_write_tokens, "
    "reasoning_tokens, "
    "flags, status, started, ended, first_token, call_type, upstream_model";

std::string storing(std::string_view verb, std::string_view tail)
{
    std::string sql(verb);
    sql += " INTO entries(";
    sql += columns;
    sql += ") VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)";
    sql += tail;
    return sql;
}

std::string selecting(std::string_view tail)
{
    std::string sql = "SELECT ";
    sql += columns;
    sql += " FROM entries ";
    sql += tail;
    return sql;
}

std::int64_t micros(moment when) noexcept
{
    return when.time_since_epoch().count();
}

std::vector<std::string> tags_of(std::string_view text)
{
    std::vector<std::string> out;
    json::document read;
    json::parse_error ignored;
    if (read.parse(text, ignored)) {
        for (json::value const tag : read.root()) {
            out.push_back(tag.string());
        }
    }
    return out;
}

// A sum cannot leave the range of an integer, where SQLite would go on in floating point.
constexpr std::string_view adding =
    "INSERT INTO counters(kind, id, hour, spent, calls, failed, prompt_tokens, completion_tokens) "
    "VALUES(?,?,?,?,?,?,?,?) ON CONFLICT(kind, id, hour) DO UPDATE SET "
    "spent = min(spent, 9223372036854775807 - excluded.spent) + excluded.spent, "
    "calls = calls + excluded.calls, failed = failed + excluded.failed, "
    "prompt_tokens = min(prompt_tokens, 9223372036854775807 - excluded.prompt_tokens) + "
    "excluded.prompt_tokens, "
    "completion_tokens = min(completion_tokens, 9223372036854775807 - excluded.completion_tokens) + "
    "excluded.completion_tokens";

} // namespace

std::string tags_text(std::vector<std::string> const& tags)
{
    std::string out;
    json::writer write(out);
    write.begin_array();
    for (std::string const& tag : tags) {
        write.value(tag);
    }
    write.end_array();
    return out;
}

std::string select_entries(std::string_view tail)
{
    return selecting(tail);
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
    e.who = {
        text(5), text(6), text(7), text(8), text(9), text(10), text(11), text(12), tags_of(row.text(13))};
    e.tokens = {row.number(14), row.number(15), row.number(16), row.number(17), row.number(18)};
    e.flags = static_cast<std::uint32_t>(row.number(19));
    e.status = static_cast<std::int32_t>(row.number(20));
    e.started = when(21);
    e.ended = when(22);
    e.first_token = when(23);
    e.call_type = text(24);
    e.upstream_model = text(25);
    return e;
}

void add_to(counter_sums& sums, entry const& e, int sign)
{
    counts const what = counts_of(e);
    if (what.is_zero()) {
        return;
    }
    for (scope& where : scopes_of(e.who)) {
        counts& sum = sums[{std::move(where), hour_of(e.started)}];
        if (sign > 0) {
            sum += what;
        } else {
            sum -= what;
        }
    }
}

tables::tables(connection& in)
    : in_(in),
      insert_(in, storing("INSERT", " ON CONFLICT DO NOTHING")),
      replace_(in, storing("REPLACE", "")),
      find_(in, selecting("WHERE request_id = ? AND attempt = ?")),
      add_(in, adding),
      retained_from_(in, "SELECT value FROM facts WHERE name = 'retained_from'")
{}

void tables::write(statement& by, entry const& e)
{
    std::string const tags = tags_text(e.who.tags);
    by.bind(1, e.request_id).bind(2, e.attempt).bind(3, e.kinds).bind(4, e.reserved).bind(5, e.spent);
    by.bind(6, e.who.key).bind(7, e.who.user).bind(8, e.who.team).bind(9, e.who.organisation);
    by.bind(10, e.who.end_user).bind(11, e.who.model).bind(12, e.who.provider).bind(13, e.who.deployment);
    by.bind(14, tags).bind(15, e.tokens.prompt).bind(16, e.tokens.completion).bind(17, e.tokens.cached);
    by.bind(18, e.tokens.cache_write).bind(19, e.tokens.reasoning).bind(20, e.flags).bind(21, e.status);
    by.bind(22, micros(e.started)).bind(23, micros(e.ended)).bind(24, micros(e.first_token));
    by.bind(25, e.call_type).bind(26, e.upstream_model);
    by.run();
}

bool tables::insert(entry const& e)
{
    write(insert_, e);
    return in_.changes() != 0;
}

void tables::replace(entry const& e)
{
    write(replace_, e);
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

void tables::add(counter_sums const& sums)
{
    for (auto const& [key, sum] : sums) {
        if (sum.is_zero()) {
            continue;
        }
        add_.bind(1, static_cast<std::int64_t>(key.where.kind)).bind(2, key.where.id).bind(3, key.hour);
        add_.bind(4, sum.spent).bind(5, sum.calls).bind(6, sum.failed);
        add_.bind(7, sum.prompt_tokens).bind(8, sum.completion_tokens);
        add_.run();
    }
}

std::int64_t tables::retained_from()
{
    std::int64_t const hour = retained_from_.step() ? retained_from_.number(0) : 0;
    retained_from_.reset();
    return hour;
}

} // namespace cogate::ledger::sqlite
