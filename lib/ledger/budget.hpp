#pragma once

#include "lib/ledger/period.hpp"

#include <optional>

namespace cogate::ledger {

/// What one scope may spend in each window of its period. A plain value.
struct budget {
    std::optional<nanos> limit;      ///< hard: never overrun. 0 lets only calls without cost pass
    std::optional<nanos> soft_limit; ///< only reported when it is reached
    budget_period period;
    nanos extra = 0;      ///< temporary increase of `limit` (LiteLLM's temp_budget_increase) ...
    moment extra_until{}; ///< ... that holds before this moment

    friend bool operator==(budget const&, budget const&) = default;
};

} // namespace cogate::ledger
