#pragma once

#include "lib/ledger/book.hpp"
#include "lib/ledger/store.hpp"

#include <cogate/result.hpp>

#include <span>

namespace cogate::ledger {

struct owned_budget {
    scope owner;
    budget terms;
};

/// Sets budgets in a book with what the store says their current windows have spent: at a start, before anybody
/// is served. Failures: the store's. Blocks.
result<void> load_budgets(book& into, store& from, std::span<owned_budget const> budgets, moment now);

} // namespace cogate::ledger
