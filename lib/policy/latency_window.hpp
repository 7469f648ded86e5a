#pragma once

#include "lib/policy/types.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

namespace cogate::policy {

/// The newest samples of a latency, at most `capacity` of them and none older than `max_age`; memory is
/// fixed.
///
/// Thread safety: `mean` from any thread, wait-free; the others under the owner's lock.
class latency_window {
public:
    struct sample {
        double seconds = 0;
        std::uint32_t prompt_tokens = 0;
    };

    latency_window(std::size_t capacity, duration max_age);

    void add(time_point now, sample what) noexcept;
    /// Zero when there is none.
    double mean(time_point now) const noexcept;
    /// Copies the samples that are young enough to `out`, newest first; how many.
    std::size_t copy(time_point now, std::span<sample> out) const noexcept;

private:
    struct entry {
        published<std::int64_t> at{0};
        published<double> seconds{0};
        std::uint32_t prompt_tokens = 0;
    };

    entry const& newest(std::size_t back, std::uint64_t added) const noexcept
    {
        return entries_[static_cast<std::size_t>((added - 1 - back) % capacity_)];
    }
    std::size_t held(std::uint64_t added) const noexcept
    {
        return added < capacity_ ? static_cast<std::size_t>(added) : capacity_;
    }

    std::size_t capacity_;
    duration max_age_;
    std::unique_ptr<entry[]> entries_;
    published<std::uint64_t> added_{0};
    published<std::int64_t> oldest_{0}; ///< of those that `mean_` is of
    published<double> mean_{0};
    std::size_t counted_ = 0; ///< samples in `sum_`
    double sum_ = 0;
};

/// The `percentile` (0..100) of `values`, nearest rank; reorders them. There must be one at least.
double percentile_of(std::span<double> values, double percentile) noexcept;

} // namespace cogate::policy
