#include "lib/engine/call.hpp"
#include "lib/engine/cancelled.hpp"

#include "lib/core/ids.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <exception>
#include <utility>

namespace asio = boost::asio;

namespace cogate::engine {
namespace {

failure out_of_time()
{
    return failure{error_kind::timeout, "The call's time was over before a provider had answered."}.with_code(
        "timeout_total");
}

failure made_to_fail(error_kind kind)
{
    return failure{kind, "The request asked for this failure of its first model group."}.with_code(
        "mock_testing");
}

} // namespace

/// Where attempts that run beside the call leave what happened. Shared with them: on shutdown they may be destroyed last.
struct call::inbox {
    explicit inbox(transports::timers& timers) : wake(timers) {}
    std::vector<policy::call_event> events;
    transports::waiter wake;
    int running = 0;
    int places = 0; ///< in queues, so far
    int place = 0;  ///< the number of the one that is held; words for another come too late
};

result<void> call::route(outgoing& what)
{
    routes const& served = *scope_->served;
    std::string_view const model = scope_->facts->model_group;
    result<routes::way> const found = fixed_ != nullptr ? served.only(*fixed_, model) : served.find(model);
    if (!found) {
        return found.error();
    }
    way_ = *found;
    call_options const& options = scope_->options;
    if (options.routing) {
        result<std::unique_ptr<routes::own_plan>> own = served.with(way_, *options.routing);
        if (!own) {
            return own.error();
        }
        own_plan_ = std::move(*own);
        way_.plan = &own_plan_->plan;
    }
    outgoing_facts const facts = what.facts_for_routing();
    bool const doubles = way_.plan->race > 1 || way_.plan->hedge.percentile.has_value();
    scope_->traits = {.prompt_tokens =
                          static_cast<std::uint32_t>(std::min<std::uint64_t>(facts.bytes / 4, 1U << 30U)),
                      .max_output_tokens = facts.max_output_tokens,
                      .affinity = facts.affinity,
                      .tags = scope_->facts->tags,
                      .stream = scope_->facts->stream,
                      .repeatable = !doubles || what.repeatable()};
    cogate::deadlines const limits = options.deadlines.value_or(
        served.deployment(way_.plan->first->members().front().deployment).deadlines);
    scope_->total_by = started_ + std::min(options.timeout.value_or(limits.total), limits.total);
    return {};
}

asio::awaitable<result<void>> call::start(outgoing& what)
{
    if (result<void> const routed = route(what); !routed) {
        co_return fail(routed.error());
    }
    policy::call_machine machine{*way_.plan, scope_->traits, scope_->total_by, core::random_bits(),
                                 way_.pinned};
    outcome now = act(machine, event(policy::call_event::kind::start));
    while (now == outcome::open) {
        policy::call_event next;
        if (attempt* const one = begin_alone()) {
            result<void> const how = co_await one->run(what);
            next = ended(*one, how);
        } else {
            asio::awaitable<policy::call_event> waiting = next_event(what);
            next = co_await std::move(waiting);
        }
        now = act(machine, next);
    }
    if (inbox_) {
        asio::awaitable<void> joining = join();
        co_await std::move(joining);
        co_await asio::this_coro::throw_if_cancelled(true);
    }
    if (now == outcome::failed) {
        co_return fail(*failure_);
    }
    told_first_token();
    if (winner_->what()->ready_when() != dispatch::ready::at_head && winner_->complete()) {
        succeed(winner_->what()->used());
    }
    co_return result<void>{};
}

policy::call_event call::event(policy::call_event::kind what) const noexcept
{
    policy::call_event out;
    out.what = what;
    out.now = scope_->timers.now();
    return out;
}

call::outcome call::act(policy::call_machine& machine, policy::call_event const& happened)
{
    outcome now = outcome::open;
    for (policy::call_action const& action : machine.resume(happened)) {
        using kind = policy::call_action::kind;
        switch (action.what) {
        case kind::begin: begin(action); break;
        case kind::cancel: {
            attempt& one = *attempts_[action.attempt];
            one.cancel();
            one.stop_signal().emit(asio::cancellation_type::terminal);
            break;
        }
        case kind::timer: wake_ = action.when; break;
        case kind::queue: queue(*action.in); break;
        case kind::deliver:
            winner_ = attempts_[action.attempt];
            now = outcome::delivered;
            break;
        case kind::fail:
            now = outcome::failed;
            if (action.none) {
                failure_ = no_lane(*action.none);
            } else if (cancelled_ || happened.what == policy::call_event::kind::cancelled) {
                failure_ = caller_cancelled();
            } else if (action.attempt < attempts_.size() && attempts_[action.attempt]->error()) {
                failure_ = *attempts_[action.attempt]->error();
            } else {
                failure_ = out_of_time();
            }
            break;
        }
    }
    if (place_ && (begun_ != attempts_.size() || now != outcome::open)) {
        leave_queue();
    }
    retries_ = machine.retries();
    fallbacks_ = machine.fallbacks();
    return now;
}

void call::begin(policy::call_action const& order)
{
    routes const& served = *scope_->served;
    served_deployment const& deployment = served.deployment(order.deployment);
    std::string model =
        upstream_model_.empty() ? served.upstream_model(way_, *order.in, deployment) : upstream_model_;
    attempts_.push_back(std::make_shared<attempt>(scope_, order, deployment, std::move(model)));
}

// Someone may have left between the look and the queueing: the first look inside is at once.
void call::queue(policy::group const& at)
{
    if (place_ && &place_->at() == &at) {
        place_->stay();
        return;
    }
    leave_queue();
    make_inbox();
    admission_options const& rules = scope_->served->router().admission;
    inbox_->place = ++inbox_->places;
    auto const hears = [box = std::weak_ptr<inbox>(inbox_), number = inbox_->place,
                        executor = scope_->executor, &timers = scope_->timers](waiting_room::word what) {
        asio::post(executor, [box, number, &timers, what] {
            std::shared_ptr<inbox> const open = box.lock();
            if (open && open->place == number) {
                policy::call_event event;
                event.what = what == waiting_room::word::room ? policy::call_event::kind::room
                                                              : policy::call_event::kind::expired;
                event.now = timers.now();
                open->events.push_back(event);
                open->wake.notify();
            }
        });
    };
    place_ =
        kernel_.waiting().enter(at, scope_->options.priority, static_cast<std::size_t>(rules.queue), hears);
    if (!place_) {
        inbox_->events.push_back(event(policy::call_event::kind::expired));
        return;
    }
    patience_ = scope_->timers.now() + rules.queue_time;
    bool const room = std::any_of(at.members().begin(), at.members().end(), [&](policy::member const& one) {
        policy::standing const now = one.live->standing_at(scope_->timers.now(), scope_->traits);
        return now == policy::standing::ready || now == policy::standing::probe;
    });
    if (room) {
        inbox_->events.push_back(event(policy::call_event::kind::room));
    }
}

// What was said of the place meanwhile is about it alone: a running call must not take "shed" for itself.
void call::leave_queue() noexcept
{
    place_.reset();
    if (inbox_) {
        inbox_->place = 0;
        std::erase_if(inbox_->events, [](policy::call_event const& one) {
            return one.what == policy::call_event::kind::room ||
                   one.what == policy::call_event::kind::expired;
        });
    }
}

void call::make_inbox()
{
    if (!inbox_) {
        inbox_ = std::make_shared<inbox>(scope_->timers);
    }
}

bool call::must_fail(attempt const& one) const noexcept
{
    std::optional<routing_options> const& wished = scope_->options.routing;
    return wished && wished->fail_first && one.order().in == way_.plan->first;
}

attempt* call::begin_alone() noexcept
{
    bool const beside = inbox_ && (inbox_->running != 0 || !inbox_->events.empty());
    bool const alone = attempts_.size() - begun_ == 1 && !beside && wake_ == transports::steady_time::max();
    return alone && !must_fail(*attempts_[begun_]) ? attempts_[begun_++].get() : nullptr;
}

asio::awaitable<policy::call_event> call::next_event(outgoing& what)
{
    if (begun_ != attempts_.size() && must_fail(*attempts_[begun_])) {
        attempt& unsent = *attempts_[begun_++];
        failure const why = made_to_fail(*scope_->options.routing->fail_first);
        unsent.cancel(); // it says nothing about the deployment
        unsent.end(&why, {});
        co_return unsent.failed(why);
    }
    make_inbox();
    co_await asio::this_coro::throw_if_cancelled(false); // even cancelled, it sees its attempts end
    while (begun_ != attempts_.size()) {
        spawn(what, attempts_[begun_++]);
    }
    asio::awaitable<policy::call_event> waiting = wait();
    co_return co_await std::move(waiting);
}

policy::call_event call::ended(attempt& one, result<void> const& how)
{
    if (!how && how.error()->kind == error_kind::cancelled && !one.cancelled()) {
        cancelled_ = true;
    }
    if (cancelled_) {
        return event(policy::call_event::kind::cancelled);
    }
    if (how) {
        policy::call_event out = event(policy::call_event::kind::content);
        out.attempt = one.order().attempt;
        return out;
    }
    failure const why = how.error();
    one.end(&why, {});
    return one.failed(why);
}

void call::spawn(outgoing& what, std::shared_ptr<attempt> one)
{
    ++inbox_->running;
    attempt& running = *one;
    asio::co_spawn(
        scope_->executor, running.run(what),
        asio::bind_cancellation_slot(
            running.stop_signal().slot(),
            [this, box = inbox_, one = std::move(one)](std::exception_ptr thrown, result<void> how) {
                --box->running;
                // asio's way to say that it was cancelled between two operations
                box->events.push_back(ended(*one, thrown ? result<void>(caller_cancelled()) : how));
                box->wake.notify();
            }));
}

asio::awaitable<policy::call_event> call::wait()
{
    if (inbox_->events.empty()) {
        transports::steady_time const until =
            std::min({wake_, scope_->total_by, place_ ? patience_ : transports::steady_time::max()});
        auto const [woken] = co_await inbox_->wake.wait_until(until, asio::as_tuple(asio::deferred));
        if (woken == asio::error::operation_aborted) {
            cancelled_ = true;
        }
    }
    if (cancelled_) {
        co_return event(policy::call_event::kind::cancelled);
    }
    if (!inbox_->events.empty()) {
        policy::call_event const next = inbox_->events.front();
        inbox_->events.erase(inbox_->events.begin());
        co_return next;
    }
    transports::steady_time const now = scope_->timers.now();
    if (now >= scope_->total_by || (place_ && now >= patience_)) {
        co_return event(policy::call_event::kind::expired);
    }
    wake_ = transports::steady_time::max();
    co_return event(policy::call_event::kind::timer);
}

// The losers were cancelled; they use what belongs to the caller until they have ended.
asio::awaitable<void> call::join()
{
    while (inbox_->running != 0) {
        co_await inbox_->wake.wait_until(transports::steady_time::max(), asio::as_tuple(asio::deferred));
    }
}

void call::cancel() noexcept
{
    cancelled_ = true;
    for (std::shared_ptr<attempt> const& each : attempts_) {
        each->cancel();
    }
    if (inbox_) {
        inbox_->wake.notify();
    }
}

failure call::no_lane(policy::pick const& why) const
{
    using kind = policy::pick::kind;
    std::string const name = scope_->facts->model_group.substr(0, 200);
    if (why.what == kind::no_tags) {
        return failure{error_kind::invalid_request, "No deployment of '" + name + "' has the request's tags."}
            .with_code("no_deployments_with_tag_routing");
    }
    if (why.what == kind::too_small) {
        return failure{error_kind::context_window_exceeded,
                       "The prompt fits the context window of no deployment of '" + name + "'."}
            .with_code("context_length_exceeded");
    }
    auto const rest = std::chrono::ceil<std::chrono::milliseconds>(
        std::max(why.ready_at, scope_->timers.now()) - scope_->timers.now());
    std::string text = "No deployment of '" + name + "' may be asked now";
    text += why.what == kind::full ? ": all are at their limit of calls at once." : ".";
    text += " Try again in " + std::to_string(std::chrono::ceil<std::chrono::seconds>(rest).count()) +
            " seconds.";
    failure out = failure{error_kind::rate_limit, std::move(text)}.with_code("no_deployments_available");
    out.with_retry_after(rest);
    return out;
}

} // namespace cogate::engine
