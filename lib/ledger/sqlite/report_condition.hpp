#pragma once

#include "lib/ledger/report.hpp"
#include "lib/ledger/sqlite/connection.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace cogate::ledger::sqlite {

/// The column of `attempts` that holds the ids of a kind; empty for kinds of two parts, tags and `global`.
std::string_view column_of(scope_kind kind) noexcept;

/// What counts_of() says of a row, as five columns: spent, calls, failed, prompt_tokens, completion_tokens.
extern std::string_view const counted_columns;

/// A filter as the WHERE clause of a query over `attempts`, of finished rows. Values are bound, never written
/// into it.
class row_condition {
public:
    /// `from` and `to` of the filter may be narrowed.
    explicit row_condition(row_filter const& filter);

    /// " WHERE ...".
    std::string const& sql() const noexcept { return sql_; }

    /// Binds its values at `at` and behind it; returns the next place. The condition must outlive the query's
    /// run.
    int bind(statement& to, int at) const;

private:
    void add_numbers(row_filter const& filter);
    std::string belongs_to(scope const& owner);
    std::string text(std::string_view value);

    std::string sql_;
    std::vector<std::string> texts_;
    std::vector<std::int64_t> numbers_;
};

} // namespace cogate::ledger::sqlite
