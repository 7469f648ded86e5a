#pragma once

#include <cogate/router_options.hpp>

#include "lib/policy/call_machine.hpp"

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cogate::policy {

/// The group of a name; nullptr when there is none.
using group_finder = std::function<group*(std::string_view)>;

/// What one call asks for instead of its group's settings: LiteLLM's request fields of these names.
struct call_overrides {
    std::optional<int> num_retries{}; ///< in every group, where no retry policy names the error's class
    std::optional<std::vector<std::string>> fallbacks{}; ///< model names, instead of the general list
    bool disable_fallbacks = false;                      ///< of every kind
    std::optional<int> max_fallbacks{};
    std::optional<int> race{};
    bool disable_hedging = false;
    bool any() const noexcept;
};

/// How often a group's lanes are tried again after each error, by error_kind. LiteLLM's rules: the group's policy, else
/// the general one, else `otherwise`, else the number of retries; errors that no second try cures (a bad request, not
/// found, ...) are tried again only where a policy names their class. At most sixteen.
std::array<int, 32> retry_table(router_options const& options, std::string_view group_name,
                                std::optional<int> num_retries = std::nullopt);
/// The same for a call of several names, the most specific first: of their policies the first one holds.
std::array<int, 32> retry_table(router_options const& options, std::span<std::string const> names,
                                std::optional<int> num_retries = std::nullopt);

/// The plan of a group's calls. A group that is fallen back to has retries by its own policy: of the name that the rule
/// calls it by, of the group, or of the pattern that serves it. A rule that names the group goes before "*", and `default_fallbacks` stand in where
/// there is neither. Names that `find` does not know and repetitions are left out. `hedges` is shared by all plans of
/// the group. The groups must outlive the plan.
call_plan make_plan(router_options const& options, group& first, group_finder const& find,
                    std::shared_ptr<hedge_budget> hedges);
/// The same for a call that reaches the group under other names, too: an alias, or one that a pattern serves
/// (`route_table::rule_names`). Of the rules that name one of them the first name's hold.
call_plan make_plan(router_options const& options, group& first, std::vector<std::string> names,
                    group_finder const& find, std::shared_ptr<hedge_budget> hedges);

/// The plan for one call that asks for something of its own.
call_plan overridden(call_plan const& base, router_options const& options, group_finder const& find,
                     call_overrides const& asked);

} // namespace cogate::policy
