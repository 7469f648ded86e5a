#pragma once

#include <cogate/router_options.hpp>

#include "lib/policy/types.hpp"

#include <limits>
#include <optional>

namespace cogate::policy {

/// How many attempts may be under way at one deployment.
///
/// A deployment's own max_parallel_requests always holds. Fixed: that, or the router's number. Adaptive:
/// Netflix's Gradient2 over the normalised time to first token - limit' = limit * clamp(1.5 * long / short,
/// 0.5, 1) + sqrt(limit) (Envoy's head room), smoothed by 0.2, growing only while at least half of it is used
/// - and times 0.9 on a 429, a timeout or an overload.
///
/// Thread safety: `current` from any thread; the others under the owner's lock.
class concurrency_limit {
public:
    static constexpr int unlimited = std::numeric_limits<int>::max();

    concurrency_limit(admission_options const& options, std::optional<int> own);

    int current() const noexcept { return current_.get(); }

    /// An attempt's time to first token, normalised to one size of request, and how many were under way then.
    void sample(time_point now, double seconds, int pending) noexcept;
    /// The deployment refused. Attempts begun before the last drop do not drop it again.
    void drop(time_point now, time_point began) noexcept;

private:
    void set(double limit) noexcept;

    published<int> current_{unlimited};
    bool adaptive_;
    double limit_ = 0;
    double least_ = 1;
    double most_ = 1;
    double long_ = 0;
    int long_samples_ = 0;
    double window_sum_ = 0;
    int window_count_ = 0;
    int window_pending_ = 0;
    time_point window_began_{};
    std::optional<time_point> dropped_{};
};

} // namespace cogate::policy
