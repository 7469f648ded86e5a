#include "lib/policy/group.hpp"
#include "lib/policy/group_search.hpp"
#include "lib/policy/strategies/chance.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace cogate::policy {
namespace {

constexpr double refused = std::numeric_limits<double>::infinity();
// After so many lanes that may not serve, all are asked.
constexpr int most_tries = 6;

/// Evenly one of those within the tolerance of the least; there is one that is not refused.
std::size_t best_of(std::span<double const> scores, double tolerance, std::uint64_t random) noexcept
{
    double const enough = *std::min_element(scores.begin(), scores.end()) * (1 + tolerance);
    auto const good = [enough](double one) noexcept { return one <= enough; };
    auto const count = static_cast<std::size_t>(std::count_if(scores.begin(), scores.end(), good));
    std::size_t left = below(random, count);
    std::size_t at = 0;
    while (!good(scores[at]) || left-- != 0) {
        ++at;
    }
    return at;
}

} // namespace

void group::prepare_shortcuts()
{
    if (strategy_->scores_are_fixed()) {
        static request_traits const any;
        fixed_scores_.resize(entries_.size());
        if (!strategy_->score({.lanes = lanes_, .request = any, .now = {}, .random = 0, .keys = keys_},
                              fixed_scores_)) {
            fixed_scores_.clear();
        }
    }
    std::vector<double> weights(entries_.size());
    for (tier const& where : tiers_) {
        std::size_t const size = where.end - where.begin;
        if (!strategy_->weigh(std::span(lanes_).subspan(where.begin, size),
                              std::span(weights).subspan(where.begin, size))) {
            return;
        }
        for (std::size_t i = where.begin + 1; i != where.end; ++i) {
            weights[i] += weights[i - 1];
        }
    }
    shares_ = std::move(weights);
}

bool group::may_shorten(search const& s, tier where) const noexcept
{
    return where.end - where.begin > small_tier && s.from == pool::all && !s.other_providers;
}

// Scores first, for they cost less than to ask whether a lane may serve.
group::shortcut group::take_best(search& s, tier where, pick& out) const noexcept
{
    std::size_t const size = where.end - where.begin;
    std::array<double, most_at_once> room; // not initialised: only what is written is read
    // Too many are read in parts, and not drawn by weight where this request has scores: the first tells.
    std::span<double> const scores(room.data(), size > most_at_once ? 1 : size);
    if (!fixed_scores_.empty()) {
        std::copy_n(fixed_scores_.begin() + static_cast<std::ptrdiff_t>(where.begin), scores.size(),
                    scores.begin());
    } else if (!strategy_->score({.lanes = std::span(lanes_).subspan(where.begin, scores.size()),
                                  .request = s.request,
                                  .now = s.now,
                                  .random = s.random,
                                  .keys = std::span(keys_).subspan(where.begin, scores.size())},
                                 scores)) {
        return shortcut::not_taken;
    }
    if (size > most_at_once) {
        return shortcut::none_served;
    }
    // One whose score is bad may be due for a probe: chance brings it up.
    if (s.wants_probe() && !s.may_serve(where.begin + below(nth_random(s.random, 200), size)) &&
        s.found_probe()) {
        out = s.probe();
        return shortcut::found;
    }
    for (int i = 0; i != most_tries; ++i) {
        std::size_t const at = best_of(scores, strategy_->tolerance(),
                                       nth_random(s.random, 300 + static_cast<std::uint64_t>(i)));
        if (scores[at] == refused) {
            break;
        }
        if (s.may_serve(where.begin + at)) {
            out = {pick::kind::found, entries_[where.begin + at].deployment, scores[at], false, s.now};
            return shortcut::found;
        }
        if (s.wants_probe() && s.found_probe()) {
            out = s.probe();
            return shortcut::found;
        }
        scores[at] = refused;
    }
    return shortcut::none_served;
}

// A lane that may not serve is drawn again: what remains has the chances it has among those that may.
group::shortcut group::take_by_weight(search& s, tier where, pick& out) const noexcept
{
    if (shares_.empty()) {
        return shortcut::not_taken;
    }
    auto const begin = shares_.begin() + static_cast<std::ptrdiff_t>(where.begin);
    auto const end = shares_.begin() + static_cast<std::ptrdiff_t>(where.end);
    double const all = *(end - 1);
    for (int i = 0; i != most_tries; ++i) {
        double const drawn = unit_interval(nth_random(s.random, 400 + static_cast<std::uint64_t>(i))) * all;
        // Rounding may leave a crumb behind the last one.
        auto const place = std::min(std::upper_bound(begin, end, drawn), end - 1);
        auto const at = static_cast<std::size_t>(place - shares_.begin());
        if (s.may_serve(at)) {
            double const own = *place - (place == begin ? 0 : *(place - 1));
            out = {pick::kind::found, entries_[at].deployment, own / all, false, s.now};
            return shortcut::found;
        }
        if (s.wants_probe() && s.found_probe()) {
            out = s.probe();
            return shortcut::found;
        }
    }
    return shortcut::none_served;
}

} // namespace cogate::policy
