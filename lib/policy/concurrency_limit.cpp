#include "lib/policy/concurrency_limit.hpp"

#include <algorithm>
#include <cmath>

namespace cogate::policy {

namespace {

using namespace std::chrono_literals;

constexpr double first_limit = 20;
constexpr double tolerance = 1.5;
constexpr double smoothing = 0.2;
constexpr double drop_factor = 0.9;
constexpr int window_samples = 10;
constexpr duration window_time = 100ms;
constexpr int long_window = 600;
// A long mean that lies far above the present comes from bad times that are over (Gradient2).
constexpr double stale_ratio = 2;
constexpr double stale_decay = 0.95;

} // namespace

concurrency_limit::concurrency_limit(admission_options const& options, std::optional<int> own)
    : adaptive_(options.kind == admission_options::limit::adaptive)
{
    int const cap = own && *own > 0 ? *own : unlimited;
    if (adaptive_) {
        most_ = std::min(std::max(options.adaptive_max, 1), cap);
        least_ = std::min<double>(std::max(options.adaptive_min, 1), most_);
        set(first_limit);
    } else if (cap == unlimited && options.kind == admission_options::limit::fixed && options.fixed > 0) {
        current_.set(options.fixed);
    } else {
        current_.set(cap);
    }
}

void concurrency_limit::set(double limit) noexcept
{
    limit_ = std::clamp(limit, least_, most_);
    current_.set(static_cast<int>(limit_));
}

void concurrency_limit::sample(time_point now, double seconds, int pending) noexcept
{
    if (!adaptive_ || seconds <= 0) {
        return;
    }
    if (window_count_ == 0) {
        window_began_ = now;
    }
    window_sum_ += seconds;
    window_count_ += 1;
    window_pending_ = std::max(window_pending_, pending);
    if (window_count_ < window_samples || now - window_began_ < window_time) {
        return;
    }
    double const recent = window_sum_ / window_count_;
    bool const used = window_pending_ >= limit_ / 2;
    long_samples_ = std::min(long_samples_ + window_count_, long_window);
    double const weight = std::min(1.0, static_cast<double>(window_count_) / long_samples_);
    long_ += (recent - long_) * weight;
    if (long_ > recent * stale_ratio) {
        long_ *= stale_decay;
    }
    window_sum_ = 0;
    window_count_ = 0;
    window_pending_ = 0;

    double const gradient = std::clamp(tolerance * long_ / recent, 0.5, 1.0);
    double const next = limit_ * gradient + std::sqrt(limit_);
    if (used || next < limit_) {
        set(limit_ * (1 - smoothing) + next * smoothing);
    }
}

void concurrency_limit::drop(time_point now, time_point began) noexcept
{
    if (!adaptive_ || (dropped_ && began < *dropped_)) {
        return;
    }
    dropped_ = now;
    set(limit_ * drop_factor);
}

} // namespace cogate::policy
