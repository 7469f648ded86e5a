#pragma once

#include "lib/policy/group.hpp"
#include "lib/policy/lane.hpp"
#include "lib/policy/strategy.hpp"
#include "test/common/seeded.hpp"

#include <chrono>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace cogate::policy::test {

/// Lanes on a clock that stands still until it is moved, and a group over all of them.
struct lanes {
    explicit lanes(router_options with = {}) : options(std::move(with)) {}

    lane& add(lane_limits limits = {})
    {
        if (limits.id.empty()) {
            limits.id = "d" + std::to_string(all.size());
        }
        return *all.emplace_back(std::make_unique<lane>(std::move(limits), options));
    }
    lane& operator[](std::size_t at) { return *all[at]; }

    group make_group(std::string_view strategy) const
    {
        std::vector<member> members;
        for (std::size_t i = 0; i != all.size(); ++i) {
            members.push_back({static_cast<deployment_index>(i), all[i].get()});
        }
        return {"group", std::move(members), make_strategy(strategy, options), options};
    }

    /// An attempt at `which` that ends well after `total`, first content at half of it.
    void answer(std::size_t which, std::chrono::milliseconds total, std::uint32_t completion_tokens = 10)
    {
        lane& at = *all[which];
        if (at.begin(now, request)) {
            at.first_token(now + total / 2, total / 2, request);
            at.end(now + total,
                   {.ok = true,
                    .prompt_tokens = request.prompt_tokens,
                    .completion_tokens = completion_tokens,
                    .first_token = total / 2,
                    .total = total},
                   request);
        }
    }
    /// Attempts that fail, so many that the lane rests.
    void break_down(std::size_t which)
    {
        for (int i = 0; i != 5 && all[which]->begin(now, request); ++i) {
            all[which]->end(now, {.error = error_kind::internal_server}, request);
        }
    }

    router_options options;
    request_traits request{.prompt_tokens = 100};
    time_point now{std::chrono::hours(1)};
    std::deque<std::unique_ptr<lane>> all;
};

/// How often each lane is chosen in `times` decisions.
inline std::vector<int> shares(lanes const& of, group const& in, int times, std::uint64_t seed = 1)
{
    cogate::test::seeded random(seed);
    std::vector<int> count(of.all.size());
    for (int i = 0; i != times; ++i) {
        pick const found = in.choose(of.request, {}, false, of.now, random());
        if (found.what == pick::kind::found) {
            ++count[found.deployment];
        }
    }
    return count;
}

} // namespace cogate::policy::test
