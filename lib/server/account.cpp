#include "lib/server/account.hpp"

#include "lib/wire/head_builder.hpp"
#include "transports/runtime/timers.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>

#include <algorithm>
#include <chrono>
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

account::account(made, accounts& at, asio::any_io_executor executor,
                 std::shared_ptr<ledger::shared_obligations const> what)
    : at_(at), executor_(std::move(executor)), what_(std::move(what)), started_(ledger_now())
{}

result<std::shared_ptr<account>> account::open(accounts& at, ledger::principal const& who,
                                               asio::any_io_executor executor, account_facts const& facts)
{
    auto what = at.obligations().of(
        who,
        {.model = facts.model, .end_user = facts.end_user, .tags = facts.tags, .call_type = facts.call_type},
        at.directory());
    if (!what) {
        return what.error();
    }
    if (result<void> const ready = at.store().ready(); !ready) {
        return ready.error();
    }
    auto one = std::make_shared<account>(made{}, at, std::move(executor), std::move(*what));
    ledger::obligations const& owed = **one->what_;
    if (!owed.rates.empty()) {
        ledger::rate_standing refused;
        std::optional<ledger::rate_limiter::pass> pass = at.limiter().admit(
            owed.rates, facts.prompt_bytes / 4 + facts.max_output_tokens, rate_now(), refused);
        if (!pass) {
            return over_rate(refused);
        }
        one->pass_ = std::move(*pass);
    }
    return one;
}

account::~account()
{
    if (ticket_) {
        ticket_->who = nullptr;
    }
    if (!(*what_)->rates.empty()) {
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
    std::shared_ptr<ledger::booking const> to =
        what_->booking_for({offer.provider, offer.deployment_id, offer.upstream_model});
    if (!offer.bound && !at_.options().allow_unpriced && at_.book().has_limit(to->held())) {
        return offer.is_priced ? no_ceiling(offer.upstream_model) : no_price(offer.upstream_model);
    }
    if (call_id_.empty()) {
        call_id_ = offer.call_id;
    }
    ledger::moment const now = ledger_now();
    ledger::nanos const bound = std::min(offer.bound.value_or(money{}).nanos(), ledger::max_amount);
    ledger::admission held = at_.book().reserve(to->held(), bound, bound, now);
    if (!held) {
        return over_budget(held.error());
    }
    ledger::event reserve;
    reserve.request_id = offer.call_id;
    reserve.attempt = offer.attempt;
    reserve.kind = ledger::event_kind::reserve;
    reserve.who = to->who();
    reserve.amount = bound;
    reserve.flags = !offer.is_priced ? ledger::flag::unpriced : 0U;
    reserve.started = started_;
    reserve.at = now;
    ledger::event again = reserve;
    if (result<void> const taken = at_.store().append(std::move(reserve)); !taken) {
        return taken;
    }
    attempts_.push_back({offer.attempt, std::move(*held), std::move(to), std::move(again)});
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
    std::shared_ptr<ledger::booking const> const to = std::move(one->to);
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
        if (!to->charged().empty()) {
            static_cast<void>(at_.book().charge(to->charged(), e.amount, e.at));
        }
    }
    write(std::move(e));
} catch (std::exception const&) {
    // Without memory the reservation stays open in the ledger, and the next start settles it.
}

void account::write(ledger::event&& e)
{
    if (at_.options().when == acknowledge::queued) {
        static_cast<void>(at_.store().append(std::move(e)));
        return;
    }
    if (!ticket_) {
        commit_board::ticket mine{commit_board::of(executor_), this};
        ticket_ = std::make_shared<commit_board::ticket>(std::move(mine));
        wake_.emplace(transports::timers_of(executor_));
    }
    auto tell = [to = ticket_](ledger::outcome) { commit_board::tell(to); }; // heard in a later turn
    waiting_for_ += at_.store().append(std::move(e), std::move(tell)) ? 1 : 0;
}

void account::row_is_committed()
{
    if (--waiting_for_ == 0) {
        wake_->notify();
    }
}

asio::awaitable<void> account::committed()
{
    while (!is_committed() && at_.store().ready()) {
        transports::steady_time const until = transports::timers_of(executor_).now() + look_again;
        auto wait = wake_->wait_until(until, asio::as_tuple(asio::deferred));
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
    for (ledger::rate_rule const& rule : (*what_)->rates) {
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
