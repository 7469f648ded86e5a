#include "lib/ledger/book.hpp"

#include <algorithm>
#include <utility>

namespace cogate::ledger {

std::uint32_t book::open_account(hashed_scope const& s, moment now)
{
    std::uint32_t at = 0;
    if (free_.empty()) {
        at = static_cast<std::uint32_t>(accounts_.size());
        accounts_.emplace_back();
    } else {
        at = free_.back();
        free_.pop_back();
    }
    auto const placed = index_.emplace(stored_scope{{s.kind, std::string(s.id)}, s.hash}, at).first;
    account& a = accounts_[at];
    a = account{};
    a.name = &placed->first;
    if (std::optional<budget> const& usual = defaults_[static_cast<std::size_t>(s.kind)]) {
        a.terms = *usual;
    }
    start_window(a, now);
    return at;
}

void book::close_account(std::uint32_t at)
{
    index_.erase(index_.find(*accounts_[at].name));
    accounts_[at] = account{};
    free_.push_back(at);
}

bool book::make_place(moment now, account_list const& in_use)
{
    std::size_t const steps = std::min<std::size_t>(accounts_.size(), 64);
    for (std::size_t i = 0; i != steps; ++i) {
        hand_ = hand_ + 1 < accounts_.size() ? hand_ + 1 : 0;
        account const& a = accounts_[hand_];
        bool const is_empty = now >= a.current.end || (a.spent == 0 && a.held == 0);
        auto const at = static_cast<std::uint32_t>(hand_);
        bool const is_in_use = std::find(in_use.begin(), in_use.end(), at) != in_use.end();
        if (a.name != nullptr && !a.has_own_budget && is_empty && !is_in_use) {
            close_account(at);
            return true;
        }
    }
    return false;
}

void book::set_budget(scope const& where, budget const& terms, moment now, std::optional<nanos> spent)
{
    hashed_scope const key = hashed(where);
    std::lock_guard const lock(mutex_);
    account* a = existing(key);
    if (a == nullptr) {
        a = &accounts_[open_account(key, now)];
    }
    roll(*a, now);
    a->terms = terms;
    a->has_own_budget = true;
    a->current = window_of(terms.period, now);
    if (spent) {
        a->spent = std::max<nanos>(*spent, 0);
    }
    a->soft_limit_reported = terms.soft_limit && a->spent >= *terms.soft_limit;
}

void book::remove_budget(scope const& where, moment now)
{
    hashed_scope const key = hashed(where);
    std::lock_guard const lock(mutex_);
    account* const a = existing(key);
    if (a == nullptr || !a->has_own_budget) {
        return;
    }
    roll(*a, now);
    a->terms = defaults_[static_cast<std::size_t>(where.kind)].value_or(budget{});
    a->has_own_budget = false;
    a->current = window_of(a->terms.period, now);
    a->soft_limit_reported = a->terms.soft_limit && a->spent >= *a->terms.soft_limit;
}

void book::set_default(scope_kind kind, std::optional<budget> const& terms, moment now)
{
    std::lock_guard const lock(mutex_);
    defaults_[static_cast<std::size_t>(kind)] = terms;
    for (account& a : accounts_) {
        if (a.name != nullptr && a.name->name.kind == kind && !a.has_own_budget) {
            roll(a, now);
            a.terms = terms.value_or(budget{});
            a.current = window_of(a.terms.period, now);
        }
    }
}

void book::erase(scope const& where)
{
    hashed_scope const key = hashed(where);
    std::lock_guard const lock(mutex_);
    auto const found = index_.find(key);
    if (found != index_.end()) {
        close_account(found->second);
    }
}

void book::reset(scope const& where, moment now)
{
    hashed_scope const key = hashed(where);
    std::lock_guard const lock(mutex_);
    if (account* const a = existing(key)) {
        roll(*a, now);
        a->spent = 0;
        a->soft_limit_reported = false;
    }
}

std::optional<balance> book::find(scope const& where, moment now)
{
    hashed_scope const key = hashed(where);
    std::lock_guard const lock(mutex_);
    account* const a = existing(key);
    if (a == nullptr) {
        return std::nullopt;
    }
    roll(*a, now);
    balance out{a->terms, a->current, a->spent, a->held};
    if (a->terms.limit) {
        out.available = available_in(*a, now);
    }
    return out;
}

std::size_t book::accounts() const
{
    std::lock_guard const lock(mutex_);
    return index_.size();
}

} // namespace cogate::ledger
