#include "lib/ledger/book.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace cogate::ledger {

namespace {

constexpr nanos unlimited = std::numeric_limits<nanos>::max();

// Both non-negative.
constexpr nanos add_capped(nanos a, nanos b) noexcept
{
    return a > unlimited - b ? unlimited : a + b;
}

} // namespace

nanos book::limit_of(account const& a, moment now) noexcept
{
    if (!a.terms.limit) {
        return unlimited;
    }
    bool const increased = a.terms.extra > 0 && now < a.terms.extra_until;
    return increased ? add_capped(std::max<nanos>(*a.terms.limit, 0), a.terms.extra) : *a.terms.limit;
}

nanos book::available_in(account const& a, moment now) noexcept
{
    if (!a.terms.limit) {
        return unlimited - a.held;
    }
    nanos const limit = limit_of(a, now);
    if (limit <= a.spent || limit - a.spent <= a.held) {
        return 0;
    }
    return limit - a.spent - a.held;
}

book::account* book::existing(hashed_scope const& s)
{
    auto const found = index_.find(s);
    return found == index_.end() ? nullptr : &accounts_[found->second];
}

void book::start_window(account& a, moment now)
{
    a.current = window_of(a.terms.period, now);
    a.spent = 0;
    a.held = 0;
    a.soft_limit_reported = false;
    a.epoch = next_epoch_++;
}

void book::roll(account& a, moment now)
{
    if (now >= a.current.end) {
        start_window(a, now);
    }
}

bool book::collect(std::span<hashed_scope const> scopes, moment now, account_list& out, hashed_scope& full)
{
    for (hashed_scope const& s : scopes) {
        auto const found = index_.find(s);
        std::uint32_t at = 0;
        if (found != index_.end()) {
            at = found->second;
        } else {
            bool const has_budget = defaults_[static_cast<std::size_t>(s.kind)].has_value();
            bool const has_place = index_.size() < limits_.max_accounts || make_place(now, out);
            if (!has_place && has_budget) {
                full = s;
                return false;
            }
            if (!has_place || (!has_budget && is_client_supplied(s.kind))) {
                continue;
            }
            at = open_account(s, now);
        }
        if (std::find(out.begin(), out.end(), at) == out.end()) {
            roll(accounts_[at], now);
            out.push_back(at);
        }
    }
    return true;
}

refusal book::refuse(account const& a, nanos available, moment now) const
{
    refusal no{refusal::reason::over_budget, a.name->name, limit_of(a, now), a.spent, a.held, available};
    if (a.current.end != moment::max()) {
        no.resets_at = a.current.end;
    }
    return no;
}

book::key_list book::hashed(std::span<scope const> scopes) const
{
    key_list keys;
    for (scope const& s : scopes) {
        keys.push_back(hashed(s));
    }
    return keys;
}

admission book::reserve(std::span<scope const> scopes, nanos wanted, nanos least, moment now)
{
    key_list const keys = hashed(scopes);
    return reserve(std::span<hashed_scope const>(keys.data(), keys.size()), wanted, least, now);
}

admission book::reserve(std::span<hashed_scope const> scopes, nanos wanted, nanos least, moment now)
{
    if (wanted < 0 || wanted > max_amount || least < 0 || least > wanted) {
        return refusal{.why = refusal::reason::invalid_amount, .where = {}};
    }
    account_list in;
    reservation made{*this, wanted, {}}; // before the lock, which its end takes too
    made.holds_.reserve(scopes.size());
    std::lock_guard const lock(mutex_);
    hashed_scope full{};
    if (!collect(scopes, now, in, full)) {
        return refusal{.why = refusal::reason::book_is_full, .where = {full.kind, std::string(full.id)}};
    }
    nanos amount = wanted;
    account const* tightest = nullptr;
    for (std::uint32_t const at : in) {
        nanos const available = available_in(accounts_[at], now);
        if (available < amount) {
            amount = available;
            tightest = &accounts_[at];
        }
    }
    if (amount < least) {
        return refuse(*tightest, amount, now);
    }
    made.amount_ = amount;
    for (std::uint32_t const at : in) {
        account& a = accounts_[at];
        a.held = add_capped(a.held, amount);
        made.holds_.push_back({at, a.epoch});
    }
    return made;
}

void book::spend(account& a, nanos cost, settlement& into)
{
    a.spent = add_capped(a.spent, cost);
    if (a.terms.soft_limit && a.spent >= *a.terms.soft_limit && !a.soft_limit_reported) {
        a.soft_limit_reported = true;
        into.soft_limits_reached.push_back(a.name->name);
    }
}

void book::settle(reservation::hold_list const& holds, nanos reserved, nanos cost, settlement& into)
{
    into.above_reserved = std::max<nanos>(cost - reserved, 0);
    std::lock_guard const lock(mutex_);
    for (reservation::hold const& h : holds) {
        account& a = accounts_[h.account];
        if (a.epoch == h.epoch) {
            a.held -= reserved;
            spend(a, cost, into);
        }
    }
}

void book::release(reservation::hold_list const& holds, nanos reserved) noexcept
{
    std::lock_guard const lock(mutex_);
    for (reservation::hold const& h : holds) {
        account& a = accounts_[h.account];
        if (a.epoch == h.epoch) {
            a.held -= reserved;
        }
    }
}

settlement book::charge(std::span<scope const> scopes, nanos cost, moment now)
{
    key_list const keys = hashed(scopes);
    return charge(std::span<hashed_scope const>(keys.data(), keys.size()), cost, now);
}

settlement book::charge(std::span<hashed_scope const> scopes, nanos cost, moment now)
{
    settlement done;
    account_list in;
    hashed_scope full{};
    std::lock_guard const lock(mutex_);
    for (hashed_scope const& key : scopes) {
        collect({&key, 1}, now, in, full);
    }
    for (std::uint32_t const at : in) {
        spend(accounts_[at], std::max<nanos>(cost, 0), done);
    }
    return done;
}

bool book::has_limit(std::span<hashed_scope const> scopes) const
{
    std::lock_guard const lock(mutex_);
    return std::any_of(scopes.begin(), scopes.end(), [this](hashed_scope const& s) {
        auto const found = index_.find(s);
        std::optional<budget> const& usual = defaults_[static_cast<std::size_t>(s.kind)];
        return found != index_.end() ? accounts_[found->second].terms.limit.has_value()
                                     : usual && usual->limit;
    });
}

nanos book::held() const
{
    std::lock_guard const lock(mutex_);
    nanos sum = 0;
    for (account const& a : accounts_) {
        sum = add_capped(sum, a.held);
    }
    return sum;
}

} // namespace cogate::ledger
