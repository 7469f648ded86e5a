#pragma once

#include "lib/ledger/accounts/directory.hpp"
#include "lib/ledger/book.hpp"
#include "lib/ledger/scope.hpp"
#include "lib/ledger/store.hpp"

#include <cogate/result.hpp>

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace cogate::server::manage {

/// Where an administrator set what an owner has spent: `at` at the moment `since`, and what came later on top. It is kept in
/// the record's `other`, which the ledger's rows outlive. A plain value; the default is "never".
struct spend_mark {
    ledger::moment since = ledger::moment::min();
    ledger::nanos at = 0;

    friend bool operator==(spend_mark const&, spend_mark const&) = default;
};

spend_mark mark_of(std::string_view other);
/// `other` with the mark, for both readers and people ("spend_reset_at", "spend_reset_to").
std::string with_mark(std::string_view other, spend_mark const& mark);

/// Makes a fresh mark count in the book.
void apply_mark(ledger::book& to, ledger::scope const& owner, spend_mark const& mark, ledger::moment now);

/// Makes the marks of all records count in the book that load_budgets() has filled: at a start, and
/// when a change had budgets counted anew. Failures: the store's. Blocks.
result<void> apply_marks(ledger::book& to, ledger::store& from, ledger::directory const& in,
                         ledger::moment now);

/// What owners have spent, for answers: in the current window where they have a budget that the book follows, else all that
/// the ledger has of them. An unreadable disk shows what the book knows. Thread safety: one thread at a time. Blocks.
class spending {
public:
    spending(ledger::book& followed, ledger::store& rows, ledger::moment now)
        : book_(followed), rows_(rows), now_(now)
    {}

    /// Asks the disk for many owners at once, those that it was not asked for before; of() asks it for each that is missing.
    void fetch(std::span<ledger::scope const> owners, std::span<spend_mark const> marks = {});

    ledger::nanos of(ledger::scope const& owner, spend_mark const& mark = {});

    /// When the current window of the owner's budget ends; nothing when it never does.
    std::optional<ledger::moment> resets_at(ledger::scope const& owner, std::string_view budget_duration,
                                            ledger::moment anchor);
    std::optional<ledger::moment> resets_at(std::string_view budget_duration, ledger::moment anchor) const;

private:
    ledger::book& book_;
    ledger::store& rows_;
    ledger::moment now_;
    std::map<ledger::scope, ledger::nanos> fetched_;
};

} // namespace cogate::server::manage
