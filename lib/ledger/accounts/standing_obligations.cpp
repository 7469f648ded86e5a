#include "lib/ledger/accounts/standing_obligations.hpp"

#include "lib/core/hash.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace cogate::ledger {

namespace {

constexpr std::size_t most_known = 1024;
constexpr std::size_t most_bookings = 32;
constexpr std::size_t longest_known = 1024; ///< bytes of names that a client may choose

std::uint64_t hash_of(principal const& who, spending_facts const& facts) noexcept
{
    std::uint64_t hash = who.is_master ? 1 : 0;
    for (void const* const one :
         {static_cast<void const*>(who.key.get()), static_cast<void const*>(who.user.get()),
          static_cast<void const*>(who.team.get()), static_cast<void const*>(who.organisation.get())}) {
        hash = core::mix64(hash ^ reinterpret_cast<std::uintptr_t>(one));
    }
    hash = core::hash64(facts.model, hash);
    for (std::string const& tag : facts.tags) {
        hash = core::hash64(tag, hash);
    }
    return facts.end_user.empty() ? hash : core::hash64(facts.end_user, hash);
}

bool is_worth_knowing(spending_facts const& facts) noexcept
{
    std::size_t bytes = facts.model.size() + facts.end_user.size();
    for (std::string const& tag : facts.tags) {
        bytes += sizeof(tag) + tag.size();
    }
    return bytes <= longest_known;
}

} // namespace

booking::booking(attribution who, book const& in)
    : who_(std::move(who)), held_(held_scopes(*who_)), charged_(charged_scopes(*who_))
{
    for (scope const& s : held_) {
        held_keys_.push_back(in.hashed(s));
    }
    for (scope const& s : charged_) {
        charged_keys_.push_back(in.hashed(s));
    }
}

std::shared_ptr<booking const> shared_obligations::booking_for(attempt_target const& where) const
{
    std::lock_guard const lock(mutex_);
    for (std::shared_ptr<booking const> const& each : bookings_) {
        attribution const& who = *each->who();
        if (who.deployment == where.deployment && who.provider == where.provider &&
            who.upstream_model == where.upstream_model) {
            return each;
        }
    }
    attribution who = what_.who;
    who.provider = where.provider;
    who.deployment = where.deployment;
    who.upstream_model = where.upstream_model;
    auto made = std::make_shared<booking const>(std::move(who), book_);
    if (bookings_.size() == most_bookings) {
        bookings_.erase(bookings_.begin());
    }
    bookings_.push_back(made);
    return made;
}

bool standing_obligations::known::is_of(principal const& other, spending_facts const& facts) const noexcept
{
    return who.is_master == other.is_master && who.key == other.key && who.user == other.user &&
           who.team == other.team && who.organisation == other.organisation && model == facts.model &&
           end_user == facts.end_user && call_type == facts.call_type &&
           std::equal(tags.begin(), tags.end(), facts.tags.begin(), facts.tags.end());
}

result<std::shared_ptr<shared_obligations const>>
standing_obligations::of(principal const& who, spending_facts const& facts, directory const& in)
{
    if (!is_worth_knowing(facts)) {
        result<obligations> what = obligations_of(who, facts, in);
        return what ? result<std::shared_ptr<shared_obligations const>>(
                          std::make_shared<shared_obligations const>(std::move(*what), book_))
                    : what.error();
    }
    std::uint64_t const hash = hash_of(who, facts);
    std::uint64_t const version = version_.load(std::memory_order_acquire); // before anything is looked up
    {
        std::lock_guard const lock(mutex_);
        auto const [first, last] = known_.equal_range(hash);
        for (auto at = first; at != last; ++at) {
            if (at->second.version == version && at->second.is_of(who, facts)) {
                return at->second.what;
            }
        }
    }
    result<obligations> what = obligations_of(who, facts, in);
    if (!what) {
        return what.error();
    }
    auto made = std::make_shared<shared_obligations const>(std::move(*what), book_);
    known one{version,
              who,
              std::string(facts.model),
              std::string(facts.end_user),
              std::string(facts.call_type),
              {facts.tags.begin(), facts.tags.end()},
              made};
    std::lock_guard const lock(mutex_);
    if (known_.size() >= most_known || known_version_ != version) {
        known_.clear();
        known_version_ = version;
    }
    known_.emplace(hash, std::move(one));
    return made;
}

} // namespace cogate::ledger
