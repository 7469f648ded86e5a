#pragma once

#include "lib/ledger/entry.hpp"
#include "lib/ledger/sqlite/attribution_rows.hpp"

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

namespace cogate::ledger::sqlite {

/// One scope's counter of one hour.
struct counter_key {
    scope where;
    std::int64_t hour = 0;

    friend auto operator<=>(counter_key const&, counter_key const&) = default;
};

/// Ordered: rows that lie together are written together.
using counter_sums = std::map<counter_key, counts>;

/// What rows count for their scopes: summed by attribution first, of which there are few. Not thread-safe.
class hourly_sums {
public:
    /// Whose row it is: the number of its attribution, and the names that are not in it.
    struct owner {
        std::int64_t who;
        std::string_view end_user;
        std::span<std::string const> tags;
    };

    void add(owner const& of, std::int64_t hour, counts const& what);
    void take_away(owner const& of, std::int64_t hour, counts const& what);

    /// Spreads the sums over the scopes of their attributions. Throws `error`.
    counter_sums by_scope(attribution_rows& names) &&;

private:
    struct place {
        std::int64_t who;
        std::int64_t hour;

        friend bool operator==(place const&, place const&) = default;
    };
    struct place_hash {
        std::size_t operator()(place const& p) const noexcept;
    };

    template <class Apply>
    void change(owner const& of, std::int64_t hour, Apply apply);

    std::unordered_map<place, counts, place_hash> by_attribution_;
    counter_sums by_client_; ///< end users and tags
};

} // namespace cogate::ledger::sqlite
