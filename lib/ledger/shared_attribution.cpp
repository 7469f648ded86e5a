#include "lib/ledger/shared_attribution.hpp"

#include "lib/core/hash.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace cogate::ledger {

namespace {

/// All names but those that a client can invent.
std::array<std::string const*, 9> names_of(attribution const& who) noexcept
{
    return {&who.key,      &who.user,       &who.team,      &who.organisation,  &who.model,
            &who.provider, &who.deployment, &who.call_type, &who.upstream_model};
}

std::size_t memory_of(attribution const& who) noexcept
{
    std::size_t bytes = sizeof(attribution) + who.end_user.size();
    for (std::string const* const name : names_of(who)) {
        bytes += name->size();
    }
    for (std::string const& tag : who.tags) {
        bytes += sizeof(tag) + tag.size();
    }
    return bytes;
}

std::uint64_t hash_of(attribution const& who) noexcept
{
    std::uint64_t hash = 0;
    for (std::string const* const name : names_of(who)) {
        hash = core::hash64(*name, hash);
    }
    return hash;
}

} // namespace

shared_attribution::facts const& shared_attribution::nobody() noexcept
{
    static facts const none{.who = {}, .is_valid = true, .memory = sizeof(attribution), .hash = hash_of({})};
    return none;
}

shared_attribution::shared_attribution(attribution who)
{
    auto made = std::make_shared<facts>();
    made->is_valid = ledger::is_valid(who);
    made->memory = memory_of(who);
    made->hash = hash_of(who);
    made->who = std::move(who);
    facts_ = std::move(made);
}

bool shared_attribution::is_alike(shared_attribution const& other) const noexcept
{
    if (facts_ == other.facts_) {
        return true;
    }
    std::array const ours = names_of(**this);
    std::array const theirs = names_of(*other);
    return std::equal(ours.begin(), ours.end(), theirs.begin(),
                      [](std::string const* a, std::string const* b) { return *a == *b; });
}

} // namespace cogate::ledger
