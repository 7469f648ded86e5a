#include "lib/ledger/report.hpp"

#include "lib/core/json.hpp"
#include "lib/ledger/sqlite/report_condition.hpp"
#include "lib/ledger/sqlite/report_reader.hpp"

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace cogate::ledger {

namespace {

using sqlite::connection;
using sqlite::statement;

std::chrono::sys_days day_of(std::int64_t micros) noexcept
{
    return std::chrono::floor<std::chrono::days>(moment{moment::duration{micros}});
}

std::vector<std::string> entities_of(std::optional<scope_kind> kind, std::string_view text)
{
    std::vector<std::string> out;
    if (kind == scope_kind::tag) {
        json::document read;
        json::parse_error ignored;
        if (read.parse(text, ignored)) {
            for (json::value const tag : read.root()) {
                std::string name = tag.string();
                if (std::find(out.begin(), out.end(), name) == out.end()) {
                    out.push_back(std::move(name));
                }
            }
        }
    } else if (!text.empty()) {
        out.emplace_back(text);
    }
    return out;
}

/// Folds rows into cells: one look-up per row, no allocation for a cell that is there.
class cell_table {
public:
    cell_table(std::optional<scope_kind> entity, std::size_t most) : entity_(entity), most_(most) {}

    void add(statement const& row)
    {
        std::int64_t const started = row.number(0);
        name_.assign(std::to_string(day_of(started).time_since_epoch().count()));
        for (int column = 1; column != 6; ++column) {
            name_ += '\x1f';
            name_ += row.text(column);
        }
        auto found = places_.find(name_);
        if (found == places_.end()) {
            if (cells_.size() == most_) {
                throw sqlite::too_large{};
            }
            found = places_.emplace(name_, cells_.size()).first;
            auto const text = [&](int column) { return std::string(row.text(column)); };
            cells_.push_back({.day = day_of(started),
                              .key = text(1),
                              .model = text(2),
                              .upstream_model = text(3),
                              .provider = text(4),
                              .entities = entities_of(entity_, row.text(5)),
                              .of = {}});
        }
        activity_cell& cell = cells_[found->second];
        cell.of += counts{row.number(6), row.number(7), row.number(8), row.number(9), row.number(10)};
        cell.cached_tokens += row.number(11);
        cell.cache_write_tokens += row.number(12);
    }

    std::vector<activity_cell> take() { return std::move(cells_); }

private:
    std::optional<scope_kind> entity_;
    std::size_t most_;
    std::string name_;
    std::unordered_map<std::string, std::size_t> places_;
    std::vector<activity_cell> cells_;
};

std::vector<activity_cell> from_rows(connection& in, row_filter const& filter,
                                     std::optional<scope_kind> entity, std::size_t most)
{
    sqlite::row_condition const where(filter);
    std::string sql = "SELECT started, key, model, upstream_model, provider, ";
    sql += !entity ? "''" : (entity == scope_kind::tag ? "tags" : sqlite::column_of(*entity));
    sql += ", " + std::string(sqlite::counted_columns);
    sql += ", CASE WHEN kinds & 4 THEN cached_tokens ELSE 0 END, CASE WHEN kinds & 4 THEN cache_write_tokens "
           "ELSE 0 END "
           "FROM attempts";
    statement rows(in, sql + where.sql());
    where.bind(rows, 1);
    cell_table cells(entity, most);
    while (rows.step()) {
        cells.add(rows);
    }
    return cells.take();
}

bool is_single(scope_kind kind) noexcept
{
    return kind != scope_kind::tag && kind != scope_kind::global;
}

/// Counters that are together what a filter's rows are: no row belongs to two of them.
std::vector<scope> counted_as(row_filter const& filter)
{
    bool const is_one = filter.all_of.size() + filter.any_of.size() == 1;
    if (filter.needs_rows() || (!is_one && !filter.all_of.empty())) {
        return {};
    }
    std::vector<scope> const& owners = filter.all_of.empty() ? filter.any_of : filter.all_of;
    bool const are_apart = std::all_of(owners.begin(), owners.end(), [&](scope const& s) {
        return s.kind == owners.front().kind && is_single(s.kind) &&
               std::count(owners.begin(), owners.end(), s) == 1;
    });
    return is_one || are_apart ? owners : std::vector<scope>{};
}

/// Appends cells of the days of a kind's counters: of one owner, or of all.
void add_from_counters(connection& in, scope const* owner, scope_kind kind,
                       std::pair<std::int64_t, std::int64_t> hours, std::optional<scope_kind> entity,
                       std::vector<activity_cell>& cells)
{
    statement query(in, std::string("SELECT hour / 24 AS day, id, sum(spent), sum(calls), sum(failed), "
                                    "sum(prompt_tokens), sum(completion_tokens) FROM counters WHERE kind = ? "
                                    "AND hour >= ? AND hour < ?") +
                            (owner != nullptr ? " AND id = ?" : "") + " GROUP BY id, day");
    query.bind(1, static_cast<std::int64_t>(kind)).bind(2, hours.first).bind(3, hours.second);
    if (owner != nullptr) {
        query.bind(4, owner->id);
    }
    while (query.step()) {
        std::string id(query.text(1));
        cells.push_back(
            {.day = std::chrono::sys_days{std::chrono::days{query.number(0)}},
             .entities = entity == kind ? std::vector{std::move(id)} : std::vector<std::string>{},
             .of = {query.number(2), query.number(3), query.number(4), query.number(5), query.number(6)}});
    }
}

void add_deleted_hours(connection& in, row_filter const& filter, std::pair<std::int64_t, std::int64_t> hours,
                       std::optional<scope_kind> entity, std::vector<activity_cell>& cells)
{
    if (!filter.names_owners() && !filter.needs_rows()) {
        scope_kind const kind = entity && is_single(*entity) ? *entity : scope_kind::global;
        add_from_counters(in, nullptr, kind, hours, entity, cells);
        return;
    }
    for (scope const& owner : counted_as(filter)) {
        add_from_counters(in, &owner, owner.kind, hours, entity, cells);
    }
}

activity read(connection& in, row_filter filter, std::optional<scope_kind> entity, std::size_t most)
{
    activity out;
    std::int64_t const since = in.number("SELECT value FROM facts WHERE name = 'retained_from'");
    moment const from = filter.from;
    if (since > 0 && from < start_of_hour(since)) {
        out.rows_from = start_of_hour(since);
        filter.from = start_of_hour(since);
    }
    if (filter.from < filter.to) {
        out.cells = from_rows(in, filter, entity, most);
    }
    if (out.rows_from) {
        std::int64_t const last = filter.to == moment::max() ? since : std::min(since, hour_of(filter.to));
        add_deleted_hours(in, filter, {from <= moment{} ? 0 : hour_of(from), last}, entity, out.cells);
    }
    std::stable_sort(out.cells.begin(), out.cells.end(),
                     [](activity_cell const& a, activity_cell const& b) { return a.day < b.day; });
    return out;
}

} // namespace

result<activity> activity_of(std::string const& path, row_filter const& filter,
                             std::optional<scope_kind> entity, report_limits const& limits)
{
    bool const is_column = !entity || *entity == scope_kind::tag || !sqlite::column_of(*entity).empty();
    if (!is_column) {
        return failure{error_kind::invalid_request,
                       "An activity is not split by " + std::string(to_string(*entity)) + "."};
    }
    return sqlite::read_report<activity>(
        path, limits, [&](connection& in) { return read(in, filter, entity, limits.most_cells); });
}

} // namespace cogate::ledger
