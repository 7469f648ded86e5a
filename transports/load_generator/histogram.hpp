#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace cogate::transports::load {

/// Counts of durations in nanoseconds, in log-linear buckets: exact below 256, then at most 0.8 % wide, up to 2^40
/// (18 minutes; longer ones are counted there). Constant memory (33 KiB), one increment per record.
/// Not thread-safe.
class histogram {
public:
    histogram();

    /// Negative values count as 0.
    void record(std::int64_t nanoseconds) noexcept;

    std::uint64_t count() const noexcept { return count_; }
    /// Exact.
    std::int64_t min() const noexcept { return count_ == 0 ? 0 : min_; }
    std::int64_t max() const noexcept { return max_; }
    double mean() const noexcept;

    /// The smallest recorded value (to bucket precision, never above the maximum) such that at least `share` of all
    /// records are not larger. `share` in [0, 1]; 0 when nothing was recorded.
    std::int64_t at(double share) const noexcept;

    void merge(const histogram& other) noexcept;

private:
    static constexpr unsigned precision_bits = 7; // 128 buckets per power of two
    static constexpr unsigned largest_bits = 40;
    static constexpr std::size_t per_power = std::size_t{1} << precision_bits;

    static std::size_t bucket_of(std::uint64_t value) noexcept;
    static std::uint64_t last_value_of(std::size_t bucket) noexcept;

    std::vector<std::uint64_t> buckets_;
    std::uint64_t count_ = 0;
    std::int64_t min_ = INT64_MAX;
    std::int64_t max_ = 0;
    double sum_ = 0;
};

} // namespace cogate::transports::load
