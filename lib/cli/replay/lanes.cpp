#include "lib/cli/replay/lanes.hpp"

#include "lib/catalog/model_catalog.hpp"
#include "lib/catalog/rates.hpp"
#include "lib/cli/replay/speed_fit.hpp"
#include "lib/policy/simulation/report.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace cogate::cli::replay {

namespace {

namespace simulation = policy::simulation;
using policy::duration;
using policy::in_seconds;

constexpr double most_buckets = 100;
constexpr double attempts_per_bucket = 20;
constexpr std::size_t kinds = 17;
// Beyond any context window; the money of a million calls stays an integer.
constexpr std::uint32_t most_tokens = 2'000'000;

struct bucket {
    std::size_t attempts = 0;
    std::array<std::size_t, kinds> errors{};
    std::size_t hangs = 0;
};

/// What one lane did.
struct history {
    std::vector<std::pair<recorded_call const*, recorded_attempt const*>> attempts;
    duration span{};
    duration width{};
    std::vector<bucket> buckets;

    duration began(std::size_t i) const { return attempts[i].first->at + attempts[i].second->began; }
    std::size_t bucket_at(duration when) const
    {
        return std::min(static_cast<std::size_t>(when / width), buckets.size() - 1);
    }
};

bool is_good(recorded_attempt const& one)
{
    return !one.error && one.ended;
}

void cut_into_buckets(history& of, duration span)
{
    double const count =
        std::clamp(static_cast<double>(of.attempts.size()) / attempts_per_bucket, 1.0, most_buckets);
    of.span = span;
    of.width = std::max(duration{static_cast<std::int64_t>(static_cast<double>(span.count()) / count)},
                        duration{std::chrono::seconds{1}});
    of.buckets.resize(static_cast<std::size_t>(span / of.width) + 1);
    for (std::size_t i = 0; i != of.attempts.size(); ++i) {
        recorded_attempt const& one = *of.attempts[i].second;
        bucket& in = of.buckets[of.bucket_at(of.began(i))];
        ++in.attempts;
        if (!one.error || *one.error == error_kind::cancelled) {
            continue;
        }
        if (*one.error == error_kind::timeout && !one.first_token) {
            ++in.hangs;
        } else {
            ++in.errors[static_cast<std::size_t>(*one.error)];
        }
    }
}

std::vector<sample> samples_of(history const& of)
{
    std::vector<sample> out;
    for (std::size_t i = 0; i != of.attempts.size(); ++i) {
        auto const [call, one] = of.attempts[i];
        // A loser that was cancelled after its first token still tells when that came.
        bool const lost = one->error == error_kind::cancelled && call->stream && one->first_token;
        if (!is_good(*one) && !lost) {
            continue;
        }
        sample next;
        next.bucket = of.bucket_at(of.began(i));
        next.prompt = call->prompt_tokens.value_or(0);
        next.completion = lost ? 0 : call->completion_tokens.value_or(0);
        next.first_token = call->stream && one->first_token ? in_seconds(*one->first_token - one->began) : 0;
        next.total = one->ended ? in_seconds(*one->ended - one->began) : next.first_token;
        out.push_back(next);
    }
    return out;
}

duration refused_after(history const& of)
{
    std::vector<duration> times;
    for (auto const& [call, one] : of.attempts) {
        bool const failed = one->error && *one->error != error_kind::cancelled;
        if (failed && *one->error != error_kind::timeout && one->ended) {
            times.push_back(*one->ended - one->began);
        }
    }
    return times.empty() ? simulation::scripted_lane{}.refused_after
                         : simulation::latency_of(std::move(times)).p50;
}

/// One episode's shares are drawn by one number, so each kind's share includes those before it.
void add_errors(simulation::scripted_lane& to, bucket const& what, duration from, duration until)
{
    double before = 0;
    auto const add = [&](std::size_t count, simulation::episode::kind how, error_kind error) {
        if (count > 0) {
            before += static_cast<double>(count) / static_cast<double>(what.attempts);
            to.episodes.push_back(
                {.what = how, .from = from, .until = until, .error = error, .share = before});
        }
    };
    add(what.hangs, simulation::episode::kind::hang, error_kind::timeout);
    for (std::size_t i = 0; i != kinds; ++i) {
        auto const error = static_cast<error_kind>(i);
        add(what.errors[i],
            error == error_kind::rate_limit ? simulation::episode::kind::refused
                                            : simulation::episode::kind::error,
            error);
    }
}

void add_episodes(simulation::scripted_lane& to, history const& of, std::vector<double> const& factors)
{
    std::size_t last_known = of.buckets.size();
    for (std::size_t i = 0; i != of.buckets.size(); ++i) {
        duration const from = of.width * static_cast<std::int64_t>(i);
        bool const last = i + 1 == of.buckets.size();
        duration const until = last ? duration::max() : from + of.width;
        last_known = of.buckets[i].attempts > 0 ? i : last_known;
        if (last_known != of.buckets.size()) {
            add_errors(to, of.buckets[last_known], from, until);
        }
        if (factors[i] != 1) {
            to.episodes.push_back({.what = simulation::episode::kind::slow,
                                   .from = from,
                                   .until = until,
                                   .factor = factors[i]});
        }
    }
}

duration seconds(double value)
{
    return duration{static_cast<std::int64_t>(std::clamp(value, 0.0, 1e5) * 1e9)};
}

// Pico-dollars a token are thousandths of nano-dollars a million.
std::optional<std::int64_t> price_of(price_list const& list, meter what)
{
    std::optional<catalog::chosen_rate> const rate = catalog::choose_rate(list, what, {});
    if (!rate || rate->price.picos() > std::numeric_limits<std::int64_t>::max() / 1'000) {
        return std::nullopt;
    }
    return rate->price.picos() * 1'000;
}

policy::lane_limits limits_of(recording const& from, known_deployments const& known, std::string const& id)
{
    policy::lane_limits out;
    if (auto const found = known.limits.find(id); found != known.limits.end()) {
        out = found->second;
    }
    out.id = id;
    recording::source const* const source = from.source_of(id);
    if (source == nullptr) {
        return out;
    }
    if (out.provider.empty()) {
        out.provider = source->provider;
    }
    model_facts const* const facts =
        catalog::model_catalog::embedded()->find(source->provider, source->upstream_model);
    if (facts != nullptr && !facts->price_lists.empty()) {
        price_list const& newest = facts->price_lists.back();
        out.input_cost = out.input_cost ? out.input_cost : price_of(newest, meter::input_token);
        out.output_cost = out.output_cost ? out.output_cost : price_of(newest, meter::output_token);
    }
    return out;
}

simulation::scripted_lane make_lane(recorded_lane const& name, policy::lane_limits limits, history& of,
                                    duration span)
{
    simulation::scripted_lane out;
    out.id = name.deployment;
    out.group = name.group;
    out.limits = std::move(limits);
    cut_into_buckets(of, span);
    speed const fit = fit_speed(samples_of(of), of.buckets.size());
    out.base = seconds(fit.base);
    out.per_prompt_token = seconds(fit.per_prompt_token);
    out.inter_token = seconds(fit.inter_token);
    out.spread = fit.spread;
    out.slow_share = fit.slow_share;
    out.slow_factor = fit.slow_factor;
    out.refused_after = refused_after(of);
    add_episodes(out, of, fit.factors);
    return out;
}

// As the engine does it: with nobody to take its place a lane does not rest.
void wake_the_lonely(std::vector<simulation::scripted_lane>& lanes, router_options const& options)
{
    if (!options.fallbacks.empty() || !options.default_fallbacks.empty()) {
        return;
    }
    for (simulation::scripted_lane& one : lanes) {
        auto const mates =
            std::count_if(lanes.begin(), lanes.end(),
                          [&](simulation::scripted_lane const& other) { return other.group == one.group; });
        if (mates < 2) {
            one.limits.cooldown_time = std::chrono::milliseconds{0};
        }
    }
}

} // namespace

simulation::input make_input(recording const& from, known_deployments const& known, std::uint64_t seed)
{
    std::vector<history> lanes(from.lanes().size());
    for (recorded_call const& call : from.calls()) {
        for (recorded_attempt const& one : call.route) {
            lanes[one.lane].attempts.emplace_back(&call, &one);
        }
    }
    duration const span = from.calls().empty() ? duration{} : from.calls().back().at;
    simulation::input out;
    out.options = known.router;
    out.call_timeout = known.deadlines.total;
    out.first_token_timeout = known.deadlines.stream_first_byte;
    out.seed = seed;
    for (std::size_t i = 0; i != lanes.size(); ++i) {
        recorded_lane const& name = from.lanes()[i];
        out.lanes.push_back(make_lane(name, limits_of(from, known, name.deployment), lanes[i], span));
    }
    wake_the_lonely(out.lanes, out.options);
    for (recorded_call const& call : from.calls()) {
        simulation::call next;
        next.at = call.at;
        next.group = from.groups()[call.group];
        next.prompt_tokens = std::min(call.prompt_tokens.value_or(0), most_tokens);
        next.completion_tokens = std::min(call.completion_tokens.value_or(0), most_tokens);
        next.affinity = call.affinity;
        next.stream = call.stream;
        out.calls.push_back(std::move(next));
    }
    return out;
}

} // namespace cogate::cli::replay
