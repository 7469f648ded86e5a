#pragma once

#include "lib/policy/group.hpp"
#include "lib/policy/strategies/chance.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace cogate::policy {

/// One call of `choose`: what is looked for, and what was seen on the way.
class group::search {
public:
    search(group const& in, request_traits const& for_request, std::span<deployment_index const> excluded,
           time_point at, std::uint64_t bits) noexcept
        : request(for_request),
          now(at),
          random(bits),
          in_(in),
          excluded_(excluded),
          wants_probe_(excluded.empty() && for_request.repeatable)
    {}

    request_traits const& request;
    time_point now;
    std::uint64_t random;
    pool from = pool::all;
    bool other_providers = false;

    bool wants_probe() const noexcept { return wants_probe_; }
    pick const& probe() const noexcept { return probe_; }
    bool found_probe() const noexcept { return probes_ != 0; }
    /// What lies in higher tiers does not take its place.
    void keep_probe() noexcept { probe_kept_ = found_probe(); }

    /// The providers of the excluded lanes.
    void avoid_providers() noexcept
    {
        for (entry const& one : in_.entries_) {
            if (is_excluded(one.deployment) && avoided_count_ != avoided_.size()) {
                avoided_[avoided_count_++] = one.provider;
            }
        }
    }
    bool avoids_any() const noexcept { return avoided_count_ != 0; }

    /// Whether the lane may be chosen now; if not, remembers why.
    bool may_serve(std::size_t place) noexcept
    {
        entry const& one = in_.entries_[place];
        if (from != pool::all && !has_tags(place)) {
            return false;
        }
        eligible_ = true;
        if (other_providers && avoids(one.provider)) {
            return false;
        }
        switch (one.live->standing_at(now, request)) {
        case standing::ready:
            if (!is_excluded(one.deployment)) {
                return true;
            }
            excluded_may_ = true;
            break;
        case standing::probe:
            if (is_excluded(one.deployment)) {
                excluded_may_ = true;
            } else if (!probe_kept_) {
                add_probe(one.deployment);
            }
            break;
        case standing::full: full_ = true; break;
        case standing::too_small: too_small_ = true; break;
        case standing::resting:
        case standing::no_quota:
            rests_ = true;
            soonest_ = std::min(soonest_, one.live->ready_at(now, request));
            break;
        }
        return false;
    }

    pick nothing() const noexcept
    {
        using kind = pick::kind;
        if (in_.filter_tags_ && !eligible_ && !in_.entries_.empty()) {
            return {.what = kind::no_tags, .ready_at = now};
        }
        if (excluded_may_) {
            return {.what = kind::excluded, .ready_at = now};
        }
        if (full_) {
            return {.what = kind::full, .ready_at = rests_ ? soonest_ : time_point{}};
        }
        if (too_small_ && !rests_) {
            return {.what = kind::too_small, .ready_at = now};
        }
        return {.what = kind::resting, .ready_at = soonest_};
    }

private:
    bool is_excluded(deployment_index which) const noexcept
    {
        return std::find(excluded_.begin(), excluded_.end(), which) != excluded_.end();
    }
    bool avoids(std::uint32_t provider) const noexcept
    {
        auto const end = avoided_.begin() + static_cast<std::ptrdiff_t>(avoided_count_);
        return std::find(avoided_.begin(), end, provider) != end;
    }
    bool has_tags(std::size_t place) noexcept
    {
        if (place / 64 != word_) {
            word_ = place / 64;
            sets_ = in_.tags_.at(word_, request.tags, in_.match_any_tag_);
        }
        std::uint64_t const set = from == pool::tagged ? sets_.first : sets_.otherwise;
        return (set >> (place % 64) & 1) != 0;
    }
    // Evenly one of all that are due.
    void add_probe(deployment_index which) noexcept
    {
        ++probes_;
        if (below(nth_random(random, 1'000 + probes_), probes_) == 0) {
            probe_ = {pick::kind::found, which, 0, true, now};
        }
    }

    group const& in_;
    std::span<deployment_index const> excluded_;
    bool wants_probe_;
    static constexpr std::size_t most_avoided = 32;
    std::array<std::uint32_t, most_avoided> avoided_{};
    std::size_t avoided_count_ = 0;
    std::size_t word_ = ~std::size_t{0};
    tag_filter::lane_set sets_{};
    std::size_t probes_ = 0;
    pick probe_{};
    bool probe_kept_ = false;
    bool eligible_ = false;
    bool excluded_may_ = false;
    bool full_ = false;
    bool too_small_ = false;
    bool rests_ = false;
    time_point soonest_ = time_point::max();
};

} // namespace cogate::policy
