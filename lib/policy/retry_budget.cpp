#include "lib/policy/retry_budget.hpp"

#include <algorithm>
#include <chrono>

namespace cogate::policy {

namespace {

std::int64_t second_of(time_point now) noexcept
{
    return std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()).count();
}

} // namespace

retry_budget::retry_budget(retry_budget_options const& options) : options_(options) {}

void retry_budget::turn(time_point now) noexcept
{
    std::int64_t const second = second_of(now);
    slot& current = slots_[static_cast<std::uint64_t>(second) % slots];
    if (current.second < second) {
        current = {second, 0, 0};
    }
}

double retry_budget::left(time_point now) const noexcept
{
    std::int64_t const oldest = second_of(now) - slots + 1;
    double deposited = 0;
    double withdrawn = 0;
    for (slot const& one : slots_) {
        if (one.second >= oldest) {
            deposited += one.deposited;
            withdrawn += one.withdrawn;
        }
    }
    return options_.ratio * deposited + options_.min_per_second * slots - withdrawn;
}

void retry_budget::deposit(time_point now) noexcept
{
    std::scoped_lock const lock(mutex_);
    turn(now);
    slots_[static_cast<std::uint64_t>(second_of(now)) % slots].deposited += 1;
}

bool retry_budget::withdraw(time_point now) noexcept
{
    std::scoped_lock const lock(mutex_);
    turn(now);
    // a hair below one: 0.2 five times is not quite one
    if (left(now) < 1 - 1e-9) {
        return false;
    }
    slots_[static_cast<std::uint64_t>(second_of(now)) % slots].withdrawn += 1;
    return true;
}

double retry_budget::balance(time_point now) const noexcept
{
    std::scoped_lock const lock(mutex_);
    return std::max(0.0, left(now));
}

} // namespace cogate::policy
