#pragma once

#include "lib/ledger/accounts/directory.hpp"
#include "lib/ledger/load_budgets.hpp"

#include <functional>
#include <string_view>
#include <vector>

namespace cogate::ledger {

/// Finds the budget record of an id; null when there is none.
using budget_finder = std::function<budget_ptr(std::string_view id)>;

/// Adds every budget that one record gives: its own, those for models, and a team's for its members. Pure.
void add_budgets(std::vector<owned_budget>& to, record const& from, budget_finder const& find);

/// Whether a record, or a member in it, borrows the terms of a budget record.
bool names_budget(record const& one, std::string_view budget_id) noexcept;

} // namespace cogate::ledger
