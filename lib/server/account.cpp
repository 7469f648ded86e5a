#include "lib/server/account.hpp"

#include "lib/wire/head_builder.hpp"
#include "transports/runtime/timers.hpp"
#include "transports/runtime/waiter.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <utility>

namespace asio = boost::asio;

namespace cogate::server {
namespace {

// How often a call that waits for its row looks whether the ledger has begun to fail.
constexpr std::chrono::milliseconds look_again{500};

ledger::rate_limiter::instant rate_now() noexcept
{
    return std::chrono::steady_clock::now().time_since_epoch();
}

std::string dollars(ledger::nanos amount)
{
    return to_string(money::from_nanos(amount));
}

std::string owner_of(ledger::scope const& where)
{
    std::string out(ledger::to_string(where.kind));
    if (where.kind != ledger::scope_kind::key && where.kind != ledger::scope_kind::key_model &&
        !where.id.empty()) {
        out += " '";
        for (char const c : where.id.substr(0, 200)) {
            out += static_cast<unsigned char>(c) < 0x20 ? '/' : c; // of a joined id
        }
        out += '\'';
    }
    return out;
}

failure over_rate(ledger::rate_standing const& why)
{
    using what = ledger::rate_standing::what;
    std::string text = "Crossed the ";
    text += why.limited == what::requests ? "RPM"
            : why.limited == what::tokens ? "TPM"
                                          : "Max Parallel Request";
    text += " Limit of the " + owner_of(why.where) + ": " + std::to_string(why.limit) + ".";
    failure out{error_kind::rate_limit, std::move(text)};
    out.with_code("rate_limit_exceeded");
    auto const least = std::chrono::milliseconds(why.limited == what::parallel ? 1000 : 1);
    out.with_retry_after(std::max(std::chrono::ceil<std::chrono::milliseconds>(why.retry_after), least));
    return out;
}

failure no_price(std::string_view model)
{
    return failure{error_kind::invalid_request,
                   "The price of '" + std::string(model.substr(0, 200)) +
                       "' is not known, so a caller with a budget cannot use it. Give the deployment a price "
                       "(input_cost_per_token, output_cost_per_token), or set cogate.ledger.allow_unpriced."}
        .with_code("unknown_price")
        .with_param("model");
}

failure no_ceiling(std::string_view model)
{
    return failure{error_kind::invalid_request,
                   "How long an answer of '" + std::string(model.substr(0, 200)) +
                       "' may be is not known, so a caller with a budget must say max_tokens."}
        .with_code("unknown_bound")
        .with_param("max_tokens");
}

} // namespace

ledger::moment ledger_now() noexcept
{
    return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
}

account* account_of(call_options const& options) noexcept
{
    return static_cast<account*>(options.payer.get()); // the server's calls have no other payers
}

/// Rows on their way to the disk. Of the call's executor alone.
struct account::promise {
    explicit promise(asio::any_io_executor where)
        : executor(std::move(where)), wake(transports::timers_of(executor))
    {}

    asio::any_io_executor executor;
    transports::waiter wake;
    int waiting_for = 0;
};

/// What the ledger's thread has of an account: the way to its executor, for as long as the account is there. A row may be
/// committed after the executor's context is gone, at the end of a server.
struct account::gate {
    std::mutex mutex;
    std::shared_ptr<promise> open;

    void row_is_committed()
    {
        std::lock_guard const lock(mutex);
        if (open == nullptr) {
            return;
        }
        asio::post(open->executor, [box = open] {
            if (--box->waiting_for == 0) {
                box->wake.notify();
            }
        });
    }
    void shut() noexcept
    {
        std::lock_guard const lock(mutex);
        open.reset();
    }
};

account::account(accounts& at, asio::any_io_executor executor, ledger::obligations what,
                 account_facts const& facts)
    : at_(at),
      promise_(std::make_shared<promise>(std::move(executor))),
      what_(std::move(what)),
      call_type_(facts.call_type),
      started_(ledger_now())
{}

result<std::shared_ptr<account>> account::open(accounts& at, ledger::principal const& who,
                                               asio::any_io_executor executor, account_facts const& facts)
{
    result<ledger::obligations> what = ledger::obligations_of(
        who, {.model = facts.model, .end_user = facts.end_user, .tags = facts.tags}, at.directory());
    if (!what) {
        return what.error();
    }
    if (!what->is_budgeted && !facts.end_user.empty()) {
        what->is_budgeted = at.limits_end_users();
    }
    if (result<void> const ready = at.store().ready(); !ready) {
        return ready.error();
    }
    std::shared_ptr<account> made(new account(at, std::move(executor), std::move(*what), facts));
    if (!made->what_.rates.empty()) {
        ledger::rate_standing refused;
        std::optional<ledger::rate_limiter::pass> pass = at.limiter().admit(
            made->what_.rates, facts.prompt_bytes / 4 + facts.max_output_tokens, rate_now(), refused);
        if (!pass) {
            return over_rate(refused);
        }
        made->pass_ = std::move(*pass);
    }
    return made;
}

account::~account()
{
    if (gate_) {
        gate_->shut();
    }
    if (!what_.rates.empty()) {
        pass_.settle(tokens_, rate_now());
    }
}

failure account::over_budget(ledger::refusal const& why) const
{
    std::string text = "Budget has been exceeded: the " + owner_of(why.where) + " has spent $" +
                       dollars(why.spent) + " of $" + dollars(why.limit) + " and running calls hold $" +
                       dollars(why.held) + ".";
    failure out{error_kind::quota_exceeded, std::move(text)};
    out.with_type("budget_exceeded").with_code("budget_exceeded").with_status(429);
    // a deployment's or provider's own budget stands in nobody's way elsewhere
    bool const elsewhere =
        why.where.kind == ledger::scope_kind::deployment || why.where.kind == ledger::scope_kind::provider;
    out.with_retryable(elsewhere);
    return out;
}

result<void> account::take(attempt_offer const& offer)
{
    if (!offer.bound && what_.is_budgeted && !at_.options().allow_unpriced) {
        return offer.is_priced ? no_ceiling(offer.upstream_model) : no_price(offer.upstream_model);
    }
    if (call_id_.empty()) {
        call_id_ = offer.call_id;
    }
    what_.who.provider = offer.provider;
    what_.who.deployment = offer.deployment_id;
    ledger::moment const now = ledger_now();
    ledger::nanos const bound = std::min(offer.bound.value_or(money{}).nanos(), ledger::max_amount);
    ledger::scope_list const scopes = ledger::held_scopes(what_);
    ledger::admission held = at_.book().reserve(scopes, bound, now);
    if (!held) {
        return over_budget(held.error());
    }
    ledger::event reserve;
    reserve.request_id = offer.call_id;
    reserve.attempt = offer.attempt;
    reserve.kind = ledger::event_kind::reserve;
    reserve.who = what_.who;
    reserve.amount = bound;
    reserve.flags = !offer.is_priced ? ledger::flag::unpriced : 0U;
    reserve.started = started_;
    reserve.at = now;
    reserve.call_type = call_type_;
    reserve.upstream_model = offer.upstream_model;
    ledger::event again = reserve;
    if (result<void> const taken = at_.store().append(std::move(reserve)); !taken) {
        return taken;
    }
    attempts_.push_back({offer.attempt, std::move(*held), std::move(again)});
    return {};
}

void account::pay(attempt_bill const& bill) noexcept
try {
    auto const one = std::find_if(attempts_.begin(), attempts_.end(),
                                  [&](open_attempt const& each) { return each.number == bill.attempt; });
    if (one == attempts_.end()) {
        return;
    }
    ledger::event e = std::move(one->event);
    ledger::reservation held = std::move(one->held);
    attempts_.erase(one);
    e.at = ledger_now();
    e.status = bill.status;
    e.kind = bill.spent_nothing ? ledger::event_kind::voided : ledger::event_kind::settle;
    e.flags |= (bill.estimated ? ledger::flag::estimated : 0U) |
               (bill.cancelled ? ledger::flag::cancelled : 0U) |
               (bill.truncated ? ledger::flag::truncated : 0U);
    if (bill.spent_nothing) {
        e.amount = 0;
        held.release();
    } else {
        if (!bill.cost) {
            // never silently nothing: with a price, the most it can have been
            e.flags |= (e.flags & ledger::flag::unpriced) != 0 ? 0U : ledger::flag::estimated;
        }
        e.amount =
            std::clamp<ledger::nanos>(bill.cost ? bill.cost->nanos() : held.amount(), 0, ledger::max_amount);
        auto const count = [](std::int64_t tokens) {
            return std::clamp<std::int64_t>(tokens, 0, ledger::max_tokens);
        };
        e.tokens = {.prompt = count(bill.tokens.prompt_tokens),
                    .completion = count(bill.tokens.completion_tokens),
                    .cached = count(bill.tokens.cached_tokens),
                    .cache_write = count(bill.tokens.cache_write_tokens),
                    .reasoning = count(bill.tokens.reasoning_tokens)};
        tokens_ += e.tokens.prompt + e.tokens.completion;
        if (bill.first_token) {
            e.first_token =
                started_ + std::chrono::duration_cast<std::chrono::microseconds>(*bill.first_token);
        }
        static_cast<void>(held.settle(e.amount));
        if (ledger::scope_list const more = ledger::charged_scopes(what_); !more.empty()) {
            static_cast<void>(at_.book().charge(more, e.amount, e.at));
        }
    }
    write(std::move(e));
} catch (std::exception const&) {
    // Without memory the reservation stays open in the ledger, and the next start settles it.
}

void account::write(ledger::event&& e) noexcept
{
    if (at_.options().when == acknowledge::queued) {
        static_cast<void>(at_.store().append(std::move(e)));
        return;
    }
    if (!gate_) {
        gate_ = std::make_shared<gate>();
        gate_->open = promise_;
    }
    ++promise_->waiting_for;
    result<void> const taken =
        at_.store().append(std::move(e), [way = gate_](ledger::outcome) { way->row_is_committed(); });
    if (!taken) {
        --promise_->waiting_for;
    }
}

asio::awaitable<void> account::committed()
{
    while (promise_->waiting_for != 0 && at_.store().ready()) {
        transports::steady_time const until = transports::timers_of(promise_->executor).now() + look_again;
        auto wait = promise_->wake.wait_until(until, asio::as_tuple(asio::deferred));
        auto const [why] = co_await std::move(wait);
        if (why == asio::error::operation_aborted) {
            co_return;
        }
    }
}

void account::add_headers(wire::response_head_builder& head) const
{
    using what = ledger::rate_standing::what;
    ledger::rate_limiter::instant const now = rate_now();
    bool said_requests = false;
    bool said_tokens = false;
    auto const seconds = [](std::chrono::nanoseconds span) {
        return std::to_string(std::chrono::ceil<std::chrono::seconds>(span).count()) + "s";
    };
    for (ledger::rate_rule const& rule : what_.rates) {
        bool const is_key = rule.owner.kind == ledger::scope_kind::key;
        std::optional<ledger::rate_standing> const requests =
            said_requests ? std::nullopt : at_.limiter().look(rule, what::requests, now);
        if (requests) {
            said_requests = true;
            head.add("x-ratelimit-limit-requests", static_cast<std::uint64_t>(requests->limit))
                .add("x-ratelimit-remaining-requests", static_cast<std::uint64_t>(requests->remaining))
                .add("x-ratelimit-reset-requests", seconds(requests->reset));
            if (is_key) {
                head.add("x-litellm-key-rpm-limit", static_cast<std::uint64_t>(requests->limit));
            }
        }
        std::optional<ledger::rate_standing> const tokens =
            said_tokens ? std::nullopt : at_.limiter().look(rule, what::tokens, now);
        if (tokens) {
            said_tokens = true;
            head.add("x-ratelimit-limit-tokens", static_cast<std::uint64_t>(tokens->limit))
                .add("x-ratelimit-remaining-tokens", static_cast<std::uint64_t>(tokens->remaining))
                .add("x-ratelimit-reset-tokens", seconds(tokens->reset));
            if (is_key) {
                head.add("x-litellm-key-tpm-limit", static_cast<std::uint64_t>(tokens->limit));
            }
        }
    }
}

} // namespace cogate::server
