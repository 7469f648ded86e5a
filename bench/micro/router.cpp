#include "bench/micro/harness.hpp"

#include "lib/core/hash.hpp"
#include "lib/policy/group.hpp"
#include "lib/policy/route_table.hpp"

#include <chrono>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cogate::micro {
namespace {

using namespace std::chrono_literals;

/// A group of deployments that have answered before, unequally fast, some with attempts under way.
struct router {
    router(std::size_t count, std::string_view strategy)
    {
        router_options const options;
        std::vector<policy::member> members;
        for (std::size_t i = 0; i != count; ++i) {
            policy::lane_limits limits;
            limits.id = "deployment-" + std::to_string(i);
            limits.provider = i % 2 == 0 ? "openai" : "azure";
            limits.input_cost = limits.output_cost = static_cast<std::int64_t>(1'000 + i);
            policy::lane& one =
                *lanes.emplace_back(std::make_unique<policy::lane>(std::move(limits), options));
            auto const took = std::chrono::milliseconds(500 + 10 * (i % 40));
            for (int n = 0; n != 5; ++n) {
                one.begin(now, request);
                one.first_token(now, took / 2, request);
                one.end(now,
                        {.ok = true,
                         .prompt_tokens = 400,
                         .completion_tokens = 50,
                         .first_token = took / 2,
                         .total = took},
                        request);
            }
            for (std::size_t n = i % 3; n != 0; --n) {
                one.begin(now, request);
            }
            members.push_back({static_cast<policy::deployment_index>(i), &one});
        }
        lane_group = std::make_unique<policy::group>("group", std::move(members),
                                                     policy::make_strategy(strategy, options), options);
    }

    void choose()
    {
        random = core::mix64(random + 1);
        keep(lane_group->choose(request, {}, false, now, random));
    }

    policy::request_traits request{.prompt_tokens = 400, .affinity = 77, .stream = true};
    policy::time_point now{1h};
    std::deque<std::unique_ptr<policy::lane>> lanes;
    std::unique_ptr<policy::group> lane_group;
    std::uint64_t random = 1;
};

const registration cases_of_router([] {
    for (const std::size_t count : {std::size_t{3}, std::size_t{100}}) {
        for (const std::string_view strategy : policy::strategy_names()) {
            auto const at = std::make_shared<router>(count, strategy);
            cases().push_back({"router, " + std::to_string(count) + " lanes, " + std::string(strategy), 0,
                               [at] { at->choose(); }});
        }
    }
    static const policy::route_table table = [] {
        policy::route_table made;
        for (int i = 0; i != 100; ++i) {
            made.add("model-" + std::to_string(i), 0);
            made.add("provider-" + std::to_string(i) + "/*", 0);
        }
        return made;
    }();
    cases().push_back({"route table, exact name of 100", 0, [] { keep(table.find("model-57")); }});
    cases().push_back({"route table, pattern of 100", 0, [] { keep(table.find("provider-57/any")); }});
});

} // namespace
} // namespace cogate::micro
