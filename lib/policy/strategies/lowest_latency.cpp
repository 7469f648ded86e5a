#include "lib/policy/strategies/lowest_latency.hpp"

#include "lib/policy/strategies/least.hpp"

namespace cogate::policy {
namespace {

// More than any measured mean: LiteLLM counts a timeout as a thousand seconds.
constexpr double not_measured_yet = 1e6;

double seconds(lane const& one, choice const& from) noexcept
{
    double const mean = one.mean_latency(from.now, from.request.stream);
    if (mean > 0) {
        return mean;
    }
    return one.pending() > 0 || one.error_rate(from.now) > 0 ? not_measured_yet : 0;
}

} // namespace

chosen lowest_latency::choose(choice const& from) const noexcept
{
    chosen found = least(from, [&](lane const& one) noexcept { return seconds(one, from); });
    if (buffer_ <= 0) {
        return found;
    }
    double const enough = found.score * (1 + buffer_);
    std::size_t near = 0;
    for (std::size_t i = 0; i != from.lanes.size(); ++i) {
        double const one = seconds(*from.lanes[i], from);
        if (one <= enough) {
            ++near;
            if (below(nth_random(from.random, from.lanes.size() + i), near) == 0) {
                found = {i, one};
            }
        }
    }
    return found;
}

bool lowest_latency::score(choice const& from, std::span<double> out) const noexcept
{
    return score_each(from, out, [&](lane const& one) noexcept { return seconds(one, from); });
}

} // namespace cogate::policy
