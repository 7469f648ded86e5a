#include "lib/engine/call.hpp"
#include "lib/engine/cancelled.hpp"

#include "lib/core/ids.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace asio = boost::asio;

namespace cogate::engine {
namespace {

using std::chrono::nanoseconds;

std::string new_call_id(std::chrono::system_clock::time_point now)
{
    std::array<char, core::uuid_size> text{};
    auto const ms = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch());
    core::uuid_v7(static_cast<std::uint64_t>(ms.count()), core::random_bits(), core::random_bits(), text);
    return std::string(text.data(), text.size());
}

call_facts_ptr facts_of(call_kind const& kind, call_options const& options)
{
    auto facts = std::make_shared<call_facts>();
    facts->started_at = std::chrono::system_clock::now();
    facts->call_id = options.call_id.empty() ? new_call_id(facts->started_at) : options.call_id;
    facts->operation = kind.operation;
    facts->model_group = kind.model;
    facts->stream = kind.stream;
    facts->tags = options.tags;
    return facts;
}

attempt_trace trace_of(attempt const& one, transports::steady_time since)
{
    attempt_trace out;
    out.deployment_id = one.deployment().id;
    out.model_group = one.order().in->name();
    out.reason = policy::to_string(one.order().reason);
    out.score = one.order().score;
    out.started = one.started() - since;
    if (one.first_byte()) {
        out.first_byte = out.started + *one.first_byte();
    }
    if (one.first_content()) {
        out.first_token = *one.first_content() - since;
    }
    if (one.lasted()) {
        out.ended = out.started + *one.lasted();
    }
    out.status = one.status();
    out.cost = one.cost();
    if (one.error()) {
        out.error = *one.error();
    }
    return out;
}

} // namespace

call::call(kernel& owner, asio::any_io_executor executor, call_kind const& kind, call_options const& options)
    : kernel_(owner), fixed_(kind.deployment), upstream_model_(kind.upstream_model)
{
    transports::timers& timers = transports::timers_of(executor);
    scope_ = std::make_shared<attempt_scope>(attempt_scope{owner, std::move(executor), timers, options,
                                                           facts_of(kind, options), owner.current_routes()});
    started_ = timers.now();
    kernel_.observers().started(scope_->executor, scope_->facts);
}

call::~call()
{
    if (!over_) {
        cancelled_ = true;
        failure const unused = fail(caller_cancelled());
        static_cast<void>(unused);
    }
}

asio::awaitable<result<void>> call::pull()
{
    result<void> const pulled = co_await winner_->pull();
    if (!pulled) {
        co_return fail(pulled.error());
    }
    told_first_token();
    if (winner_->complete()) {
        succeed(winner_->what()->used());
    }
    co_return pulled;
}

void call::told_first_token()
{
    if (!first_token_told_ && scope_->facts->stream && winner_->first_content()) {
        first_token_told_ = true;
        kernel_.observers().first_token(scope_->executor, scope_->facts,
                                        *winner_->first_content() - started_);
    }
}

void call::succeed(usage used)
{
    if (over_) {
        return;
    }
    winner_->end(nullptr, used);
    cost_ = winner_->cost();
    call_outcome told;
    told.cost = cost_;
    told.usage = std::move(used);
    record(std::move(told));
}

failure call::fail(failure why)
{
    attempt* const one = last();
    if (one != nullptr && why->provider.empty()) {
        why.with_provider(std::string(one->deployment().provider->name));
    }
    if (one != nullptr && !one->upstream_request_id().empty() && why->upstream_request_id.empty()) {
        why.with_upstream_request_id(one->upstream_request_id());
    }
    if (over_) {
        return why;
    }
    for (std::shared_ptr<attempt> const& each : attempts_) {
        each->end(&why, {});
    }
    call_outcome told;
    told.error = why;
    record(std::move(told));
    return why;
}

void call::record(call_outcome&& told)
{
    over_ = true;
    attempt* const one = last();
    if (kernel_.observers().listening()) {
        if (one != nullptr) {
            told.deployment_id = one->deployment().id;
            told.provider = one->deployment().provider->name;
            told.upstream_model = one->upstream_model();
            told.status = one->status();
            told.request_bytes = one->request_bytes();
            told.response_bytes = one->response_bytes();
            told.upstream_request_id = one->upstream_request_id();
            if (one->first_content()) {
                told.first_token = *one->first_content() - started_;
            }
        }
        told.attempts = attempts();
        told.retries = retries_;
        told.fallbacks = fallbacks_;
        if (attempts() > 1 || scope_->options.explain) {
            told.route = trace();
        }
        told.duration = scope_->timers.now() - started_;
        told.upstream = upstream_time();
        kernel_.observers().finished(scope_->executor, scope_->facts,
                                     std::make_shared<call_outcome const>(std::move(told)));
    }
    for (std::shared_ptr<attempt> const& each : attempts_) {
        each->release();
    }
}

attempt* call::last() const noexcept
{
    if (winner_) {
        return winner_.get();
    }
    return attempts_.empty() ? nullptr : attempts_.back().get();
}

nanoseconds call::upstream_time() const noexcept
{
    nanoseconds sum{0};
    for (std::shared_ptr<attempt> const& each : attempts_) {
        sum += each->waited_for_head();
    }
    return sum;
}

std::vector<attempt_trace> call::trace() const
{
    std::vector<attempt_trace> out;
    out.reserve(attempts_.size());
    for (std::shared_ptr<attempt> const& each : attempts_) {
        out.push_back(trace_of(*each, started_));
    }
    return out;
}

} // namespace cogate::engine
