#pragma once

#include "lib/ledger/accounts/rate_bucket.hpp"
#include "lib/ledger/hashed_scope.hpp"

#include <cstddef>
#include <cstdint>
#include <unordered_map>

namespace cogate::ledger {

/// What the limiter knows of one owner.
struct rate_owner {
    scope const* name = nullptr;
    rate_bucket requests;
    rate_bucket tokens;
    std::int64_t running = 0; ///< calls that count among the parallel ones
    std::uint64_t uses = 0;   ///< passes that point here: while there are any, it stays
    rate_bucket::instant last = rate_bucket::instant::min();
};

/// The owners by their scopes; each stays where it is until it is forgotten. One thread at a time.
class rate_owners {
public:
    rate_owners();

    rate_owner const* find(scope const& who) const noexcept;
    /// A new one when there is none.
    rate_owner& at(scope const& who);

    /// Looks at some and forgets those that nobody uses, that have all of their limits free, and that were
    /// not asked for a minute.
    void forget_idle(rate_bucket::instant now) noexcept;

    std::size_t size() const noexcept { return owners_.size(); }

private:
    std::uint64_t seed_;
    std::unordered_map<stored_scope, rate_owner, scope_hasher, scope_equal> owners_;
    std::size_t hand_ = 0; ///< the chain at which forget_idle() goes on
};

} // namespace cogate::ledger
