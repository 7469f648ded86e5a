#include "lib/policy/latency_window.hpp"

#include <algorithm>
#include <cmath>

namespace cogate::policy {

latency_window::latency_window(std::size_t capacity, duration max_age)
    : capacity_(std::max<std::size_t>(capacity, 1)),
      max_age_(max_age),
      entries_(std::make_unique<entry[]>(capacity_))
{}

void latency_window::add(time_point now, sample what) noexcept
{
    std::uint64_t const before = added_.get();
    if (counted_ == capacity_) {
        sum_ -= newest(--counted_, before).seconds.get();
    }
    entry& place = entries_[static_cast<std::size_t>(before % capacity_)];
    place.at.set(stamp(now));
    place.seconds.set(what.seconds);
    place.prompt_tokens = what.prompt_tokens;
    added_.set(before + 1);
    sum_ += what.seconds;
    ++counted_;
    while (counted_ > 1 && stamp(now) - newest(counted_ - 1, before + 1).at.get() > max_age_.count()) {
        sum_ -= newest(--counted_, before + 1).seconds.get();
    }
    // Rounding errors end where a single sample is left.
    sum_ = counted_ == 1 ? what.seconds : sum_;
    oldest_.set(newest(counted_ - 1, before + 1).at.get());
    mean_.set(sum_ / static_cast<double>(counted_));
}

double latency_window::mean(time_point now) const noexcept
{
    std::uint64_t const added = added_.get();
    if (added == 0) {
        return 0;
    }
    if (stamp(now) - oldest_.get() <= max_age_.count()) {
        return mean_.get();
    }
    double sum = 0;
    std::size_t count = 0;
    for (; count != held(added) && stamp(now) - newest(count, added).at.get() <= max_age_.count(); ++count) {
        sum += newest(count, added).seconds.get();
    }
    return count == 0 ? 0 : sum / static_cast<double>(count);
}

std::size_t latency_window::copy(time_point now, std::span<sample> out) const noexcept
{
    std::uint64_t const added = added_.get();
    std::size_t const most = std::min(held(added), out.size());
    std::size_t count = 0;
    for (; count != most && stamp(now) - newest(count, added).at.get() <= max_age_.count(); ++count) {
        entry const& from = newest(count, added);
        out[count] = {from.seconds.get(), from.prompt_tokens};
    }
    return count;
}

double percentile_of(std::span<double> values, double percentile) noexcept
{
    double const rank =
        std::ceil(std::clamp(percentile, 0.0, 100.0) / 100 * static_cast<double>(values.size()));
    auto const at = static_cast<std::ptrdiff_t>(std::max(rank - 1, 0.0));
    std::nth_element(values.begin(), values.begin() + at, values.end());
    return values[static_cast<std::size_t>(at)];
}

} // namespace cogate::policy
