#include "lib/policy/quota.hpp"

#include <algorithm>

namespace cogate::policy {

namespace {

using namespace std::chrono_literals;

constexpr duration unnamed_reset = 60s;
constexpr duration longest_hold = 3'600s;
constexpr duration same_window = 1s;

double share(time_point now, quota_meter const& meter, std::int64_t reserved) noexcept
{
    std::int64_t const left = meter.left(now);
    if (left == quota_meter::any || meter.limit() == quota_meter::any || meter.limit() <= 0) {
        return 1;
    }
    return std::clamp(static_cast<double>(left - reserved) / static_cast<double>(meter.limit()), 0.0, 1.0);
}

} // namespace

void reservation::add(std::int64_t tokens) noexcept
{
    count_.set(count_.get() + 1);
    tokens_.set(tokens_.get() + tokens);
}

void reservation::drop() noexcept
{
    std::int64_t const count = count_.get();
    if (count > 0) {
        tokens_.set(tokens_.get() - tokens_.get() / count);
        count_.set(count - 1);
    }
}

void quota_meter::report(time_point now, std::int64_t left, std::optional<std::int64_t> limit,
                         std::optional<duration> reset) noexcept
{
    duration const hold = std::clamp(reset.value_or(unnamed_reset), duration(0), longest_hold);
    time_point const until = now + hold;
    bool const known = left_.get() != any && now < reset_at();
    bool const same = known && until - reset_at() <= same_window && reset_at() - until <= same_window;
    // The first report's reset stays for its window: a bucket that refills all the time names a later one
    // each time.
    if (!same) {
        reset_at_.set(stamp(until));
    }
    left_.set(same ? std::min(left, left_.get()) : left);
    if (limit) {
        limit_.set(*limit);
    }
}

void quota_meter::spend(time_point now, std::int64_t amount) noexcept
{
    if (left_.get() != any && now < reset_at()) {
        left_.set(std::max<std::int64_t>(left_.get() - amount, 0));
    }
}

std::int64_t quota_meter::left(time_point now) const noexcept
{
    return stamp(now) < reset_at_.get() ? left_.get() : limit_.get();
}

bool quota::has(time_point now, quota_meter const& meter, std::int64_t reserved, std::int64_t amount) noexcept
{
    std::int64_t const left = meter.left(now);
    // What exceeds the whole limit would never fit: it may go when all of it is there.
    return left == quota_meter::any || left - reserved >= std::min(amount, meter.limit());
}

time_point quota::free_at(time_point now, std::int64_t tokens) const noexcept
{
    time_point when = now;
    if (!has(now, requests_, unreported_.count(), 1)) {
        when = std::max(when, requests_.reset_at());
    }
    if (!has(now, tokens_, unreported_.tokens(), tokens)) {
        when = std::max(when, tokens_.reset_at());
    }
    return when;
}

double quota::share_left(time_point now) const noexcept
{
    if (!known_.get()) {
        return 1;
    }
    return std::min(share(now, requests_, unreported_.count()), share(now, tokens_, unreported_.tokens()));
}

void quota::report(time_point now, quota_report const& what) noexcept
{
    if (what.requests_left) {
        requests_.report(now, *what.requests_left, what.request_limit, what.requests_reset);
    }
    if (what.tokens_left) {
        tokens_.report(now, *what.tokens_left, what.token_limit, what.tokens_reset);
    }
    if (what.requests_left || what.tokens_left) {
        known_.set(true);
        unreported_.drop();
    }
}

void quota::end(time_point now, int pending, std::int64_t tokens) noexcept
{
    if (unreported_.count() > pending) {
        unreported_.drop();
        requests_.spend(now, tokens > 0 ? 1 : 0);
        tokens_.spend(now, tokens);
    }
}

} // namespace cogate::policy
