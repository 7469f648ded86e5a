#pragma once

#include <cogate/router_options.hpp>

#include "lib/policy/types.hpp"

#include <array>
#include <cstdint>
#include <mutex>

namespace cogate::policy {

/// What hedges of a group may add: `max_extra_ratio` per call of the last ten seconds, and, where it is set,
/// `max_extra_nano_usd_per_hour` over the last sixty minutes by the estimate of each hedge's cost. Unlike the retry
/// budget it has no minimum: a quiet group hedges nothing.
/// Thread safety: any thread.
class hedge_budget {
public:
    explicit hedge_budget(hedge_options const& options);

    /// A call came in.
    void deposit(time_point now) noexcept;
    /// Takes one hedge that may cost `nano_usd`; false: too many, too dear, or of unknown price under a money cap.
    bool withdraw(time_point now, std::optional<std::int64_t> nano_usd) noexcept;
    /// Hedges that could begin now.
    double balance(time_point now) const noexcept;
    /// Estimated cost of the last sixty minutes' hedges.
    std::int64_t spent(time_point now) const noexcept;

private:
    struct second_slot {
        std::int64_t second = -1;
        std::int64_t calls = 0;
        std::int64_t hedges = 0;
    };
    struct minute_slot {
        std::int64_t minute = -1;
        std::int64_t nano_usd = 0;
    };
    second_slot& current(time_point now) noexcept;
    double left(time_point now) const noexcept;
    std::int64_t spent_locked(time_point now) const noexcept;

    double ratio_;
    std::optional<std::int64_t> cap_;
    mutable std::mutex mutex_;
    std::array<second_slot, 10> seconds_{};
    std::array<minute_slot, 60> minutes_{};
};

} // namespace cogate::policy
