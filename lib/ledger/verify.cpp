#include "lib/ledger/verify.hpp"

#include "lib/ledger/sqlite/hourly_sums.hpp"
#include "lib/ledger/sqlite/reader.hpp"
#include "lib/ledger/sqlite/tags_text.hpp"

#include <string>
#include <utility>
#include <vector>

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
    sqlite::attribution_rows names(in);
    sqlite::hourly_sums by_hour;
    counts all;
    sqlite::statement rows(
        in,
        "SELECT kinds, spent, who, end_user, tags, prompt_tokens, completion_tokens, started FROM entries");
    while (rows.step()) {
        entry e;
        e.kinds = static_cast<std::uint8_t>(rows.number(0));
        e.spent = rows.number(1);
        e.tokens.prompt = rows.number(5);
        e.tokens.completion = rows.number(6);
        e.started = moment{moment::duration{rows.number(7)}};
        ++out.rows;
        out.open_rows += e.is_open() ? 1 : 0;
        all += counts_of(e);
        if (hour_of(e.started) >= from) {
            std::vector<std::string> const tags = sqlite::tags_of(rows.text(4));
            by_hour.add({rows.number(2), rows.text(3), tags}, hour_of(e.started), counts_of(e));
        }
    }
    sqlite::counter_sums sums = std::move(by_hour).by_scope(names);
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
