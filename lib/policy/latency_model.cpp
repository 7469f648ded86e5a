#include "lib/policy/latency_model.hpp"

#include <algorithm>
#include <cmath>

namespace cogate::policy {

namespace {

constexpr double peak_decay_seconds = 10;
constexpr double fit_decay_seconds = 20;
constexpr double least_keep = 0.5;
constexpr double completion_share = 0.1;
// Ridge: slopes stay near zero until sizes differ by more than about these many tokens.
constexpr double prompt_ridge = 50.0 * 50.0;
constexpr double completion_ridge = 10.0 * 10.0;
// One slow answer must not tilt the line.
constexpr double clip_factor = 4;
constexpr double clip_weight = 4;

double decay(duration passed, double seconds) noexcept
{
    double const s = in_seconds(passed);
    return s <= 0 ? 1 : std::exp(-s / seconds);
}

double keep_since(time_point& last, time_point now) noexcept
{
    double const keep = std::max(decay(now - last, fit_decay_seconds), least_keep);
    last = std::max(last, now);
    return keep;
}

} // namespace

void latency_fit::add(double prompt, double completion, double seconds, double keep) noexcept
{
    if (weight_ >= clip_weight && at(prompt, completion) > 0) {
        seconds = std::min(seconds, clip_factor * at(prompt, completion));
    }
    weight_ = weight_ * keep + 1;
    double const dp = prompt - mean_prompt_;
    double const dc = completion - mean_completion_;
    double const ds = seconds - mean_seconds_;
    mean_prompt_ += dp / weight_;
    mean_completion_ += dc / weight_;
    mean_seconds_ += ds / weight_;
    double const share = (weight_ - 1) / weight_;
    prompt_prompt_ = prompt_prompt_ * keep + dp * dp * share;
    prompt_completion_ = prompt_completion_ * keep + dp * dc * share;
    completion_completion_ = completion_completion_ * keep + dc * dc * share;
    prompt_seconds_ = prompt_seconds_ * keep + dp * ds * share;
    completion_seconds_ = completion_seconds_ * keep + dc * ds * share;
    solve();
}

void latency_fit::solve() noexcept
{
    double const pp = prompt_prompt_ + prompt_ridge;
    double const cc = completion_completion_ + completion_ridge;
    double const determinant = pp * cc - prompt_completion_ * prompt_completion_;
    double per_prompt = (prompt_seconds_ * cc - completion_seconds_ * prompt_completion_) / determinant;
    double per_completion = (completion_seconds_ * pp - prompt_seconds_ * prompt_completion_) / determinant;
    // More tokens never take less time; without the one slope the other is fitted alone.
    if (per_prompt < 0) {
        per_prompt = 0;
        per_completion = std::max(completion_seconds_ / cc, 0.0);
    } else if (per_completion < 0) {
        per_completion = 0;
        per_prompt = std::max(prompt_seconds_ / pp, 0.0);
    }
    double base = mean_seconds_ - per_prompt * mean_prompt_ - per_completion * mean_completion_;
    if (base < 0) {
        double const through_zero = mean_seconds_ / (mean_seconds_ - base);
        per_prompt *= through_zero;
        per_completion *= through_zero;
        base = 0;
    }
    base_.set(base);
    per_prompt_.set(per_prompt);
    per_completion_.set(per_completion);
    empty_.set(false);
}

void peak_residual::add(time_point now, double seconds) noexcept
{
    double const kept = decay(now - time_point(duration(since_.get())), peak_decay_seconds);
    double const decayed = value_.get() * kept;
    double const above = std::max(seconds, 0.0);
    value_.set(above > decayed ? above : decayed + above * (1 - kept));
    since_.set(std::max(stamp(now), since_.get()));
}

double peak_residual::at(time_point now) const noexcept
{
    double const value = value_.get();
    return value <= 0 ? 0 : value * decay(now - time_point(duration(since_.get())), peak_decay_seconds);
}

void latency_model::first_token(time_point now, std::uint32_t prompt_tokens, double seconds) noexcept
{
    if (!first_.empty()) {
        first_peak_.add(now, seconds - first_.at(prompt_tokens, 0));
    }
    first_.add(prompt_tokens, 0, seconds, keep_since(first_at_, now));
}

void latency_model::streamed(time_point now, std::uint32_t completion_tokens, double first,
                             double total) noexcept
{
    saw_completion(completion_tokens);
    if (completion_tokens < 2 || first <= 0 || total < first) {
        return;
    }
    double const sample = (total - first) / (completion_tokens - 1);
    double const keep = keep_since(streamed_at_, now);
    // The first sample stands as it is, whatever time passed.
    double const old = inter_token_.get();
    inter_token_.set(old <= 0 ? sample : old * keep + sample * (1 - keep));
}

void latency_model::whole(time_point now, std::uint32_t prompt_tokens, std::uint32_t completion_tokens,
                          double total) noexcept
{
    saw_completion(completion_tokens);
    if (!whole_.empty()) {
        whole_peak_.add(now, total - whole_.at(prompt_tokens, completion_tokens));
    }
    whole_.add(prompt_tokens, completion_tokens, total, keep_since(whole_at_, now));
}

void latency_model::late(time_point now, std::uint32_t prompt_tokens, bool stream, double seconds) noexcept
{
    if (stream) {
        first_peak_.add(now, seconds - (first_.empty() ? 0 : first_.at(prompt_tokens, 0)));
    } else {
        whole_peak_.add(now, seconds - (whole_.empty() ? 0 : whole_.at(prompt_tokens, completion_.get())));
    }
}

void latency_model::saw_completion(std::uint32_t tokens) noexcept
{
    if (tokens == 0) {
        return;
    }
    double const old = completion_.get();
    completion_.set(old <= 0 ? tokens : old + (tokens - old) * completion_share);
}

double latency_model::expected_completion(request_traits const& request) const noexcept
{
    double const seen = completion_.get();
    double const allowed = request.max_output_tokens;
    if (seen <= 0 || allowed <= 0) {
        return seen <= 0 ? allowed : seen;
    }
    return std::min(seen, allowed);
}

double latency_model::predicted_first_token(std::uint32_t prompt_tokens, time_point now) const noexcept
{
    if (!first_.empty() || whole_.empty()) {
        return (first_.empty() ? 0 : first_.at(prompt_tokens, 0)) + first_peak_.at(now);
    }
    return whole_.at(prompt_tokens, 0) + whole_peak_.at(now);
}

double latency_model::predicted_total(request_traits const& request, time_point now) const noexcept
{
    double const completion = expected_completion(request);
    bool const by_stream = !first_.empty() && (request.stream || whole_.empty());
    if (by_stream || whole_.empty()) {
        return predicted_first_token(request.prompt_tokens, now) + inter_token_.get() * completion +
               (first_.empty() ? whole_peak_.at(now) : 0);
    }
    return whole_.at(request.prompt_tokens, completion) + whole_peak_.at(now);
}

double latency_model::typical(bool stream, std::uint32_t prompt_tokens) const noexcept
{
    return stream ? first_.at(prompt_tokens, 0) : whole_.at(prompt_tokens, completion_.get());
}

double latency_model::normalised(bool stream, std::uint32_t prompt_tokens, std::uint32_t completion_tokens,
                                 double seconds) const noexcept
{
    latency_fit const& fit = stream ? first_ : whole_;
    double const typical = fit.at(prompt_tokens, stream ? 0 : completion_tokens);
    return typical <= 0 ? seconds : seconds * fit.mean() / typical;
}

} // namespace cogate::policy
