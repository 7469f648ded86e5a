#include "lib/policy/hedge_budget.hpp"

#include <algorithm>
#include <chrono>

namespace cogate::policy {

namespace {

template <class Unit>
std::int64_t count_of(time_point now) noexcept
{
    return std::chrono::floor<Unit>(now.time_since_epoch()).count();
}

} // namespace

hedge_budget::hedge_budget(hedge_options const& options)
    : ratio_(options.max_extra_ratio), cap_(options.max_extra_nano_usd_per_hour)
{}

hedge_budget::second_slot& hedge_budget::current(time_point now) noexcept
{
    std::int64_t const second = count_of<std::chrono::seconds>(now);
    second_slot& slot = seconds_[static_cast<std::uint64_t>(second) % seconds_.size()];
    if (slot.second < second) {
        slot = {second, 0, 0};
    }
    return slot;
}

double hedge_budget::left(time_point now) const noexcept
{
    std::int64_t const newest = count_of<std::chrono::seconds>(now);
    std::int64_t const oldest = newest - static_cast<std::int64_t>(seconds_.size()) + 1;
    std::int64_t calls = 0;
    std::int64_t hedges = 0;
    for (second_slot const& one : seconds_) {
        if (one.second >= oldest) {
            calls += one.calls;
            hedges += one.hedges;
        }
    }
    return ratio_ * static_cast<double>(calls) - static_cast<double>(hedges);
}

std::int64_t hedge_budget::spent_locked(time_point now) const noexcept
{
    std::int64_t const oldest =
        count_of<std::chrono::minutes>(now) - static_cast<std::int64_t>(minutes_.size()) + 1;
    std::int64_t sum = 0;
    for (minute_slot const& one : minutes_) {
        if (one.minute >= oldest) {
            sum += one.nano_usd;
        }
    }
    return sum;
}

void hedge_budget::deposit(time_point now) noexcept
{
    std::scoped_lock const lock(mutex_);
    ++current(now).calls;
}

bool hedge_budget::withdraw(time_point now, std::optional<std::int64_t> nano_usd) noexcept
{
    std::scoped_lock const lock(mutex_);
    second_slot& slot = current(now);
    if (left(now) < 1 - 1e-9) {
        return false;
    }
    if (cap_ && (!nano_usd || *nano_usd > *cap_ - spent_locked(now))) {
        return false;
    }
    ++slot.hedges;
    std::int64_t const minute = count_of<std::chrono::minutes>(now);
    minute_slot& cost = minutes_[static_cast<std::uint64_t>(minute) % minutes_.size()];
    if (cost.minute < minute) {
        cost = {minute, 0};
    }
    cost.nano_usd += std::max<std::int64_t>(0, nano_usd.value_or(0));
    return true;
}

double hedge_budget::balance(time_point now) const noexcept
{
    std::scoped_lock const lock(mutex_);
    return std::max(0.0, left(now));
}

std::int64_t hedge_budget::spent(time_point now) const noexcept
{
    std::scoped_lock const lock(mutex_);
    return spent_locked(now);
}

} // namespace cogate::policy
