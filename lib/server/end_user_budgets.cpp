#include "lib/server/end_user_budgets.hpp"

#include "lib/ledger/report.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>

namespace cogate::server {

std::optional<ledger::budget> end_user_budget(ledger::directory const& in, accounts_terms const& terms)
{
    if (ledger::budget_ptr const named = in.find_budget(terms.end_user_budget_id)) {
        ledger::budget out;
        out.limit = named->has.max_budget;
        out.soft_limit = named->has.soft_budget;
        out.period = ledger::parse_period(named->has.budget_duration, named->made.created_at)
                         .value_or(ledger::budget_period{});
        return out;
    }
    return terms.end_user_budget;
}

result<void> load_end_users(ledger::book& into, ledger::directory const& in, std::string const& path,
                            accounts_terms const& terms, ledger::moment now)
{
    std::optional<ledger::budget> const usual = end_user_budget(in, terms);
    if (!usual || !usual->limit) {
        into.set_default(ledger::scope_kind::end_user, usual, now);
        return {};
    }
    constexpr std::size_t most = 1'000'000; // more the book does not follow
    result<ledger::owner_sums> const sums = ledger::sums_by(
        path, ledger::scope_kind::end_user, {.from = ledger::window_of(usual->period, now).start}, most,
        {.most_steps = std::numeric_limits<std::int64_t>::max()});
    if (!sums) {
        return sums.error();
    }
    into.set_default(ledger::scope_kind::end_user, usual, now);
    for (ledger::owner_sum const& one : sums->owners) {
        ledger::scope const owner{ledger::scope_kind::end_user, one.id};
        if (!into.find(owner, now)) {
            static_cast<void>(into.charge({&owner, 1}, one.of.spent, now));
        }
    }
    return {};
}

} // namespace cogate::server
