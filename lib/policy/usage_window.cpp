#include "lib/policy/usage_window.hpp"

#include <algorithm>

namespace cogate::policy {

namespace {

constexpr std::int64_t second_of(time_point when) noexcept
{
    return stamp(when) / 1'000'000'000;
}

} // namespace

void usage_window::add(time_point now, std::int64_t amount) noexcept
{
    std::int64_t const second = second_of(now);
    std::int64_t const latest = latest_.get();
    std::int64_t sum = sum_.get();
    for (std::int64_t s = std::max(latest + 1, second - slots + 1); s <= second; ++s) {
        sum -= in_second(s);
        slot(s).set(0);
    }
    if (second - latest >= slots) {
        sum = 0;
    }
    // A moment before the latest is as good as the latest.
    std::int64_t const at = std::max(second, latest);
    slot(at).set(in_second(at) + amount);
    sum_.set(sum + amount);
    latest_.set(at);
}

std::int64_t usage_window::sum(time_point now) const noexcept
{
    std::int64_t const latest = latest_.get();
    std::int64_t const passed = second_of(now) - latest;
    if (passed >= slots) {
        return 0;
    }
    std::int64_t sum = sum_.get();
    for (std::int64_t i = 1; i <= passed; ++i) {
        sum -= in_second(latest + i);
    }
    return std::max<std::int64_t>(sum, 0);
}

time_point usage_window::free_at(time_point now, std::int64_t most) const noexcept
{
    std::int64_t left = sum(now);
    std::int64_t const latest = latest_.get();
    std::int64_t const first = std::max(second_of(now), latest) - slots + 1;
    for (std::int64_t s = first; left > most && s <= latest; ++s) {
        left -= in_second(s);
        if (left <= most) {
            return time_point(std::chrono::seconds(s + slots));
        }
    }
    return now;
}

} // namespace cogate::policy
