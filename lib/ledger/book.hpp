#pragma once

#include "lib/ledger/budget.hpp"
#include "lib/ledger/hashed_scope.hpp"
#include "lib/ledger/scope.hpp"

#include <boost/container/small_vector.hpp>
#include <boost/system/result.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace cogate::ledger {

class book;

/// Why a reservation was not made: the first scope that stood in the way, as it was at that moment.
struct refusal {
    enum class reason : std::uint8_t {
        over_budget,   ///< the limit would be overrun
        book_is_full,  ///< a scope with a default budget found no place (`book::options::max_accounts`)
        invalid_amount ///< negative or above `max_amount`
    };
    reason why = reason::over_budget;
    scope where;
    nanos limit = 0; ///< with the temporary increase
    nanos spent = 0; ///< in this window
    nanos held = 0;
    nanos available = 0; ///< the least that is left in any of the scopes
    std::optional<moment> resets_at = std::nullopt;
};

/// What settling a reservation did.
struct settlement {
    /// Scopes whose soft limit was reached by this amount, each reported once per window.
    std::vector<scope> soft_limits_reached;
    nanos above_reserved = 0; ///< by how much the true cost was above the upper bound
};

/// A held amount. Destroying it without settle() gives the amount back, whatever path led there.
///
/// Lifetime: the book must outlive it. Thread safety: one thread at a time; may move between threads.
class [[nodiscard]] reservation {
public:
    reservation(reservation&& other) noexcept;
    reservation& operator=(reservation&& other) noexcept;
    ~reservation();

    nanos amount() const noexcept { return amount_; }

    /// Turns the hold into spending of `cost` (negative counts as 0). The money belongs to the window in which
    /// the reservation was made. Only the first settle() or release() has an effect.
    settlement settle(nanos cost);

    /// Gives the amount back.
    void release() noexcept;

private:
    friend class book;
    struct hold {
        std::uint32_t account;
        std::uint64_t epoch;
    };
    using hold_list = boost::container::small_vector<hold, 14>;

    reservation(book& owner, nanos amount, hold_list holds) noexcept;

    book* owner_;
    nanos amount_;
    hold_list holds_;
};

using admission = boost::system::result<reservation, refusal>;

/// What a scope has left, for display and headers.
struct balance {
    budget terms;
    window current;
    nanos spent = 0;
    nanos held = 0;
    std::optional<nanos> available = std::nullopt; ///< nothing without a limit
};

/// The budgets of every scope in memory, and the one atomic step that admits a call in all of them or in none.
///
/// In each window of each scope `spent + held` never exceeds the limit through reserve(); only a true cost above
/// its own reservation, or a limit lowered afterwards, can bring it there. No disk, no clock: `now` is an
/// argument, and a clock that steps back never reopens a window that has ended.
///
/// Scopes without a budget are followed too, so that a budget set later knows what was spent since the start, but for kinds whose
/// ids a client can invent (end users, tags), which are followed once they have a budget or their kind a default.
///
/// Thread safety: every function from any thread; one short mutex.
class book {
public:
    struct options {
        /// Accounts kept at once (about 300 bytes each). Beyond it a scope without a budget is not followed, and
        /// one that only has its kind's default budget is refused.
        std::size_t max_accounts = 1'000'000;
        /// A random number, so that no client can choose ids whose hashes collide.
        std::uint64_t seed = 0;
    };

    book() : book(options{}) {}
    explicit book(options limits) : limits_(limits) {}
    book(book const&) = delete;
    book& operator=(book const&) = delete;

    /// Sets or replaces the budget of a scope. What was spent in the window stays unless `spent` says otherwise
    /// (after a start: the store's figure). Open reservations stay held. It always finds a place.
    void set_budget(scope const& where, budget const& terms, moment now, std::optional<nanos> spent = {});

    /// Takes away a scope's own budget: its kind's default holds, if there is one. What was spent since the window began stays.
    void remove_budget(scope const& where, moment now);

    /// The budget of every scope of a kind that has none of its own; nothing takes it away. Walks all accounts.
    void set_default(scope_kind kind, std::optional<budget> const& terms, moment now);

    /// Forgets a scope, its budget and its spending. Open reservations of it settle without effect on it.
    void erase(scope const& where);

    /// Spending that starts from zero in the current window (an administrator's reset).
    void reset(scope const& where, moment now);

    /// A scope as this book looks it up, for scopes that are asked for again and again. Its id must outlive it.
    hashed_scope hashed(scope const& s) const noexcept { return ledger::hashed(s, limits_.seed); }

    /// Holds `wanted` in every scope, or, when that does not fit, all that fits down to `least`: the caller then
    /// limits the call to `amount()`. Holds nothing and says why when not even `least` fits.
    /// A scope named twice counts once.
    admission reserve(std::span<hashed_scope const> scopes, nanos wanted, nanos least, moment now);
    admission reserve(std::span<scope const> scopes, nanos wanted, nanos least, moment now);
    admission reserve(std::span<scope const> scopes, nanos wanted, moment now)
    {
        return reserve(scopes, wanted, wanted, now);
    }

    /// Spending without a reservation. Never refused: it has happened.
    settlement charge(std::span<hashed_scope const> scopes, nanos cost, moment now);
    settlement charge(std::span<scope const> scopes, nanos cost, moment now);

    /// Whether a hard limit holds in any of the scopes: then a call whose cost has no known bound cannot be held.
    bool has_limit(std::span<hashed_scope const> scopes) const;

    /// Nothing for a scope that is not followed.
    std::optional<balance> find(scope const& where, moment now);

    std::size_t accounts() const;
    /// Sum of `held` over all accounts, which it walks; 0 when no call is open.
    nanos held() const;

private:
    friend class reservation;

    struct account {
        stored_scope const* name = nullptr; ///< the key in index_; null while free
        budget terms;
        window current;
        nanos spent = 0;
        nanos held = 0;
        std::uint64_t epoch = 0; ///< differs in every window of every account
        bool has_own_budget = false;
        bool soft_limit_reported = false;
    };
    using account_list = boost::container::small_vector<std::uint32_t, 14>;

    using key_list = boost::container::small_vector<hashed_scope, 16>;

    key_list hashed(std::span<scope const> scopes) const;
    static nanos limit_of(account const& a, moment now) noexcept;
    static nanos available_in(account const& a, moment now) noexcept;

    account* existing(hashed_scope const& s);
    std::uint32_t open_account(hashed_scope const& s, moment now);
    void close_account(std::uint32_t at);
    /// Closes one account that says nothing: no budget of its own, nothing held or spent. Looks at a few only.
    bool make_place(moment now, account_list const& in_use);
    void start_window(account& a, moment now);
    void roll(account& a, moment now);
    /// False when a scope that must be followed finds no place; `full` says which.
    bool collect(std::span<hashed_scope const> scopes, moment now, account_list& out, hashed_scope& full);
    refusal refuse(account const& a, nanos available, moment now) const;
    void spend(account& a, nanos cost, settlement& into);
    void settle(reservation::hold_list const& holds, nanos reserved, nanos cost, settlement& into);
    void release(reservation::hold_list const& holds, nanos reserved) noexcept;

    options limits_;
    mutable std::mutex mutex_;
    std::unordered_map<stored_scope, std::uint32_t, scope_hasher, scope_equal> index_;
    std::deque<account> accounts_;
    std::vector<std::uint32_t> free_;
    std::array<std::optional<budget>, scope_kinds> defaults_;
    std::uint64_t next_epoch_ = 1;
    std::size_t hand_ = 0; ///< where make_place() goes on
};

} // namespace cogate::ledger
