#pragma once

#include <cogate/router_options.hpp>

#include "lib/policy/types.hpp"

#include <cstdint>
#include <mutex>

namespace cogate::policy {

/// What a group may spend on extra attempts (retries, fallbacks, hedges): `ratio` per call of the last ten seconds
/// plus `min_per_second` (Finagle's RetryBudget). Never negative.
/// Thread safety: any thread.
class retry_budget {
public:
    explicit retry_budget(retry_budget_options const& options);

    /// A call came in.
    void deposit(time_point now) noexcept;
    /// Takes one extra attempt; false: there is none left.
    bool withdraw(time_point now) noexcept;
    double balance(time_point now) const noexcept;

private:
    static constexpr int slots = 10;
    struct slot {
        std::int64_t second = -1;
        double deposited = 0;
        double withdrawn = 0;
    };
    void turn(time_point now) noexcept;
    double left(time_point now) const noexcept;

    retry_budget_options options_;
    mutable std::mutex mutex_;
    slot slots_[slots];
};

} // namespace cogate::policy
