#pragma once

#include "lib/ledger/accounts/record_limits.hpp"
#include "lib/ledger/budget.hpp"
#include "lib/ledger/load_budgets.hpp"

#include <cogate/money.hpp>
#include <cogate/secret.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cogate::config {

/// When the last byte of an answer may leave.
enum class acknowledgement {
    committed, ///< after its row is in the database
    queued     ///< once its row waits for the writer
};

enum class durability {
    process, ///< committed rows survive the death of the process
    power    ///< and of the machine's power
};

/// What happens to reservations that a crash left open.
enum class recovery {
    reserved, ///< settled at the reserved amount
    nothing   ///< void
};

/// A budget of `gateway.deployments[index]`, whose id may be made by the engine.
struct deployment_budget {
    std::size_t index = 0;
    cogate::ledger::budget terms{};
};

/// How money is written down and what the configuration lets be spent. Plain values: this floor opens no database.
struct ledger_settings {
    acknowledgement acknowledge = acknowledgement::committed;
    config::durability durability = config::durability::process;
    config::recovery recovery = config::recovery::reserved;
    bool allow_unpriced = false; ///< budgeted keys may use models without a known price
    std::string database_url{};  ///< "sqlite:///PATH", checked; empty: a file in `settings::data`
    /// Of the whole gateway and of providers. Periods are counted from 1970, so they do not move with a restart.
    std::vector<cogate::ledger::owned_budget> budgets{};
    std::vector<deployment_budget> deployment_budgets{};
    std::optional<money> end_user_budget{}; ///< of each end user without one of their own; never resets
    std::string end_user_budget_id{};       ///< the same by a budget record
};

/// What a new key or user gets where the request does not say, or may get at most.
struct key_terms {
    std::optional<money> max_budget{};
    std::string budget_duration{}; ///< as ledger::parse_period reads it; empty: not said
    std::optional<std::int64_t> tpm_limit{};
    std::optional<std::int64_t> rpm_limit{};
    std::optional<std::int64_t> max_parallel_requests{};
    std::string duration{};            ///< life of the key, the same grammar
    std::vector<std::string> models{}; ///< of defaults only
    std::string user_role{};           ///< of users only: LiteLLM's word; empty: not said
    friend bool operator==(key_terms const&, key_terms const&) = default;
};

/// Virtual keys.
struct key_settings {
    secret pepper{}; ///< of the keys' digests; empty: made once and kept beside the ledger
    key_terms defaults{};
    key_terms bounds{};
    key_terms user_defaults{};
    cogate::ledger::record_limits limits{}; ///< how many keys, users, ... there may be
};

} // namespace cogate::config
