#include "lib/ledger/retain.hpp"

#include "lib/ledger/entry.hpp"
#include "lib/ledger/sqlite/reader.hpp"

#include <algorithm>
#include <chrono>

namespace cogate::ledger {

namespace {

// The mark moves before the rows go: nothing that is being deleted can be written again meanwhile.
void mark(sqlite::connection& in, std::int64_t hour)
{
    sqlite::transaction work(in);
    sqlite::statement set(in, "UPDATE facts SET value = max(value, ?) WHERE name = 'retained_from'");
    set.bind(1, hour);
    set.run();
    work.commit();
}

std::int64_t delete_slice(sqlite::connection& in, std::int64_t hour, std::size_t rows)
{
    sqlite::transaction work(in);
    sqlite::statement remove(in,
                             "DELETE FROM entries WHERE (request_id, attempt) IN (SELECT request_id, attempt "
                             "FROM entries WHERE started < ? AND kinds & 12 != 0 ORDER BY started LIMIT ?)");
    remove.bind(1, start_of_hour(hour).time_since_epoch().count()).bind(2, static_cast<std::int64_t>(rows));
    remove.run();
    std::int64_t const deleted = in.changes();
    work.commit();
    return deleted;
}

/// Names of days of which no row is left.
std::int64_t delete_attributions(sqlite::connection& in, std::int64_t hour, std::size_t rows)
{
    auto const day = std::chrono::floor<std::chrono::days>(start_of_hour(hour));
    sqlite::transaction work(in);
    sqlite::statement remove(
        in, "DELETE FROM attributions WHERE id IN (SELECT id FROM attributions WHERE day < ? AND id NOT IN "
            "(SELECT who FROM entries WHERE started < ?) LIMIT ?)");
    remove.bind(1, day.time_since_epoch().count());
    remove.bind(2, moment{day}.time_since_epoch().count()).bind(3, static_cast<std::int64_t>(rows));
    remove.run();
    std::int64_t const deleted = in.changes();
    work.commit();
    return deleted;
}

std::uint64_t retained(sqlite::connection& in, retention const& what)
{
    std::int64_t const hour = hour_of(what.before);
    std::size_t const slice = std::max<std::size_t>(what.slice, 1);
    mark(in, hour);
    std::uint64_t deleted = 0;
    for (std::size_t now = slice; now == slice;) {
        now = static_cast<std::size_t>(delete_slice(in, hour, slice));
        deleted += now;
        if (now == slice && what.between && !what.between(deleted)) {
            return deleted;
        }
    }
    while (static_cast<std::size_t>(delete_attributions(in, hour, slice)) == slice) {
    }
    return deleted;
}

} // namespace

result<std::uint64_t> retain(std::string const& path, retention const& what)
{
    return sqlite::with_connection<std::uint64_t>(path, sqlite::access::read_write,
                                                  [&](sqlite::connection& in) { return retained(in, what); });
}

} // namespace cogate::ledger
