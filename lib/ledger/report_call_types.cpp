#include "lib/ledger/report_call_types.hpp"

#include "lib/ledger/sqlite/report_condition.hpp"
#include "lib/ledger/sqlite/report_reader.hpp"

#include <utility>

namespace cogate::ledger {

result<std::vector<call_type_sum>> sums_by_call_type(std::string const& path, row_filter const& filter,
                                                     report_limits const& limits)
{
    return sqlite::read_report<std::vector<call_type_sum>>(path, limits, [&](sqlite::connection& in) {
        sqlite::row_condition const where(filter);
        sqlite::statement rows(in,
                               "SELECT call_type, sum(spent), sum(calls), sum(failed), sum(prompt_tokens), "
                               "sum(completion_tokens) FROM (SELECT call_type, " +
                                   std::string(sqlite::counted_columns) + " FROM attempts" + where.sql() +
                                   ") GROUP BY call_type ORDER BY call_type");
        where.bind(rows, 1);
        std::vector<call_type_sum> out;
        while (rows.step()) {
            out.push_back({std::string(rows.text(0)),
                           {rows.number(1), rows.number(2), rows.number(3), rows.number(4), rows.number(5)}});
        }
        return out;
    });
}

} // namespace cogate::ledger
