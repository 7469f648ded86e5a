#include "lib/ledger/report.hpp"
#include "lib/ledger/sqlite/report_condition.hpp"
#include "lib/ledger/sqlite/report_reader.hpp"

#include <algorithm>

namespace cogate::ledger {

namespace {

using sqlite::connection;
using sqlite::row_condition;
using sqlite::statement;

constexpr moment earliest{};
constexpr moment latest = start_of_hour(std::int64_t{24} * 366 * 10'000);

/// A span as whole hours [first, last) and what of it lies in the cut hours before and behind.
struct hours {
    std::int64_t first = 0;
    std::int64_t last = 0;
    std::vector<std::pair<moment, moment>> cut;
};

hours hours_of(moment from, moment to)
{
    from = std::clamp(from, earliest, latest);
    to = std::clamp(to, earliest, latest);
    std::int64_t const from_hour = hour_of(from);
    std::int64_t const to_hour = hour_of(to);
    hours out{start_of_hour(from_hour) == from ? from_hour : from_hour + 1, to_hour, {}};
    if (from_hour == to_hour) {
        if (from < to) {
            out.cut.emplace_back(from, to);
        }
        return out;
    }
    if (out.first != from_hour && from < to) {
        out.cut.emplace_back(from, start_of_hour(out.first));
    }
    if (start_of_hour(to_hour) != to && from < to) {
        out.cut.emplace_back(start_of_hour(to_hour), to);
    }
    return out;
}

/// Which counters answer a question, if any do: `kind`, and of kinds of two parts those that begin with
/// `before`.
struct counter_choice {
    scope_kind kind;
    std::string before;
};

std::optional<counter_choice> counters_for(scope_kind kind, row_filter const& filter)
{
    if (filter.needs_rows()) {
        return std::nullopt;
    }
    if (!filter.names_owners()) {
        return counter_choice{kind, {}};
    }
    if (kind != scope_kind::model || filter.all_of.size() + filter.any_of.size() != 1) {
        return std::nullopt;
    }
    scope const& owner = filter.all_of.empty() ? filter.any_of.front() : filter.all_of.front();
    std::string const before = joined_id(owner.id, {});
    switch (owner.kind) {
    case scope_kind::key: return counter_choice{scope_kind::key_model, before};
    case scope_kind::user: return counter_choice{scope_kind::user_model, before};
    case scope_kind::team: return counter_choice{scope_kind::team_model, before};
    default: return std::nullopt;
    }
}

/// A query of (id, spent, calls, failed, prompt_tokens, completion_tokens) over rows; empty for a kind that
/// rows are not split by.
std::string rows_source(scope_kind kind, row_condition const& where)
{
    std::string const counted(sqlite::counted_columns);
    if (kind == scope_kind::tag) {
        // A tag that a row names twice counts once, as in scopes_of().
        return "SELECT t.value AS id, spent, calls, failed, prompt_tokens, completion_tokens FROM (SELECT "
               "tags, " +
               counted + " FROM attempts" + where.sql() +
               ") AS e, json_each(e.tags) AS t WHERE NOT EXISTS(SELECT 1 FROM json_each(e.tags) AS u "
               "WHERE u.value = t.value AND u.key < t.key)";
    }
    if (kind == scope_kind::global) {
        return "SELECT '' AS id, " + counted + " FROM attempts" + where.sql();
    }
    std::string_view const column = sqlite::column_of(kind);
    if (column.empty()) {
        return {};
    }
    return "SELECT " + std::string(column) + " AS id, " + counted + " FROM attempts" + where.sql() + " AND " +
           std::string(column) + " != ''";
}

owner_sums read_sums(statement& query, std::size_t most)
{
    owner_sums out;
    while (query.step()) {
        if (out.owners.size() == most) {
            out.has_more = true;
            break;
        }
        out.owners.push_back(
            {std::string(query.text(0)),
             {query.number(1), query.number(2), query.number(3), query.number(4), query.number(5)}});
    }
    return out;
}

std::string summed(std::string const& source)
{
    return "SELECT id, sum(spent), sum(calls), sum(failed), sum(prompt_tokens), sum(completion_tokens) FROM "
           "(" +
           source + ") GROUP BY id HAVING sum(calls) + sum(failed) != 0 ORDER BY 2 DESC, id LIMIT ?";
}

owner_sums from_rows(connection& in, scope_kind kind, row_filter const& filter, std::size_t most,
                     std::int64_t rows_since)
{
    row_condition const where(filter);
    statement query(in, summed(rows_source(kind, where)));
    query.bind(where.bind(query, 1), static_cast<std::int64_t>(most) + 1);
    owner_sums out = read_sums(query, most);
    out.lacks_rows = rows_since > 0 && filter.from < start_of_hour(rows_since);
    return out;
}

owner_sums from_counters(connection& in, counter_choice const& what, scope_kind kind,
                         row_filter const& filter, std::size_t most, std::int64_t rows_since)
{
    hours const span = hours_of(filter.from, filter.to);
    bool const is_part = !what.before.empty();
    std::string const after =
        is_part ? what.before.substr(0, what.before.size() - 1) + '\x20' : std::string();
    std::string source = is_part ? "SELECT substr(id, length(?) + 1) AS id" : "SELECT id";
    source += ", spent, calls, failed, prompt_tokens, completion_tokens FROM counters WHERE kind = ?";
    source += is_part ? " AND id >= ? AND id < ?" : "";
    source += " AND hour >= ? AND hour < ?";
    std::vector<row_condition> cuts;
    owner_sums none;
    for (auto const& [from, to] : span.cut) {
        row_filter part = filter;
        part.from = from;
        part.to = to;
        none.lacks_rows = none.lacks_rows || hour_of(from) < rows_since;
        std::string const rows = rows_source(kind, cuts.emplace_back(part));
        source += rows.empty() ? "" : " UNION ALL " + rows;
    }
    statement query(in, summed(source));
    int at = 1;
    if (is_part) {
        query.bind(at++, what.before);
    }
    query.bind(at++, static_cast<std::int64_t>(what.kind));
    if (is_part) {
        query.bind(at, what.before).bind(at + 1, after);
        at += 2;
    }
    query.bind(at, span.first).bind(at + 1, span.last);
    at += 2;
    for (row_condition const& cut : cuts) {
        at = cut.bind(query, at);
    }
    query.bind(at, static_cast<std::int64_t>(most) + 1);
    owner_sums out = read_sums(query, most);
    out.lacks_rows = none.lacks_rows;
    return out;
}

bool is_plain(scope_kind kind) noexcept
{
    return kind == scope_kind::global || kind == scope_kind::tag || !sqlite::column_of(kind).empty();
}

std::vector<day_sum> days(connection& in, scope_kind kind, std::optional<std::string> const& id,
                          hours const& span, std::size_t most)
{
    statement query(
        in, std::string("SELECT id, hour / 24 AS day, sum(spent), sum(calls), sum(failed), "
                        "sum(prompt_tokens), sum(completion_tokens) FROM counters WHERE kind = ?") +
                (id ? " AND id = ?" : "") + " AND hour >= ? AND hour < ? GROUP BY day, id ORDER BY day, id");
    int at = 1;
    query.bind(at++, static_cast<std::int64_t>(kind));
    if (id) {
        query.bind(at++, *id);
    }
    query.bind(at, span.first).bind(at + 1, span.last);
    std::vector<day_sum> out;
    while (query.step()) {
        if (out.size() == most) {
            throw sqlite::too_large{};
        }
        out.push_back(
            {std::chrono::sys_days{std::chrono::days{query.number(1)}},
             std::string(query.text(0)),
             {query.number(2), query.number(3), query.number(4), query.number(5), query.number(6)}});
    }
    return out;
}

} // namespace

result<owner_sums> sums_by(std::string const& path, scope_kind kind, row_filter const& filter,
                           std::size_t most, report_limits const& limits)
{
    if (!is_plain(kind)) {
        return failure{error_kind::invalid_request,
                       "Sums are not kept by " + std::string(to_string(kind)) + "."};
    }
    return sqlite::read_report<owner_sums>(path, limits, [&](connection& in) {
        std::int64_t const since = in.number("SELECT value FROM facts WHERE name = 'retained_from'");
        std::optional<counter_choice> const counters = counters_for(kind, filter);
        return counters ? from_counters(in, *counters, kind, filter, most, since)
                        : from_rows(in, kind, filter, most, since);
    });
}

result<std::vector<day_sum>> days_by(std::string const& path, scope_kind kind,
                                     std::optional<std::string> const& id, moment from, moment to,
                                     report_limits const& limits)
{
    hours const span{
        hour_of(std::clamp(from, earliest, latest)), hour_of(std::clamp(to, earliest, latest)), {}};
    return sqlite::read_report<std::vector<day_sum>>(
        path, limits, [&](connection& in) { return days(in, kind, id, span, limits.most_cells); });
}

} // namespace cogate::ledger
