#pragma once

#include "lib/ledger/accounts/records.hpp"

#include <optional>
#include <string>
#include <vector>

namespace cogate::server {

/// What the configuration says about a kind of owner. Empty and missing: it says nothing.
struct owner_terms {
    ledger::terms has;               ///< budget, its period, and rates; nothing per model
    std::string duration;            ///< a key's life, as ledger::parse_period reads it
    std::vector<std::string> models; ///< of defaults only
};

/// LiteLLM's default_key_generate_params, upperbound_key_generate_params and default_internal_user_params.
struct configured_terms {
    owner_terms key_defaults; ///< of a new key whose request does not say
    owner_terms
        key_bounds; ///< the most that any key may be given, and what a new one gets where nothing is said
    owner_terms user_defaults;
    std::optional<ledger::user_role> user_role; ///< of a new user whose request does not say
};

} // namespace cogate::server
