#include "lib/ledger/accounts/rate_owners.hpp"

#include "lib/core/ids.hpp"

namespace cogate::ledger {

namespace {

constexpr std::size_t chains_at_once = 64;

bool is_idle(rate_owner const& o, rate_bucket::instant now) noexcept
{
    if (o.uses != 0 || now < o.last || now - o.last < std::chrono::minutes{1}) {
        return false;
    }
    rate_bucket requests = o.requests;
    rate_bucket tokens = o.tokens;
    requests.advance(now);
    tokens.advance(now);
    return requests.is_untouched() && tokens.is_untouched();
}

} // namespace

rate_owners::rate_owners() : seed_(core::random_bits()) {}

rate_owner const* rate_owners::find(scope const& who) const noexcept
{
    auto const found = owners_.find(hashed(who, seed_));
    return found == owners_.end() ? nullptr : &found->second;
}

rate_owner& rate_owners::at(scope const& who)
{
    hashed_scope const name = hashed(who, seed_);
    auto found = owners_.find(name);
    if (found == owners_.end()) {
        found = owners_.emplace(stored_scope{who, name.hash}, rate_owner{}).first;
        found->second.name = &found->first.name;
    }
    return found->second;
}

void rate_owners::forget_idle(rate_bucket::instant now) noexcept
{
    std::size_t const chains = owners_.bucket_count();
    for (std::size_t i = 0; i != std::min(chains_at_once, chains); ++i) {
        hand_ = hand_ + 1 < chains ? hand_ + 1 : 0;
        for (auto at = owners_.begin(hand_); at != owners_.end(hand_);) {
            if (is_idle(at->second, now)) {
                owners_.erase(owners_.find(at->first)); // no iterator into the chain can erase
                at = owners_.begin(hand_);
            } else {
                ++at;
            }
        }
    }
}

} // namespace cogate::ledger
