#include "lib/ledger/sqlite/spend.hpp"

#include "lib/ledger/sqlite/tables.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <set>
#include <utility>

namespace cogate::ledger::sqlite {

namespace {

// The first hour that lies whole behind `since`.
std::int64_t first_whole_hour(moment since) noexcept
{
    std::int64_t const hour = hour_of(since);
    return start_of_hour(hour) == since ? hour : hour + 1;
}

} // namespace

std::vector<nanos> spent(connection& in, std::span<spend_query const> queries)
{
    std::vector<nanos> sums;
    std::map<scope, std::vector<std::size_t>> by_scope;
    std::set<std::int64_t> cut_hours;
    transaction const one_state(in, transaction::kind::read);
    statement counters(
        in, "SELECT coalesce(sum(spent), 0) FROM counters WHERE kind = ? AND id = ? AND hour >= ?");
    for (spend_query const& q : queries) {
        std::int64_t const from = q.since == moment::min() ? 0 : first_whole_hour(q.since);
        counters.bind(1, static_cast<std::int64_t>(q.where.kind)).bind(2, q.where.id).bind(3, from);
        counters.step();
        sums.push_back(counters.number(0));
        counters.reset();
        if (q.since != moment::min() && start_of_hour(from) != q.since) {
            by_scope[q.where].push_back(sums.size() - 1);
            cut_hours.insert(from - 1);
        }
    }
    statement rows(in, select_entries("WHERE started >= ? AND started < ? AND kinds & 4 != 0"));
    for (std::int64_t const hour : cut_hours) {
        rows.bind(1, start_of_hour(hour).time_since_epoch().count());
        rows.bind(2, start_of_hour(hour + 1).time_since_epoch().count());
        while (rows.step()) {
            entry const e = read_entry(rows);
            for (scope const& s : scopes_of(*e.who)) {
                auto const asked = by_scope.find(s);
                if (asked == by_scope.end()) {
                    continue;
                }
                for (std::size_t const i : asked->second) {
                    bool const in_cut_hour = first_whole_hour(queries[i].since) - 1 == hour;
                    sums[i] += in_cut_hour && e.started >= queries[i].since ? e.spent : 0;
                }
            }
        }
        rows.reset();
    }
    return sums;
}

} // namespace cogate::ledger::sqlite
