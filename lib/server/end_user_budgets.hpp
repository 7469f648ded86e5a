#pragma once

#include "lib/server/accounts.hpp"

#include <cogate/result.hpp>

#include <optional>
#include <string>

namespace cogate::server {

/// What each end user without a budget of their own may spend: by the budget record that the terms name, where there is one.
std::optional<ledger::budget> end_user_budget(ledger::directory const& in, accounts_terms const& terms);

/// The same in the book, and what those without a budget of their own have spent in its window by the rows on the disk at
/// `path`: a start must not give it back. To be called once the other budgets are in the book. Failures: the disk's, and then
/// the default is as it was. Blocks.
result<void> load_end_users(ledger::book& into, ledger::directory const& in, std::string const& path,
                            accounts_terms const& terms, ledger::moment now);

} // namespace cogate::server
