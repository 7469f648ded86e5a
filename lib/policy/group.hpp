#pragma once

#include "lib/policy/lane.hpp"
#include "lib/policy/retry_budget.hpp"
#include "lib/policy/strategy.hpp"
#include "lib/policy/tag_filter.hpp"
#include "lib/policy/types.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace cogate::policy {

/// A lane of a group. It outlives the group; `live` is never null.
struct member {
    deployment_index deployment = no_deployment;
    lane* live = nullptr;
};

/// What came of looking for a lane.
struct pick {
    enum class kind {
        found,
        full,     ///< healthy lanes exist, all at their concurrency limit: wait for room
        resting,  ///< none may be asked before `ready_at`
        excluded, ///< every lane that may be asked was tried already
        no_tags,  ///< no lane has the request's tags
        too_small ///< the prompt fits no lane
    };
    kind what = kind::resting;
    deployment_index deployment = no_deployment;
    double score = 0;
    bool probe = false;
    time_point
        ready_at{}; ///< resting; full: of those that rest beside the full ones, zero when there is none
};

/// The lanes behind one model name, and how to choose among them: filters (standing, tags, order, context window),
/// then the strategy. Immutable but for the lanes' counters and the budget; any thread.
class group {
public:
    /// Smaller tiers are read whole: that costs about as much as a shortcut, and sees every probe that is due.
    static constexpr std::size_t small_tier = 16;
    /// Lanes that a strategy is given at once.
    static constexpr std::size_t most_at_once = 128;

    /// `served_by`: the alias's target, or the pattern, that serves the name.
    group(std::string name, std::vector<member> members, std::shared_ptr<strategy const> how,
          router_options const& options, std::vector<std::string> served_by = {});

    std::string const& name() const noexcept { return name_; }
    /// Beside the name: whose rules hold where the name has none.
    std::vector<std::string> const& served_by() const noexcept { return served_by_; }
    std::span<member const> members() const noexcept { return members_; }
    std::string_view strategy_name() const noexcept { return strategy_->name(); }
    retry_budget& budget() noexcept { return budget_; }

    /// No allocation; at most about a microsecond for a hundred lanes.
    ///
    /// The lowest `order` tier with a lane that may serve is chosen from; within it, when `apart`, lanes of other
    /// providers than the excluded ones' before the rest. Excluded lanes are never chosen: `excluded` says that only
    /// they may serve, so ask again without them. A lane that may be probed gets the next first attempt of a
    /// repeatable request that its tier would serve, in a tier above 16 lanes once it is looked at; other requests get it
    /// where no lane is ready.
    /// Beyond 128 lanes of a tier the strategy decides in even parts and then among their winners.
    pick choose(request_traits const& request, std::span<deployment_index const> excluded, bool apart,
                time_point now, std::uint64_t random) const noexcept;

private:
    /// A member as `choose` reads it, in the order of the tiers.
    struct entry {
        lane* live = nullptr;
        std::uint64_t key = 0;
        deployment_index deployment = no_deployment;
        std::uint32_t provider = 0;
    };
    struct tier {
        std::size_t begin = 0;
        std::size_t end = 0;
    };
    enum class pool { all, tagged, default_tagged };
    enum class shortcut { found, none_served, not_taken };
    struct candidates;
    class search;

    void arrange();
    pick look_in(search& now, tier where) const noexcept;
    bool draw(search& now, tier where, candidates& out) const noexcept;
    bool may_shorten(search const& now, tier where) const noexcept;
    shortcut take_best(search& now, tier where, pick& out) const noexcept;
    shortcut take_by_weight(search& now, tier where, pick& out) const noexcept;
    void prepare_shortcuts();
    void gather(search& now, tier where, std::size_t part, std::size_t parts, candidates& out) const noexcept;
    chosen decide(search const& now, candidates const& among, std::uint64_t part) const noexcept;

    std::string name_;
    std::vector<std::string> served_by_;
    std::vector<member> members_;
    std::shared_ptr<strategy const> strategy_;
    bool filter_tags_;
    bool match_any_tag_;
    retry_budget budget_;
    std::vector<entry> entries_;
    std::vector<tier> tiers_;
    std::vector<lane const*> lanes_;   ///< of the entries
    std::vector<std::uint64_t> keys_;  ///< of the entries
    std::vector<double> fixed_scores_; ///< of the entries; empty: they change, or there are none
    std::vector<double> shares_;       ///< of the entries, summed up within their tier; empty: there are none
    tag_filter tags_;
};

} // namespace cogate::policy
