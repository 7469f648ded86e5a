#include "lib/cli/replay/outcome.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace cogate::cli::replay {

namespace {

namespace simulation = policy::simulation;

// A call cannot cost more, so that the sum of a million stays an integer.
constexpr std::int64_t most_nano_usd = 1'000'000'000'000;

bool any_price(simulation::input const& from)
{
    return std::any_of(from.lanes.begin(), from.lanes.end(), [](simulation::scripted_lane const& one) {
        return one.limits.input_cost || one.limits.output_cost;
    });
}

// As logged; else what was read is paid for whole where an answer began, what was written by its last attempt.
std::int64_t cost_of(recorded_call const& call, simulation::input const& lanes)
{
    if (call.nano_usd) {
        return *call.nano_usd;
    }
    std::int64_t sum = 0;
    for (recorded_attempt const& one : call.route) {
        policy::lane_limits const& price = lanes.lanes[one.lane].limits;
        bool const good = !one.error;
        if (good || one.first_token) {
            sum += price.input_cost.value_or(0) * call.prompt_tokens.value_or(0) / 1'000'000;
        }
        if (good) {
            sum += price.output_cost.value_or(0) * call.completion_tokens.value_or(0) / 1'000'000;
        }
    }
    return sum;
}

} // namespace

outcome outcome_of(recording const& from, simulation::input const& lanes)
{
    outcome out;
    out.name = "recorded";
    std::vector<policy::duration> first_tokens;
    std::vector<policy::duration> totals;
    std::int64_t cost = 0;
    for (recorded_call const& call : from.calls()) {
        ++out.calls;
        out.attempts += call.attempts;
        out.extra += std::max(call.attempts - 1, 0);
        cost += std::min(cost_of(call, lanes), most_nano_usd);
        if (call.error) {
            ++out.failed;
            out.rate_limited += *call.error == error_kind::rate_limit;
            continue;
        }
        totals.push_back(call.total);
        if (!call.stream || call.first_token) {
            first_tokens.push_back(call.stream ? *call.first_token : call.total);
        }
    }
    out.first_token = simulation::latency_of(std::move(first_tokens));
    out.total = simulation::latency_of(std::move(totals));
    if (any_price(lanes)) {
        out.nano_usd = cost;
    }
    return out;
}

outcome outcome_of(std::string name, simulation::report const& from, simulation::input const& lanes)
{
    outcome out;
    out.name = std::move(name);
    out.calls = from.calls;
    out.failed = from.failed;
    out.rate_limited = from.rate_limited;
    out.attempts = from.attempts;
    for (simulation::call_result const& one : from.each_call) {
        out.extra += std::max(one.attempts - 1, 0);
    }
    out.first_token = from.first_token;
    out.total = from.total;
    if (any_price(lanes)) {
        out.nano_usd = from.nano_usd;
        out.extra_nano_usd = from.extra_nano_usd;
    }
    return out;
}

} // namespace cogate::cli::replay
