#pragma once

#include "lib/ledger/sqlite/connection.hpp"
#include "lib/ledger/sqlite/hourly_sums.hpp"

#include <cstddef>
#include <unordered_map>

namespace cogate::ledger::sqlite {

/// The table `counters`. What the writer met lately is remembered, which is right as long as nobody else changes the
/// table: one process owns a ledger, and in it one session. Must not outlive its connection. One thread at a time.
class counter_rows {
public:
    explicit counter_rows(connection& in);

    void add(counter_sums const& sums);
    /// To be called when the transaction was rolled back.
    void forget() noexcept { known_.clear(); }

private:
    struct hash {
        std::size_t operator()(counter_key const& key) const noexcept;
    };

    counts& current(counter_key const& key);

    statement find_;
    statement put_;
    std::unordered_map<counter_key, counts, hash> known_;
};

} // namespace cogate::ledger::sqlite
