#include "lib/cli/replay/recording.hpp"

#include <algorithm>
#include <set>
#include <string_view>

namespace cogate::cli::replay {

namespace {

bool callers_fault(logged_call const& call)
{
    if (!call.error) {
        return false;
    }
    switch (*call.error) {
    case error_kind::invalid_request:
    case error_kind::not_found:
    case error_kind::request_too_large:
    case error_kind::unprocessable:
    case error_kind::context_window_exceeded:
    case error_kind::content_policy_violation: return true;
    case error_kind::authentication:
    case error_kind::permission_denied: return call.attempts == 0;
    default: return false;
    }
}

double middle(std::vector<double> values)
{
    if (values.empty()) {
        return 0;
    }
    auto const half = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), half, values.end());
    return *half;
}

} // namespace

std::uint32_t recording::group_of(std::string const& name)
{
    auto const [place, is_new] = group_numbers_.try_emplace(name, static_cast<std::uint32_t>(groups_.size()));
    if (is_new) {
        groups_.push_back(name);
    }
    return place->second;
}

std::optional<std::uint32_t> recording::lane_of(std::string const& group, std::string const& deployment)
{
    auto const known = lane_numbers_.find({group, deployment});
    if (known != lane_numbers_.end()) {
        return known->second;
    }
    if (lanes_.size() == most_lanes) {
        return std::nullopt;
    }
    auto const number = static_cast<std::uint32_t>(lanes_.size());
    lane_numbers_.emplace(std::pair(group, deployment), number);
    lanes_.push_back({deployment, group});
    return number;
}

char const* recording::add(logged_call&& from)
{
    if (callers_fault(from)) {
        ++left_out_;
        return nullptr;
    }
    if (auto const alias = aliases_.find(from.group); alias != aliases_.end()) {
        from.group = alias->second;
    }
    if (calls_.size() == most_calls) {
        return "more than a million calls; replay a part of the log";
    }
    if (group_numbers_.size() == most_lanes && !group_numbers_.contains(from.group)) {
        return "more than a thousand models; replay a part of the log";
    }
    recorded_call call;
    call.at = from.time.time_since_epoch();
    call.group = group_of(from.group);
    call.affinity = from.affinity;
    call.stream = from.stream;
    call.total = from.total;
    call.first_token = from.first_token;
    call.prompt_tokens = from.prompt_tokens;
    call.completion_tokens = from.completion_tokens;
    call.request_bytes = from.request_bytes;
    call.attempts = from.attempts;
    call.error = from.error;
    call.nano_usd = from.nano_usd;
    for (logged_attempt const& each : from.route) {
        // The first group is the one that was asked for, whatever pattern or alias led there.
        bool const first = each.group == from.route.front().group;
        std::optional<std::uint32_t> const lane = lane_of(first ? from.group : each.group, each.deployment);
        if (!lane) {
            return "more than a thousand deployments; replay a part of the log";
        }
        call.route.push_back({*lane, each.began, each.first_token, each.ended, each.error});
    }
    if (!from.route.empty() && !from.provider.empty()) {
        sources_.try_emplace(from.route.back().deployment,
                             source{std::move(from.provider), std::move(from.upstream_model)});
    }
    calls_.push_back(std::move(call));
    return nullptr;
}

void recording::finish()
{
    std::stable_sort(calls_.begin(), calls_.end(),
                     [](recorded_call const& a, recorded_call const& b) { return a.at < b.at; });
    std::set<std::string_view> served;
    for (recorded_lane const& lane : lanes_) {
        served.insert(lane.group);
    }
    left_out_ += std::erase_if(
        calls_, [&](recorded_call const& call) { return !served.contains(groups_[call.group]); });
    policy::duration const first = calls_.empty() ? policy::duration{} : calls_.front().at;
    for (recorded_call& call : calls_) {
        call.at -= first;
    }
    fill_sizes();
}

void recording::fill_sizes()
{
    std::vector<std::vector<double>> per_byte(groups_.size());
    std::vector<std::vector<double>> completions(groups_.size());
    for (recorded_call const& call : calls_) {
        if (call.prompt_tokens && call.request_bytes > 0) {
            per_byte[call.group].push_back(static_cast<double>(*call.prompt_tokens) /
                                           static_cast<double>(call.request_bytes));
        }
        if (call.completion_tokens) {
            completions[call.group].push_back(*call.completion_tokens);
        }
    }
    // Four bytes a token where no answer tells better.
    std::vector<double> rate(groups_.size(), 0.25);
    std::vector<double> usual(groups_.size(), 0);
    for (std::size_t i = 0; i != groups_.size(); ++i) {
        rate[i] = per_byte[i].empty() ? rate[i] : middle(std::move(per_byte[i]));
        usual[i] = middle(std::move(completions[i]));
    }
    for (recorded_call& call : calls_) {
        if (!call.prompt_tokens) {
            double const guess = rate[call.group] * static_cast<double>(call.request_bytes);
            call.prompt_tokens = static_cast<std::uint32_t>(std::clamp(guess, 0.0, 1e7));
        }
        if (!call.completion_tokens) {
            call.completion_tokens = static_cast<std::uint32_t>(usual[call.group]);
        }
    }
}

recording::source const* recording::source_of(std::string const& deployment) const noexcept
{
    auto const found = sources_.find(deployment);
    return found == sources_.end() ? nullptr : &found->second;
}

} // namespace cogate::cli::replay
