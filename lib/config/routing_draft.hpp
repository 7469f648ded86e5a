#pragma once

#include "lib/config/keys.hpp"

#include <yaml-cpp/yaml.h>

#include <string>
#include <utility>
#include <vector>

namespace cogate::config {

/// A model name and where it stands.
struct placed_name {
    std::string name{};
    YAML::Mark at = YAML::Mark::null_mark();
};

struct rule_draft {
    placed_name group{};
    std::vector<placed_name> to{};
};

struct alias_draft {
    placed_name name{};
    placed_name group{};
    bool hidden = false;
};

/// Settings of money that several keys decide together, until all of them are read.
struct money_wishes {
    budget_wish all_calls{};
    key_terms users{}; ///< max_internal_user_budget and internal_user_budget_duration
};

/// What the routing settings say of model groups, until all groups are known.
struct routing_draft {
    routing_wishes wishes{};
    money_wishes money{};
    std::vector<rule_draft> fallbacks{};
    std::vector<rule_draft> context_window_fallbacks{};
    std::vector<rule_draft> content_policy_fallbacks{};
    std::vector<placed_name> default_fallbacks{};
    std::vector<alias_draft> aliases{};
    std::vector<std::pair<placed_name, cogate::retry_policy>> group_retries{};
};

} // namespace cogate::config
