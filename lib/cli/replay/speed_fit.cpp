#include "lib/cli/replay/speed_fit.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace cogate::cli::replay {

namespace {

using points = std::vector<std::pair<double, double>>;

constexpr std::size_t most_bins = 16;
constexpr std::size_t least_in_bin = 8;
constexpr double slow = 3; ///< times the usual
constexpr std::size_t least_in_bucket = 10;
constexpr std::size_t least_for_tail = 20;

/// Nearest rank; the values are put in order.
double quantile(std::vector<double>& values, double share)
{
    if (values.empty()) {
        return 0;
    }
    std::sort(values.begin(), values.end());
    auto const nth = static_cast<std::size_t>(std::ceil(share * static_cast<double>(values.size())));
    return values[std::max<std::size_t>(nth, 1) - 1];
}

double median(std::vector<double> values)
{
    return quantile(values, 0.5);
}

points bin_medians(points from)
{
    std::sort(from.begin(), from.end());
    std::size_t const bins = std::clamp<std::size_t>(from.size() / least_in_bin, 1, most_bins);
    points out;
    for (std::size_t i = 0; i != bins; ++i) {
        std::vector<double> x;
        std::vector<double> y;
        for (std::size_t at = from.size() * i / bins; at != from.size() * (i + 1) / bins; ++at) {
            x.push_back(from[at].first);
            y.push_back(from[at].second);
        }
        out.emplace_back(median(std::move(x)), median(std::move(y)));
    }
    return out;
}

/// The wait for the first token that a sample tells, given the time of a token.
double first_of(sample const& from, double inter_token)
{
    return from.first_token > 0 ? from.first_token
                                : std::max(from.total - inter_token * from.completion, from.total * 0.01);
}

double inter_token_of(std::vector<sample> const& samples)
{
    std::vector<double> gaps;
    for (sample const& one : samples) {
        if (one.first_token > 0 && one.completion >= 2 && one.total >= one.first_token) {
            gaps.push_back((one.total - one.first_token) / one.completion);
        }
    }
    if (!gaps.empty()) {
        return median(std::move(gaps));
    }
    // Whole answers only: what a token takes and what a prompt takes are told apart by turns.
    double inter_token = 0;
    for (int turn = 0; turn != 4; ++turn) {
        points by_prompt;
        for (sample const& one : samples) {
            by_prompt.emplace_back(one.prompt, first_of(one, inter_token));
        }
        auto const [base, slope] = fit_line(std::move(by_prompt));
        points by_completion;
        for (sample const& one : samples) {
            by_completion.emplace_back(one.completion,
                                       std::max(one.total - slope * one.prompt, one.total * 0.01));
        }
        inter_token = fit_line(std::move(by_completion)).second;
    }
    return inter_token;
}

std::vector<double> factors_of(std::vector<sample> const& samples, std::vector<double> const& ratios,
                               std::size_t buckets)
{
    std::vector<std::vector<double>> by_bucket(buckets);
    for (std::size_t i = 0; i != samples.size(); ++i) {
        by_bucket[samples[i].bucket].push_back(ratios[i]);
    }
    std::vector<double> factors(buckets, 1);
    for (std::size_t i = 0; i != buckets; ++i) {
        if (by_bucket[i].size() >= least_in_bucket) {
            factors[i] = std::clamp(median(std::move(by_bucket[i])), 0.05, 50.0);
        }
    }
    return factors;
}

/// Splits what is left into the usual luck and the tail.
void fit_luck(speed& to, std::vector<double> const& ratios)
{
    std::vector<double> usual;
    std::vector<double> tail;
    for (double const ratio : ratios) {
        (ratio > slow ? tail : usual).push_back(ratio > slow ? ratio : std::log(std::max(ratio, 1e-3)));
    }
    if (ratios.size() >= least_for_tail && !tail.empty()) {
        to.slow_share = static_cast<double>(tail.size()) / static_cast<double>(ratios.size());
        to.slow_factor = median(std::move(tail));
    }
    to.spread = std::clamp((quantile(usual, 0.84) - quantile(usual, 0.16)) / 2, 0.0, 1.5);
}

} // namespace

std::pair<double, double> fit_line(points from)
{
    if (from.empty()) {
        return {0, 0};
    }
    points const middles = bin_medians(std::move(from));
    double mean_x = 0;
    double mean_y = 0;
    for (auto const& [x, y] : middles) {
        mean_x += x / static_cast<double>(middles.size());
        mean_y += y / static_cast<double>(middles.size());
    }
    double across = 0;
    double both = 0;
    for (auto const& [x, y] : middles) {
        across += (x - mean_x) * (x - mean_x);
        both += (x - mean_x) * (y - mean_y);
    }
    double const slope = across > 0 ? std::max(both / across, 0.0) : 0;
    double const base = mean_y - slope * mean_x;
    // A line that would begin below zero goes through it instead.
    return base >= 0 ? std::pair(base, slope) : std::pair(0.0, mean_x > 0 ? mean_y / mean_x : 0.0);
}

speed fit_speed(std::vector<sample> const& samples, std::size_t buckets)
{
    speed out;
    out.factors.assign(buckets, 1);
    if (samples.empty()) {
        out.base = 0.3;
        out.inter_token = 0.01;
        return out;
    }
    out.inter_token = inter_token_of(samples);
    points by_prompt;
    for (sample const& one : samples) {
        by_prompt.emplace_back(one.prompt, first_of(one, out.inter_token));
    }
    std::tie(out.base, out.per_prompt_token) = fit_line(std::move(by_prompt));
    std::vector<double> ratios;
    for (sample const& one : samples) {
        double const usual = out.base + out.per_prompt_token * one.prompt;
        ratios.push_back(usual > 0 ? first_of(one, out.inter_token) / usual : 1);
    }
    out.factors = factors_of(samples, ratios, buckets);
    for (std::size_t i = 0; i != samples.size(); ++i) {
        ratios[i] /= out.factors[samples[i].bucket];
    }
    fit_luck(out, ratios);
    return out;
}

} // namespace cogate::cli::replay
