#include "lib/policy/group.hpp"

#include "lib/core/hash.hpp"
#include "lib/policy/group_search.hpp"
#include "lib/policy/strategies/chance.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace cogate::policy {
namespace {

constexpr std::size_t most_draws = 8;

} // namespace

/// Lanes that may serve, as the strategy gets them.
struct group::candidates {
    std::array<lane const*, most_at_once> lanes;
    std::array<std::uint64_t, most_at_once> keys;
    std::array<std::uint32_t, most_at_once> at;
    std::size_t count = 0;

    void add(entry const& one, std::size_t place) noexcept
    {
        lanes[count] = one.live;
        keys[count] = one.key;
        at[count++] = static_cast<std::uint32_t>(place);
    }
};

group::group(std::string name, std::vector<member> members, std::shared_ptr<strategy const> how,
             router_options const& options, std::vector<std::string> served_by)
    : name_(std::move(name)),
      served_by_(std::move(served_by)),
      members_(std::move(members)),
      strategy_(std::move(how)),
      filter_tags_(options.enable_tag_filtering),
      match_any_tag_(options.tag_filtering_match_any),
      budget_(options.retry_budget)
{
    arrange();
}

void group::arrange()
{
    std::unordered_map<std::string_view, std::uint32_t> providers;
    for (member const& one : members_) {
        lane_limits const& limits = one.live->limits();
        auto const next = static_cast<std::uint32_t>(providers.size());
        // An empty name says nothing: such lanes are kin to none.
        std::uint32_t const provider = limits.provider.empty()
                                           ? ~one.deployment
                                           : providers.try_emplace(limits.provider, next).first->second;
        std::uint64_t const key =
            limits.id.empty() ? core::mix64(one.deployment + 1) : core::hash64(limits.id);
        entries_.push_back({one.live, key, one.deployment, provider});
    }
    std::stable_sort(entries_.begin(), entries_.end(), [](entry const& a, entry const& b) {
        return a.live->limits().order < b.live->limits().order;
    });
    for (std::size_t i = 0; i != entries_.size(); ++i) {
        bool const same = i != 0 && entries_[i].live->limits().order == entries_[i - 1].live->limits().order;
        if (!same) {
            tiers_.push_back({i, i});
        }
        tiers_.back().end = i + 1;
        lanes_.push_back(entries_[i].live);
        keys_.push_back(entries_[i].key);
    }
    if (filter_tags_) {
        tags_ = tag_filter(lanes_);
    }
    prepare_shortcuts();
}

pick group::choose(request_traits const& request, std::span<deployment_index const> excluded, bool apart,
                   time_point now, std::uint64_t random) const noexcept
{
    search s(*this, request, excluded, now, random);
    if (apart) {
        s.avoid_providers();
    }
    static constexpr std::array<pool, 2> tag_pools{pool::tagged, pool::default_tagged};
    static constexpr std::array<pool, 1> no_tags{pool::all};
    for (pool const from : filter_tags_ ? std::span<pool const>(tag_pools) : std::span<pool const>(no_tags)) {
        s.from = from;
        for (tier const& where : tiers_) {
            s.other_providers = s.avoids_any();
            pick found = look_in(s, where);
            if (found.what != pick::kind::found && s.other_providers) {
                s.other_providers = false;
                found = look_in(s, where);
            }
            if (found.what == pick::kind::found) {
                return found;
            }
            s.keep_probe();
        }
    }
    return s.found_probe() ? s.probe() : s.nothing();
}

pick group::look_in(search& s, tier where) const noexcept
{
    if (may_shorten(s, where)) {
        pick found;
        shortcut how = take_best(s, where, found);
        how = how == shortcut::not_taken ? take_by_weight(s, where, found) : how;
        if (how == shortcut::found) {
            return found;
        }
    }
    candidates some;
    std::size_t const size = where.end - where.begin;
    bool const drawn = draw(s, where, some);
    if (drawn || size <= most_at_once) {
        if (!drawn) {
            gather(s, where, 0, 1, some);
        }
        if (s.wants_probe() && s.found_probe()) {
            return s.probe();
        }
    } else {
        std::size_t const parts = (size + most_at_once - 1) / most_at_once;
        for (std::size_t part = 0; part != parts; ++part) {
            candidates of_part;
            gather(s, where, part, parts, of_part);
            if (s.wants_probe() && s.found_probe()) {
                return s.probe();
            }
            if (some.count == most_at_once) {
                chosen const best = decide(s, some, parts + part);
                std::size_t const place = some.at[best.at];
                some.count = 0;
                some.add(entries_[place], place);
            }
            if (of_part.count != 0) {
                std::size_t const place = of_part.at[decide(s, of_part, part).at];
                some.add(entries_[place], place);
            }
        }
    }
    if (some.count == 0) {
        return {};
    }
    chosen const best = decide(s, some, ~std::uint64_t{0});
    return {pick::kind::found, entries_[some.at[best.at]].deployment, best.score, false, s.now};
}

// What the strategy would draw itself, without a look at all the others.
bool group::draw(search& s, tier where, candidates& out) const noexcept
{
    std::size_t const size = where.end - where.begin;
    std::size_t const wanted = strategy_->draws();
    if (wanted == 0 || wanted > most_draws / 2 || !may_shorten(s, where)) {
        return false;
    }
    for (std::uint64_t i = 0; i != most_draws && out.count != wanted; ++i) {
        std::size_t const place = where.begin + below(nth_random(s.random, 100 + i), size);
        auto const end = out.at.begin() + static_cast<std::ptrdiff_t>(out.count);
        if (std::find(out.at.begin(), end, place) != end) {
            continue;
        }
        if (s.may_serve(place)) {
            out.add(entries_[place], place);
        } else if (s.wants_probe() && s.found_probe()) {
            return true;
        }
    }
    if (out.count == wanted) {
        return true;
    }
    out.count = 0;
    return false;
}

void group::gather(search& s, tier where, std::size_t part, std::size_t parts, candidates& out) const noexcept
{
    for (std::size_t place = where.begin + part; place < where.end; place += parts) {
        if (s.may_serve(place)) {
            out.add(entries_[place], place);
        }
    }
}

chosen group::decide(search const& s, candidates const& among, std::uint64_t part) const noexcept
{
    return strategy_->choose({.lanes = {among.lanes.data(), among.count},
                              .request = s.request,
                              .now = s.now,
                              .random = nth_random(s.random, part),
                              .keys = {among.keys.data(), among.count}});
}

} // namespace cogate::policy
