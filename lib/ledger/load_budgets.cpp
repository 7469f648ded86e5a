#include "lib/ledger/load_budgets.hpp"

#include <cstddef>
#include <vector>

namespace cogate::ledger {

result<void> load_budgets(book& into, store& from, std::span<owned_budget const> budgets, moment now)
{
    std::vector<spend_query> queries;
    for (owned_budget const& b : budgets) {
        queries.push_back({b.owner, window_of(b.terms.period, now).start});
    }
    result<std::vector<nanos>> const spent = from.spent(queries);
    if (spent.has_error()) {
        return spent.error();
    }
    for (std::size_t i = 0; i != budgets.size(); ++i) {
        into.set_budget(budgets[i].owner, budgets[i].terms, now, (*spent)[i]);
    }
    return {};
}

} // namespace cogate::ledger
