#include "lib/policy/simulation/report.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace cogate::policy::simulation {

latency latency_of(std::vector<duration> samples)
{
    if (samples.empty()) {
        return {};
    }
    std::sort(samples.begin(), samples.end());
    auto const rank = [&](double share) {
        auto const nth = static_cast<std::size_t>(std::ceil(share * static_cast<double>(samples.size())));
        return samples[std::max<std::size_t>(nth, 1) - 1];
    };
    double sum = 0;
    for (duration const one : samples) {
        sum += static_cast<double>(one.count());
    }
    duration const mean{static_cast<std::int64_t>(sum / static_cast<double>(samples.size()))};
    return {mean, rank(0.50), rank(0.90), rank(0.95), rank(0.99), samples.back()};
}

double report::error_share() const noexcept
{
    return calls == 0 ? 0 : static_cast<double>(failed) / static_cast<double>(calls);
}

double report::attempts_per_call() const noexcept
{
    return calls == 0 ? 0 : static_cast<double>(attempts) / static_cast<double>(calls);
}

void summarise(report& of)
{
    std::vector<duration> first_tokens;
    std::vector<duration> totals;
    for (call_result const& one : of.each_call) {
        ++of.calls;
        of.retries += one.retries;
        of.fallbacks += one.fallbacks;
        if (one.ok) {
            first_tokens.push_back(one.first_token);
            totals.push_back(one.total);
        } else {
            ++of.failed;
            of.rate_limited += one.error == error_kind::rate_limit;
        }
    }
    for (attempt_result const& one : of.each_attempt) {
        lane_summary& lane = of.lanes[one.lane];
        bool const failed = one.how == attempt_result::end::failed;
        ++of.attempts;
        ++lane.attempts;
        lane.failures += failed;
        lane.refused += failed && one.error == error_kind::rate_limit;
        of.hedges += one.reason == attempt_reason::hedge;
        of.races += one.reason == attempt_reason::race;
        of.nano_usd += one.nano_usd;
        if (one.how != attempt_result::end::answered) {
            of.extra_nano_usd += one.nano_usd;
        }
    }
    of.first_token = latency_of(std::move(first_tokens));
    of.total = latency_of(std::move(totals));
}

} // namespace cogate::policy::simulation
