#include "lib/ledger/sqlite/counter_rows.hpp"

#include "lib/core/hash.hpp"

#include <cstdint>

namespace cogate::ledger::sqlite {

namespace {

constexpr std::size_t most_known = 16'384;

} // namespace

std::size_t counter_rows::hash::operator()(counter_key const& key) const noexcept
{
    std::uint64_t const seed =
        static_cast<std::uint64_t>(key.hour) * 16 + static_cast<std::uint64_t>(key.where.kind);
    return static_cast<std::size_t>(core::hash64(key.where.id, seed));
}

counter_rows::counter_rows(connection& in)
    : find_(in, "SELECT spent, calls, failed, prompt_tokens, completion_tokens FROM counters WHERE kind = ? "
                "AND id = ? "
                "AND hour = ?"),
      put_(in,
           "REPLACE INTO counters(kind, id, hour, spent, calls, failed, prompt_tokens, completion_tokens) "
           "VALUES(?,?,?,?,?,?,?,?)")
{}

counts& counter_rows::current(counter_key const& key)
{
    auto const [at, is_new] = known_.try_emplace(key);
    if (is_new) {
        find_.bind(1, static_cast<std::int64_t>(key.where.kind)).bind(2, key.where.id).bind(3, key.hour);
        if (find_.step()) {
            at->second = {find_.number(0), find_.number(1), find_.number(2), find_.number(3),
                          find_.number(4)};
        }
        find_.reset();
    }
    return at->second;
}

void counter_rows::add(counter_sums const& sums)
{
    if (known_.size() > most_known) {
        known_.clear();
    }
    for (auto const& [key, sum] : sums) {
        if (sum.is_zero()) {
            continue;
        }
        counts& now = current(key);
        now += sum; // which stops at the largest integer
        put_.bind(1, static_cast<std::int64_t>(key.where.kind)).bind(2, key.where.id).bind(3, key.hour);
        put_.bind(4, now.spent).bind(5, now.calls).bind(6, now.failed);
        put_.bind(7, now.prompt_tokens).bind(8, now.completion_tokens);
        put_.run();
    }
}

} // namespace cogate::ledger::sqlite
