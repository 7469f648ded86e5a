#include "transports/load_generator/histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace cogate::transports::load {

histogram::histogram() : buckets_((largest_bits - precision_bits + 1) * per_power) {}

std::size_t histogram::bucket_of(std::uint64_t value) noexcept
{
    const std::uint64_t capped = std::min(value, (std::uint64_t{1} << largest_bits) - 1);
    if (capped < 2 * per_power) {
        return capped;
    }
    const unsigned shift = static_cast<unsigned>(std::bit_width(capped)) - precision_bits - 1;
    return (std::size_t{shift} << precision_bits) + (capped >> shift);
}

std::uint64_t histogram::last_value_of(std::size_t bucket) noexcept
{
    if (bucket < 2 * per_power) {
        return bucket;
    }
    const std::size_t shift = (bucket >> precision_bits) - 1;
    const std::uint64_t top = bucket - (shift << precision_bits);
    return ((top + 1) << shift) - 1;
}

void histogram::record(std::int64_t nanoseconds) noexcept
{
    const std::int64_t value = std::max<std::int64_t>(nanoseconds, 0);
    ++buckets_[bucket_of(static_cast<std::uint64_t>(value))];
    ++count_;
    sum_ += static_cast<double>(value);
    min_ = std::min(min_, value);
    max_ = std::max(max_, value);
}

double histogram::mean() const noexcept
{
    return count_ == 0 ? 0 : sum_ / static_cast<double>(count_);
}

std::int64_t histogram::at(double share) const noexcept
{
    if (count_ == 0) {
        return 0;
    }
    const double wanted = std::ceil(std::clamp(share, 0.0, 1.0) * static_cast<double>(count_));
    const auto rank = std::clamp<std::uint64_t>(static_cast<std::uint64_t>(wanted), 1, count_);
    if (rank == count_) {
        return max_;
    }
    std::uint64_t seen = 0;
    for (std::size_t bucket = 0; bucket < buckets_.size(); ++bucket) {
        seen += buckets_[bucket];
        if (seen >= rank) {
            const auto value = static_cast<std::int64_t>(last_value_of(bucket));
            return std::clamp(value, min_, max_);
        }
    }
    return max_;
}

void histogram::merge(const histogram& other) noexcept
{
    for (std::size_t bucket = 0; bucket < buckets_.size(); ++bucket) {
        buckets_[bucket] += other.buckets_[bucket];
    }
    count_ += other.count_;
    sum_ += other.sum_;
    min_ = std::min(min_, other.min_);
    max_ = std::max(max_, other.max_);
}

} // namespace cogate::transports::load
