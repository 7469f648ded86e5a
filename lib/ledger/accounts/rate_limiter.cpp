#include "lib/ledger/accounts/rate_limiter.hpp"

#include "lib/ledger/accounts/rate_owners.hpp"

#include <boost/container/small_vector.hpp>

#include <algorithm>
#include <mutex>
#include <utility>

namespace cogate::ledger {

namespace {

using what = rate_standing::what;

constexpr rate_limiter::instant unknown_wait = std::chrono::seconds{1};

std::optional<std::int64_t> sane(std::optional<std::int64_t> limit) noexcept
{
    return limit ? std::optional(std::clamp<std::int64_t>(*limit, 0, rate_bucket::most)) : std::nullopt;
}

rate_limits sane(rate_limits const& l) noexcept
{
    return {sane(l.requests_per_minute), sane(l.tokens_per_minute), sane(l.parallel_requests)};
}

bool has_any(rate_limits const& l) noexcept
{
    return l.requests_per_minute || l.tokens_per_minute || l.parallel_requests;
}

std::int64_t sane_tokens(std::int64_t tokens) noexcept
{
    return std::clamp<std::int64_t>(tokens, 0, rate_bucket::most_weight);
}

void keep_less(std::optional<std::int64_t>& into, std::optional<std::int64_t> const& other) noexcept
{
    if (other && (!into || *other < *into)) {
        into = other;
    }
}

void keep_less(rate_limits& into, rate_limits const& other) noexcept
{
    keep_less(into.requests_per_minute, other.requests_per_minute);
    keep_less(into.tokens_per_minute, other.tokens_per_minute);
    keep_less(into.parallel_requests, other.parallel_requests);
}

rate_standing standing_of(rate_bucket const& b, what which, std::int64_t weight)
{
    return {which, {}, b.limit(), b.remaining(), b.wait_for(weight), b.until_untouched()};
}

rate_standing standing_of(std::int64_t limit, std::int64_t running)
{
    rate_limiter::instant const wait = running < limit ? rate_limiter::instant{0} : unknown_wait;
    std::int64_t const left = std::max<std::int64_t>(limit - running, 0);
    return {what::parallel, {}, limit, left, wait, rate_limiter::instant{0}};
}

} // namespace

class rate_limiter::implementation {
public:
    std::mutex mutex;
    rate_owners owners;
};

/// What a running call has taken of its owners, each of which stays where it is while it is counted here.
struct rate_limiter::pass::state {
    struct part {
        rate_owner* from;
        rate_limits limits;
    };
    std::shared_ptr<implementation> in;
    boost::container::small_vector<part, 6> parts;
    std::int64_t tokens = 0;
    bool is_settled = false;

    ~state()
    {
        std::lock_guard const lock(in->mutex);
        for (part const& p : parts) {
            p.from->running -= p.limits.parallel_requests ? 1 : 0;
            --p.from->uses;
        }
    }
};

rate_limiter::rate_limiter() : impl_(std::make_shared<implementation>()) {}

rate_limiter::~rate_limiter() = default;

rate_limiter::pass::pass() noexcept = default;

rate_limiter::pass::pass(pass&& other) noexcept = default;

rate_limiter::pass& rate_limiter::pass::operator=(pass&& other) noexcept = default;

rate_limiter::pass::~pass() = default;

void rate_limiter::pass::settle(std::int64_t tokens, instant now) noexcept
{
    if (held_ == nullptr || held_->is_settled) {
        return;
    }
    held_->is_settled = true;
    std::int64_t const taken = std::exchange(held_->tokens, sane_tokens(tokens));
    std::lock_guard const lock(held_->in->mutex);
    for (state::part const& p : held_->parts) {
        if (p.limits.tokens_per_minute) {
            p.from->tokens.advance(now);
            p.from->tokens.take(std::max<std::int64_t>(held_->tokens - taken, 0));
            p.from->tokens.give_back(std::max<std::int64_t>(taken - held_->tokens, 0));
            p.from->last = std::max(p.from->last, now);
        }
    }
}

void rate_limiter::pass::undo(instant now) noexcept
{
    if (held_ == nullptr) {
        return;
    }
    {
        std::lock_guard const lock(held_->in->mutex);
        for (state::part const& p : held_->parts) {
            if (p.limits.requests_per_minute) {
                p.from->requests.advance(now);
                p.from->requests.give_back(1);
            }
            if (p.limits.tokens_per_minute) {
                p.from->tokens.advance(now);
                p.from->tokens.give_back(held_->tokens);
            }
        }
    }
    held_.reset();
}

std::optional<rate_limiter::pass> rate_limiter::admit(std::span<rate_rule const> rules, std::int64_t tokens,
                                                      instant now, rate_standing& refused)
{
    if (std::none_of(rules.begin(), rules.end(), [](rate_rule const& r) { return has_any(r.limits); })) {
        return pass{};
    }
    auto held = std::make_unique<pass::state>();
    held->in = impl_;
    held->tokens = sane_tokens(tokens);
    decltype(held->parts) parts; // not the pass's before all of it is taken
    parts.reserve(rules.size());
    std::unique_lock lock(impl_->mutex);
    std::optional<rate_standing> worst;
    rate_owner const* where = nullptr;
    auto const check = [&](rate_standing const& s, rate_owner const& of) {
        if (s.retry_after > rate_limiter::instant{0} && (!worst || s.retry_after > worst->retry_after)) {
            worst = s;
            where = &of;
        }
    };
    for (rate_rule const& rule : rules) {
        if (!has_any(rule.limits)) {
            continue;
        }
        rate_owner& owner = impl_->owners.at(rule.owner);
        auto const is_it = [&](auto const& p) { return p.from == &owner; };
        auto const known = std::find_if(parts.begin(), parts.end(), is_it);
        if (known != parts.end()) {
            keep_less(known->limits, sane(rule.limits));
            continue;
        }
        parts.push_back({&owner, sane(rule.limits)});
    }
    for (auto const& p : parts) {
        rate_owner& owner = *p.from;
        owner.last = std::max(owner.last, now);
        if (p.limits.requests_per_minute) {
            owner.requests.advance(*p.limits.requests_per_minute, now);
            check(standing_of(owner.requests, what::requests, 1), owner);
        }
        if (p.limits.tokens_per_minute) {
            owner.tokens.advance(*p.limits.tokens_per_minute, now);
            check(standing_of(owner.tokens, what::tokens, held->tokens), owner);
        }
        if (p.limits.parallel_requests) {
            check(standing_of(*p.limits.parallel_requests, owner.running), owner);
        }
    }
    if (worst) {
        worst->where = *where->name;
        refused = std::move(*worst);
        lock.unlock();
        return std::nullopt;
    }
    for (auto const& p : parts) {
        p.from->requests.take(p.limits.requests_per_minute ? 1 : 0);
        p.from->tokens.take(p.limits.tokens_per_minute ? held->tokens : 0);
        p.from->running += p.limits.parallel_requests ? 1 : 0;
        ++p.from->uses;
    }
    held->parts = std::move(parts);
    lock.unlock();
    pass out;
    out.held_ = std::move(held);
    return out;
}

std::optional<rate_standing> rate_limiter::look(rate_rule const& rule, rate_standing::what which,
                                                instant now) const
{
    rate_limits const limits = sane(rule.limits);
    std::optional<std::int64_t> const limit = which == what::requests ? limits.requests_per_minute
                                              : which == what::tokens ? limits.tokens_per_minute
                                                                      : limits.parallel_requests;
    if (!limit) {
        return std::nullopt;
    }
    rate_bucket bucket;
    std::int64_t running = 0;
    {
        std::lock_guard const lock(impl_->mutex);
        if (rate_owner const* const owner = impl_->owners.find(rule.owner)) {
            bucket = which == what::requests ? owner->requests : owner->tokens;
            running = owner->running;
        }
    }
    rate_standing out;
    if (which == what::parallel) {
        out = standing_of(*limit, running);
    } else {
        bucket.advance(*limit, now);
        out = standing_of(bucket, which, 1);
    }
    out.where = rule.owner;
    return out;
}

void rate_limiter::tidy(instant now) noexcept
{
    std::lock_guard const lock(impl_->mutex);
    impl_->owners.forget_idle(now);
}

} // namespace cogate::ledger
