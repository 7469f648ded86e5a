#include "lib/policy/breaker.hpp"

#include "lib/core/hash.hpp"

#include <algorithm>

namespace cogate::policy {

namespace {

using namespace std::chrono_literals;

constexpr int failures_in_a_row = 3;
constexpr int fewest_samples = 5;
constexpr double failure_share = 0.5;
constexpr int patient_probes = 24;
constexpr double most_jitter = 0.25;
constexpr duration longest_rest = 120s;
constexpr duration longest_quota_rest = 60s;
constexpr duration first_exhausted_rest = 60s;
constexpr duration credentials_rest = 1'800s;
constexpr duration probe_recheck = 100ms;
constexpr duration window_time = 30s;
constexpr duration allowed_fails_time = 60s;
// An attempt's time may be taken a moment before its claim.
constexpr duration claim_slack = 1ms;

enum class effect {
    none,        ///< the caller's fault
    health,      ///< the deployment is ill
    quota,       ///< too many requests for now
    exhausted,   ///< no credit left
    credentials, ///< the key is refused
    refused,     ///< this model is not for us, or not there
};

effect effect_of(error_kind error) noexcept
{
    switch (error) {
    case error_kind::authentication: return effect::credentials;
    case error_kind::permission_denied:
    case error_kind::not_found: return effect::refused;
    case error_kind::rate_limit: return effect::quota;
    case error_kind::quota_exceeded: return effect::exhausted;
    case error_kind::internal_server:
    case error_kind::bad_gateway:
    case error_kind::service_unavailable:
    case error_kind::connection:
    case error_kind::timeout:
    case error_kind::truncated: return effect::health;
    case error_kind::invalid_request:
    case error_kind::request_too_large:
    case error_kind::unprocessable:
    case error_kind::context_window_exceeded:
    case error_kind::content_policy_violation:
    case error_kind::cancelled: break;
    }
    return effect::none;
}

/// Place of an error in LiteLLM's AllowedFailsPolicy, in the order of its members.
std::size_t class_of(error_kind error) noexcept
{
    switch (error) {
    case error_kind::authentication:
    case error_kind::permission_denied: return 1;
    case error_kind::timeout: return 2;
    case error_kind::rate_limit:
    case error_kind::quota_exceeded: return 3;
    case error_kind::content_policy_violation: return 4;
    case error_kind::internal_server:
    case error_kind::connection:
    case error_kind::truncated: return 5;
    case error_kind::service_unavailable: return 6;
    case error_kind::bad_gateway: return 7;
    case error_kind::not_found: return 8;
    default: return 0;
    }
}

duration doubled(duration first, int times, duration cap) noexcept
{
    duration out = first;
    for (; times > 0 && out < cap; --times) {
        out *= 2;
    }
    return std::min(out, std::max(cap, first));
}

} // namespace

breaker::breaker(router_options const& options, std::optional<std::chrono::milliseconds> own_cooldown)
    : cooldown_(own_cooldown.value_or(options.cooldown_time)),
      longest_cooldown_(options.cooldown_max),
      least_rest_(own_cooldown.value_or(std::chrono::milliseconds(0))),
      allowed_fails_(options.allowed_fails)
{
    enabled_ = !options.disable_cooldowns && cooldown_ > 0ns;
    allowed_fails_policy const& policy = options.allowed_fails_by_class;
    allowed_ = {policy.bad_request,         policy.authentication, policy.timeout,
                policy.rate_limit,          policy.content_policy, policy.internal_server,
                policy.service_unavailable, policy.bad_gateway,    policy.not_found};
}

time_point breaker::again_at(time_point now) const noexcept
{
    std::int64_t const until = rest_until_.get();
    if (until > stamp(now)) {
        return time_point(duration(until));
    }
    return until != 0 && probing_.get() ? now + probe_recheck : now;
}

double breaker::error_rate(time_point now) const noexcept
{
    double const share = failure_share_.get();
    if (share <= 0) {
        return 0;
    }
    double const age =
        static_cast<double>(stamp(now) - counted_at_.get()) / static_cast<double>(window_time.count());
    return share * std::clamp(1 - age, 0.0, 1.0);
}

bool breaker::claim(time_point now) noexcept
{
    switch (at(now)) {
    case gate::closed: return true;
    case gate::resting: return !probing_.get();
    case gate::probe: break;
    }
    probing_.set(true);
    if (!first_probe_) {
        first_probe_ = now;
    }
    return true;
}

bool breaker::is_probe(time_point began) const noexcept
{
    return first_probe_ && began + claim_slack >= *first_probe_;
}

bool breaker::succeeded(time_point now, time_point began) noexcept
{
    count(now, true);
    in_a_row_ = 0;
    refused_in_a_row_ = 0;
    bool const back = is_probe(began);
    if (back) {
        close();
    }
    return back;
}

void breaker::failed(time_point now, time_point began, error_kind error,
                     std::optional<duration> retry_after) noexcept
{
    effect const what = effect_of(error);
    if (what == effect::health) {
        count(now, false);
    }
    if (!enabled_) {
        return;
    }
    if (!open()) {
        if (trips(now, error)) {
            rest(now + rest_after(now, error, retry_after, 0ns));
        }
        return;
    }
    bool const probe = probing_.get() && is_probe(began);
    if (what == effect::none) {
        // It was answered with care, so it is alive.
        if (probe) {
            close();
        }
        return;
    }
    if (probe && what != effect::quota) {
        ++streak_;
    }
    if (probe || what == effect::quota || what == effect::exhausted || what == effect::credentials) {
        duration const pause = rest_after(now, error, retry_after, probe ? now - began : 0ns);
        if (probe) {
            probing_.set(false);
        }
        rest(now + pause);
    }
}

void breaker::cancelled(time_point began) noexcept
{
    if (probing_.get() && is_probe(began)) {
        probing_.set(false);
    }
}

bool breaker::trips(time_point now, error_kind error) noexcept
{
    std::size_t const error_class = class_of(error);
    if (std::optional<int> const allowed = allowed_[error_class]) {
        return too_many(now, error_class, *allowed);
    }
    switch (effect_of(error)) {
    case effect::none: return false;
    case effect::quota:
    case effect::exhausted:
    case effect::credentials: return true;
    case effect::refused: return ++refused_in_a_row_ >= failures_in_a_row;
    case effect::health: break;
    }
    if (allowed_fails_) {
        return too_many(now, classes, *allowed_fails_);
    }
    return ++in_a_row_ >= failures_in_a_row ||
           (seen_ >= fewest_samples && failure_share_.get() >= failure_share);
}

bool breaker::too_many(time_point now, std::size_t error_class, int allowed) noexcept
{
    class_counter& counter = error_class < classes ? counters_[error_class] : all_failures_;
    if (counter.count == 0 || now - counter.since >= allowed_fails_time) {
        counter = {now, 0};
    }
    return ++counter.count > allowed;
}

// The rest between two probes. Its share of chance comes from the moment: the breaker keeps no random numbers.
duration breaker::backed_off(time_point now) const noexcept
{
    duration const rest = doubled(cooldown_, streak_ - patient_probes, longest_cooldown_);
    if (rest == cooldown_) {
        return rest;
    }
    double const share =
        static_cast<double>(core::mix64(static_cast<std::uint64_t>(stamp(now))) >> 11) * 0x1p-53;
    auto const less = static_cast<duration::rep>(static_cast<double>(rest.count()) * share * most_jitter);
    return std::max(rest - duration(less), cooldown_);
}

duration breaker::rest_after(time_point now, error_kind error, std::optional<duration> retry_after,
                             duration probe_took) const noexcept
{
    duration const named = retry_after.value_or(0ns);
    switch (effect_of(error)) {
    case effect::quota:
        return named > 0ns ? std::max(std::min(named, longest_quota_rest), least_rest_) : cooldown_;
    case effect::exhausted: return doubled(first_exhausted_rest, streak_, credentials_rest);
    case effect::credentials:
    case effect::refused: return credentials_rest;
    case effect::health:
    case effect::none: break;
    }
    return std::max(
        {backed_off(now), std::min(probe_took, longest_rest), std::min(named, longest_quota_rest)});
}

void breaker::rest(time_point until) noexcept
{
    // Zero stands for closed.
    rest_until_.set(std::max({rest_until_.get(), stamp(until), std::int64_t{1}}));
}

void breaker::close() noexcept
{
    rest_until_.set(0);
    probing_.set(false);
    failure_share_.set(0);
    window_ = {};
    seen_ = 0;
    in_a_row_ = 0;
    refused_in_a_row_ = 0;
    streak_ = 0;
    first_probe_.reset();
    counters_ = {};
    all_failures_ = {};
}

void breaker::count(time_point now, bool good) noexcept
{
    std::int64_t const number = stamp(now) / slot_time.count();
    slot& current = window_[static_cast<std::size_t>(number) % slots];
    if (current.number != number) {
        current = {number, 0, 0};
    }
    (good ? current.good : current.bad) += 1;
    int bad = 0;
    seen_ = 0;
    for (slot const& s : window_) {
        if (s.number >= 0 && number - s.number < static_cast<std::int64_t>(slots)) {
            seen_ += s.good + s.bad;
            bad += s.bad;
        }
    }
    failure_share_.set(static_cast<double>(bad) / seen_);
    counted_at_.set(stamp(now));
}

} // namespace cogate::policy
