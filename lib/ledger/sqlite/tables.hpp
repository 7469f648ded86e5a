#pragma once

#include "lib/ledger/entry.hpp"
#include "lib/ledger/sqlite/attribution_rows.hpp"
#include "lib/ledger/sqlite/connection.hpp"
#include "lib/ledger/sqlite/counter_rows.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cogate::ledger::sqlite {

/// "SELECT <all columns> FROM attempts " and the given conditions.
std::string select_entries(std::string_view tail);

/// The entry at which a query made by select_entries() stands.
entry read_entry(statement const& row);

/// The prepared statements of the tables that a batch writes. Must not outlive its connection.
class tables {
public:
    explicit tables(connection& in);

    attribution_rows& who() noexcept { return who_; }
    counter_rows& counters() noexcept { return counters_; }
    /// To be called when a transaction was rolled back.
    void forget() noexcept
    {
        who_.forget();
        counters_.forget();
    }

    /// False, and nothing written, when the attempt has a row. `who` is the number of its attribution, here and below.
    bool insert(entry const& e, std::int64_t who);
    /// Ends a stored reservation by what `e`, which has no reserve, knows: what merge() would make of it. False, and
    /// nothing written, when what is stored is anything else.
    bool close(entry const& e, std::int64_t who);
    std::optional<entry> find(std::string_view request_id, std::uint32_t attempt);
    void replace(entry const& e, std::int64_t who);
    /// The first hour whose rows are all there: retention has taken what was before.
    std::int64_t retained_from();

private:
    static void write(statement& by, entry const& e, std::int64_t who);

    connection& in_;
    attribution_rows who_;
    counter_rows counters_;
    statement insert_;
    statement replace_;
    statement close_;
    statement find_;
    statement retained_from_;
};

} // namespace cogate::ledger::sqlite
