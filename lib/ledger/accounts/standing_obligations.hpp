#pragma once

#include "lib/ledger/accounts/obligations.hpp"
#include "lib/ledger/shared_attribution.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace cogate::ledger {

/// Where an attempt goes: what its owners do not tell.
struct attempt_target {
    std::string_view provider;
    std::string_view deployment;
    std::string_view upstream_model;
};

/// To whom the attempts of a call at one deployment are booked, with the scopes as the book looks them up.
/// Immutable; may be used by any thread.
class booking {
public:
    booking(attribution who, book const& in);
    booking(booking const&) = delete;
    booking& operator=(booking const&) = delete;

    shared_attribution const& who() const noexcept { return who_; }
    std::span<hashed_scope const> held() const noexcept { return {held_keys_.data(), held_keys_.size()}; }
    std::span<hashed_scope const> charged() const noexcept
    {
        return {charged_keys_.data(), charged_keys_.size()};
    }

private:
    shared_attribution who_;
    scope_list held_;
    scope_list charged_;
    std::vector<hashed_scope> held_keys_;
    std::vector<hashed_scope> charged_keys_;
};

/// The obligations of calls that agree in everything that matters for them. Any thread.
class shared_obligations {
public:
    shared_obligations(obligations what, book const& in) : what_(std::move(what)), book_(in) {}

    obligations const& operator*() const noexcept { return what_; }
    obligations const* operator->() const noexcept { return &what_; }

    std::shared_ptr<booking const> booking_for(attempt_target const& where) const;

private:
    obligations what_;
    book const& book_;
    mutable std::mutex mutex_;
    mutable std::vector<std::shared_ptr<booking const>> bookings_;
};

/// Obligations that lately were asked for, so that a call whose like there was copies no name. What it gives is
/// what obligations_of() would give, as long as forget() follows every change of the records.
///
/// Thread safety: every function from any thread; one short mutex. The book must outlive what is given.
class standing_obligations {
public:
    explicit standing_obligations(book const& in) : book_(in) {}

    /// As obligations_of().
    result<std::shared_ptr<shared_obligations const>> of(principal const& who, spending_facts const& facts,
                                                         directory const& in);

    /// The records have changed: what was found out before holds no longer.
    void forget() noexcept { version_.fetch_add(1, std::memory_order_acq_rel); }

private:
    struct known {
        std::uint64_t version;
        principal who; ///< keeps its records, so that no other is taken for one of them
        std::string model;
        std::string end_user;
        std::string call_type;
        std::vector<std::string> tags;
        std::shared_ptr<shared_obligations const> what;

        bool is_of(principal const& other, spending_facts const& facts) const noexcept;
    };

    book const& book_;
    std::atomic<std::uint64_t> version_{0};
    std::mutex mutex_;
    std::uint64_t known_version_ = 0;
    std::unordered_multimap<std::uint64_t, known> known_; ///< by hash
};

} // namespace cogate::ledger
