#pragma once

#include "lib/policy/call_plan.hpp"
#include "lib/policy/group.hpp"
#include "lib/policy/hedge_budget.hpp"
#include "lib/policy/lane.hpp"
#include "lib/policy/simulation/input.hpp"
#include "lib/policy/simulation/script.hpp"

#include <cstddef>
#include <deque>
#include <memory>
#include <string_view>
#include <vector>

namespace cogate::policy::simulation {

/// Virtual time begins here: an hour after the clock's own zero, which some counters take for "never".
inline constexpr time_point beginning{std::chrono::hours{1}};

/// The lanes and groups of a run, and the calls that wait for room in each group.
class world {
public:
    struct served_group {
        std::unique_ptr<group> live;
        call_plan plan;
        std::deque<std::size_t> waiting; ///< calls
    };

    explicit world(input const& from, std::shared_ptr<strategy const> const& how);

    served_group* find(std::string_view name) noexcept;
    served_group& of(group const& live) noexcept;
    served_group& of_lane(std::size_t lane) noexcept;
    lane& at(std::size_t index) noexcept { return *lanes_[index]; }
    script& script_of(std::size_t index) noexcept { return scripts_[index]; }

private:
    input const& from_;
    std::vector<std::unique_ptr<lane>> lanes_;
    std::vector<script> scripts_;
    std::vector<served_group> groups_;
};

} // namespace cogate::policy::simulation
