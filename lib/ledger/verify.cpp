#include "lib/ledger/verify.hpp"

#include "lib/ledger/sqlite/reader.hpp"
#include "lib/ledger/sqlite/tables.hpp"

#include <utility>

namespace cogate::ledger {

namespace {

constexpr std::size_t most_shown = 100;

void compare(verification& out, sqlite::counter_key const& key, counts const& counted, counts const& summed)
{
    ++out.counters;
    if (counted == summed) {
        return;
    }
    ++out.differences;
    if (out.first_differences.size() < most_shown) {
        out.first_differences.push_back({key.where, key.hour, counted, summed});
    }
}

verification verified(sqlite::connection& in)
{
    verification out;
    sqlite::transaction const one_state(in, sqlite::transaction::kind::read);
    sqlite::statement integrity(in, "PRAGMA integrity_check(1)");
    out.integrity = integrity.step() ? std::string(integrity.text(0)) : "no answer";
    std::int64_t const from = in.number("SELECT value FROM facts WHERE name = 'retained_from'");
    sqlite::counter_sums sums;
    counts all;
    sqlite::statement rows(in, sqlite::select_entries(""));
    while (rows.step()) {
        entry const e = sqlite::read_entry(rows);
        ++out.rows;
        out.open_rows += e.is_open() ? 1 : 0;
        all += counts_of(e);
        if (hour_of(e.started) >= from) {
            sqlite::add_to(sums, e);
        }
    }
    out.spent = all.spent;
    sqlite::statement counters(
        in, "SELECT kind, id, hour, spent, calls, failed, prompt_tokens, completion_tokens "
            "FROM counters WHERE hour >= ?");
    counters.bind(1, from);
    while (counters.step()) {
        sqlite::counter_key const key{
            {static_cast<scope_kind>(counters.number(0)), std::string(counters.text(1))}, counters.number(2)};
        counts const counted{counters.number(3), counters.number(4), counters.number(5), counters.number(6),
                             counters.number(7)};
        auto const summed = sums.find(key);
        compare(out, key, counted, summed == sums.end() ? counts{} : summed->second);
        if (summed != sums.end()) {
            sums.erase(summed);
        }
    }
    for (auto const& [key, summed] : sums) {
        compare(out, key, {}, summed);
    }
    return out;
}

} // namespace

result<verification> verify(std::string const& path)
{
    return sqlite::with_reader<verification>(path, [](sqlite::connection& in) { return verified(in); });
}

} // namespace cogate::ledger
