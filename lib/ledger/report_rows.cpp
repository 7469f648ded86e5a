#include "lib/ledger/report.hpp"
#include "lib/ledger/sqlite/report_condition.hpp"
#include "lib/ledger/sqlite/report_reader.hpp"
#include "lib/ledger/sqlite/tables.hpp"

#include <limits>

namespace cogate::ledger {

namespace {

std::uint64_t counted(sqlite::connection& in, row_filter const& filter, sqlite::row_condition const& where)
{
    sqlite::statement count(in, std::string("SELECT count(*) FROM ") +
                                    (filter.names_owners() ? "attempts" : "entries") + where.sql());
    where.bind(count, 1);
    return count.step() ? static_cast<std::uint64_t>(count.number(0)) : 0;
}

// The index on `started` ends in the primary key: this order needs no sorting.
constexpr std::string_view newest = " ORDER BY started DESC, request_id DESC, attempt DESC LIMIT ? OFFSET ?";
constexpr std::string_view oldest = " ORDER BY started, request_id, attempt LIMIT ? OFFSET ?";

row_page found(sqlite::connection& in, row_filter const& filter, page_wish const& page)
{
    sqlite::row_condition const where(filter);
    row_page out;
    sqlite::statement rows(
        in, sqlite::select_entries(where.sql() + std::string(page.newest_first ? newest : oldest)));
    int const at = where.bind(rows, 1);
    constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    rows.bind(at, static_cast<std::int64_t>(page.take) + 1);
    rows.bind(at + 1, static_cast<std::int64_t>(std::min(page.skip, most)));
    while (rows.step()) {
        if (out.rows.size() == page.take) {
            out.has_more = true;
            break;
        }
        out.rows.push_back(sqlite::read_entry(rows));
    }
    if (page.counts_all) {
        out.total = counted(in, filter, where);
    }
    return out;
}

} // namespace

result<row_page> find_rows(std::string const& path, row_filter const& filter, page_wish const& page,
                           report_limits const& limits)
{
    return sqlite::read_report<row_page>(path, limits,
                                         [&](sqlite::connection& in) { return found(in, filter, page); });
}

result<moment> rows_from(std::string const& path)
{
    return sqlite::with_reader<moment>(path, [](sqlite::connection& in) {
        return start_of_hour(in.number("SELECT value FROM facts WHERE name = 'retained_from'"));
    });
}

} // namespace cogate::ledger
