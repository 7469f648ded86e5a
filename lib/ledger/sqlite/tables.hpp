#pragma once

#include "lib/ledger/entry.hpp"
#include "lib/ledger/sqlite/connection.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cogate::ledger::sqlite {

/// "SELECT <all columns> FROM entries " and the given conditions.
std::string select_entries(std::string_view tail);

/// The entry at which a query made by select_entries() stands.
entry read_entry(statement const& row);

/// Tags as the column `tags` keeps them: a JSON array.
std::string tags_text(std::vector<std::string> const& tags);

/// One scope's counter of one hour.
struct counter_key {
    scope where;
    std::int64_t hour = 0;

    friend auto operator<=>(counter_key const&, counter_key const&) = default;
};

/// Ordered: rows that lie together are written together.
using counter_sums = std::map<counter_key, counts>;

/// Adds (sign 1) or takes away (sign -1) what an entry counts for each of its scopes.
void add_to(counter_sums& sums, entry const& e, int sign = 1);

/// The prepared statements of the two tables. Must not outlive its connection.
class tables {
public:
    explicit tables(connection& in);

    /// False, and nothing written, when the attempt has a row.
    bool insert(entry const& e);
    std::optional<entry> find(std::string_view request_id, std::uint32_t attempt);
    void replace(entry const& e);
    void add(counter_sums const& sums);
    /// The first hour whose rows are all there: retention has taken what was before.
    std::int64_t retained_from();

private:
    static void write(statement& by, entry const& e);

    connection& in_;
    statement insert_;
    statement replace_;
    statement find_;
    statement add_;
    statement retained_from_;
};

} // namespace cogate::ledger::sqlite
