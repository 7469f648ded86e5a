#pragma once

#include "lib/ledger/event.hpp"
#include "lib/ledger/sqlite/connection.hpp"

#include <cstddef>
#include <cstdint>
#include <unordered_map>

namespace cogate::ledger::sqlite {

/// The table `attributions`: each set of names once per UTC day, and rows that name it by its number. By days, so
/// that retention takes them with the rows of their day; without end users and tags, of which clients may invent as
/// many as there are rows.
///
/// What the writer met lately is remembered, which is right as long as nobody else takes rows of the days that are
/// remembered: only retention does, behind the mark that start_batch() is told. Must not outlive its connection.
/// One thread at a time.
class attribution_rows {
public:
    explicit attribution_rows(connection& in);

    /// To be called in each transaction first.
    void start_batch(std::int64_t retained_from);
    /// To be called when it was rolled back.
    void forget() noexcept;

    /// The number of an attribution on the day of `started`; makes the row when there is none.
    std::int64_t find_or_add(shared_attribution const& who, moment started);

    /// The scopes of one that is there, without those of end users and tags. Valid until the next start_batch().
    /// Throws `error` for a number that no row has.
    scope_list const& scopes(std::int64_t id);

private:
    struct known {
        shared_attribution who;
        std::int64_t day;
        std::int64_t id;
    };

    std::int64_t read_or_add(attribution const& who, std::int64_t day);

    connection& in_;
    statement find_;
    statement add_;
    statement read_;
    std::unordered_multimap<std::uint64_t, known> known_; ///< by hash
    std::unordered_map<std::int64_t, scope_list> scopes_; ///< by number
    std::int64_t retained_from_ = -1;
};

} // namespace cogate::ledger::sqlite
