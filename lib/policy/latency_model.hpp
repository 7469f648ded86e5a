#pragma once

#include "lib/policy/types.hpp"

#include <cstdint>

namespace cogate::policy {

/// Least squares of seconds against prompt and completion tokens, in which old samples fade.
/// Weighted moments are kept about the running means (Welford's update), so large token counts cost no
/// precision. Thread safety: `at` from any thread; `add` under the owner's lock.
class latency_fit {
public:
    /// `keep`: what the older samples' weight is multiplied with, 0..1.
    void add(double prompt_tokens, double completion_tokens, double seconds, double keep) noexcept;

    bool empty() const noexcept { return empty_.get(); }
    /// Seconds that the line gives, never negative.
    double at(double prompt_tokens, double completion_tokens) const noexcept
    {
        return base_.get() + per_prompt_.get() * prompt_tokens + per_completion_.get() * completion_tokens;
    }
    /// Mean of the seconds.
    double mean() const noexcept { return mean_seconds_; }

private:
    void solve() noexcept;

    published<bool> empty_{true};
    published<double> base_{0};
    published<double> per_prompt_{0};
    published<double> per_completion_{0};

    double weight_ = 0;
    double mean_prompt_ = 0;
    double mean_completion_ = 0;
    double mean_seconds_ = 0;
    double prompt_prompt_ = 0;
    double prompt_completion_ = 0;
    double completion_completion_ = 0;
    double prompt_seconds_ = 0;
    double completion_seconds_ = 0;
};

/// How far samples lie above a prediction: jumps up at once, decays within ten seconds (Finagle's peak EWMA).
/// Thread safety: as above.
class peak_residual {
public:
    void add(time_point now, double seconds) noexcept;
    double at(time_point now) const noexcept;
    void forget() noexcept { value_.set(0); }

private:
    published<double> value_{0};
    published<std::int64_t> since_{0};
};

/// How fast a deployment answers, as a function of the request's size: time to first token ~ a + b * prompt
/// tokens, an inter-token time, and for answers that come whole a + b * prompt tokens + c * completion
/// tokens. Seconds.
///
/// Thread safety: predictions from any thread, wait-free; the others under the owner's lock.
class latency_model {
public:
    /// A stream's first content.
    void first_token(time_point now, std::uint32_t prompt_tokens, double seconds) noexcept;
    /// A good end: of a stream (`first` is its time to first token), or of an answer that came whole.
    void streamed(time_point now, std::uint32_t completion_tokens, double first, double total) noexcept;
    void whole(time_point now, std::uint32_t prompt_tokens, std::uint32_t completion_tokens,
               double total) noexcept;
    /// Nothing had come when we gave up: the true time is longer, so it counts for the peak only.
    void late(time_point now, std::uint32_t prompt_tokens, bool stream, double seconds) noexcept;

    /// It is well again: how late it was while it was ill says nothing any more.
    void recovered() noexcept
    {
        first_peak_.forget();
        whole_peak_.forget();
    }

    bool unknown() const noexcept { return first_.empty() && whole_.empty(); }
    double predicted_first_token(std::uint32_t prompt_tokens, time_point now) const noexcept;
    double predicted_total(request_traits const& request, time_point now) const noexcept;
    /// Completion tokens to expect: the mean of those seen, at most what the request allows; before any was
    /// seen what it allows.
    double expected_completion(request_traits const& request) const noexcept;

    /// Seconds that such a prompt's first content takes without the peak, zero for an unseen kind: the
    /// measure by which samples of different prompts are compared.
    double typical(bool stream, std::uint32_t prompt_tokens) const noexcept;
    /// `seconds` as they would have been for a request of mean size.
    double normalised(bool stream, std::uint32_t prompt_tokens, std::uint32_t completion_tokens,
                      double seconds) const noexcept;

private:
    void saw_completion(std::uint32_t tokens) noexcept;

    latency_fit first_;
    latency_fit whole_;
    peak_residual first_peak_;
    peak_residual whole_peak_;
    published<double> inter_token_{0};
    published<double> completion_{0}; ///< mean, zero before any
    time_point first_at_{};
    time_point whole_at_{};
    time_point streamed_at_{};
};

} // namespace cogate::policy
