#include "lib/engine/call.hpp"

#include "lib/core/ids.hpp"
#include "lib/wire/head_builder.hpp"

#include <array>
#include <utility>

namespace asio = boost::asio;

namespace cogate::engine {
namespace {

using std::chrono::nanoseconds;
using transports::steady_time;

// An error body is for a person; more of it than this is noise.
constexpr std::size_t max_error_body = 256 * 1024;
constexpr std::size_t max_pieces = 10;

std::string new_call_id(std::chrono::system_clock::time_point now)
{
    std::array<char, core::uuid_size> text{};
    auto const ms = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch());
    core::uuid_v7(static_cast<std::uint64_t>(ms.count()), core::random_bits(), core::random_bits(), text);
    return std::string(text.data(), text.size());
}

failure cancelled()
{
    return failure{error_kind::cancelled, "The caller cancelled the call."}.with_code("cancelled");
}

bool is_good(int status) noexcept
{
    return status >= 200 && status < 300;
}

} // namespace

call::call(kernel& owner, asio::any_io_executor executor, call_kind const& kind, call_options const& options)
    : kernel_(owner),
      executor_(std::move(executor)),
      timers_(transports::timers_of(executor_)),
      options_(options),
      started_(timers_.now()),
      fixed_(kind.deployment)
{
    auto facts = std::make_shared<call_facts>();
    facts->started_at = std::chrono::system_clock::now();
    facts->call_id = options_.call_id.empty() ? new_call_id(facts->started_at) : options_.call_id;
    facts->operation = kind.operation;
    facts->model_group = kind.model;
    facts->stream = kind.stream;
    facts->tags = options_.tags;
    facts_ = std::move(facts);
    kernel_.observers().started(executor_, facts_);
}

call::~call()
{
    if (!over_) {
        failure const unused = fail(cancelled());
        static_cast<void>(unused);
    }
}

asio::awaitable<result<void>> call::start(outgoing& what)
{
    result<kernel::target> found = fixed_ != nullptr ? kernel::target{fixed_, 0, facts_->model_group}
                                                     : kernel_.find(facts_->model_group);
    if (!found) {
        co_return fail(found.error());
    }
    target_ = std::move(*found);
    deadlines_ = options_.deadlines.value_or(target_->deployment->deadlines);
    total_by_ = started_ + std::min(options_.timeout.value_or(deadlines_.total), deadlines_.total);

    policy::attempt_machine machine{target_->index};
    policy::attempt_action action = machine.resume({});
    std::optional<failure> last;
    while (action.what == policy::attempt_action::kind::attempt) {
        attempts_ = machine.attempts();
        attempt_result ended = co_await attempt(what, action.fresh);
        last = std::move(ended.error);
        action = machine.resume(ended.event);
    }
    if (action.what == policy::attempt_action::kind::deliver) {
        co_return result<void>{};
    }
    co_return fail(last ? *last : cancelled());
}

asio::awaitable<call::attempt_result> call::attempt(outgoing& what, bool fresh)
{
    using kind = policy::attempt_event::kind;
    attempt_result out;
    out.event.what = kind::failed;

    result<outgoing::parts> const parts = what.prepare(*target_->deployment, target_->upstream_model);
    if (!parts) {
        out.error = parts.error();
        co_return out;
    }
    dialect_ = parts->dialect;
    providers::header_list signature;
    if (target_->deployment->credential->how() != providers::credential::kind::fixed) {
        result<providers::header_list> signed_with = co_await authorise(*parts);
        if (!signed_with) {
            out.error = signed_with.error();
            co_return out;
        }
        signature = std::move(*signed_with);
    }
    std::string head;
    if (parts->body.size() >= max_pieces || !write_head(*parts, signature, head)) {
        out.error =
            failure{error_kind::invalid_request, "A request header holds a character that HTTP forbids."};
        co_return out;
    }
    exchange_.reset();
    transports::exchange_limits const limit = limits();
    bool const unused = fresh || parts->more_bytes != 0; // what is sent as it comes in cannot be sent again
    auto opened = co_await target_->deployment->transport->open(target_->deployment->endpoint, limit, unused);
    if (!opened) {
        out.error = opened.error();
        out.event.what = cancelled_ ? kind::cancelled : kind::failed;
        co_return out;
    }
    exchange_ = std::move(*opened);
    if (cancelled_) {
        exchange_->cancel();
        out.error = cancelled();
        out.event.what = kind::cancelled;
        co_return out;
    }

    std::array<std::string_view, max_pieces> pieces{};
    std::size_t count = 0;
    pieces[count++] = head;
    request_bytes_ = head.size();
    for (std::string_view piece : parts->body) {
        request_bytes_ += piece.size();
        pieces[count++] = piece;
    }
    steady_time const sent_at = timers_.now();
    result<void> sent = co_await exchange_->send(std::span(pieces.data(), count));
    if (sent && parts->more_bytes != 0) {
        sent = co_await upload(what, parts->more_bytes);
        if (!sent) {
            exchange_->cancel();
        }
    }
    result<transports::response_head> answered = transports::response_head{};
    if (sent) {
        answered = co_await exchange_->receive_head();
    } else {
        answered = sent.error();
    }
    upstream_time_ += timers_.now() - sent_at;
    if (!answered) {
        out.error = answered.error();
        out.event.what = cancelled_ ? kind::cancelled : kind::failed;
        out.event.connection_lost = answered.error()->kind == error_kind::connection;
        out.event.reused = exchange_->reused();
        out.event.bytes_received = exchange_->bytes_received();
        co_return out;
    }
    head_ = *answered;
    if (auto id = wire::find_header(head_.headers, "x-request-id")) {
        upstream_request_id_ = *id;
    } else if (auto other = wire::find_header(head_.headers, "request-id")) {
        upstream_request_id_ = *other;
    } else if (auto amazon = wire::find_header(head_.headers, "x-amzn-requestid")) {
        upstream_request_id_ = *amazon;
    }
    if (parts->raw) {
        out.event.what = kind::answered;
        co_return out;
    }
    if (is_good(head_.status)) {
        if (dialect_->follows()) {
            result<void> const followed = co_await follow();
            if (!followed) {
                out.error = followed.error();
                out.event.what = cancelled_ ? kind::cancelled : kind::failed;
                co_return out;
            }
        }
        out.event.what = kind::answered;
        co_return out;
    }
    out.error = co_await understand_refusal();
    co_return out;
}

asio::awaitable<result<void>> call::upload(outgoing& what, std::uint64_t bytes)
{
    while (bytes != 0) {
        result<std::string_view> const piece = co_await what.more();
        if (!piece) {
            co_return piece.error();
        }
        if (piece->empty() || piece->size() > bytes) {
            co_return failure{error_kind::invalid_request, "The body's length is not what was announced."};
        }
        bytes -= piece->size();
        request_bytes_ += piece->size();
        std::array<std::string_view, 1> const pieces{*piece};
        result<void> const sent = co_await exchange_->send(pieces);
        if (!sent) {
            co_return sent;
        }
    }
    co_return result<void>{};
}

asio::awaitable<failure> call::understand_refusal()
{
    std::string body;
    for (;;) {
        result<std::string_view> const piece = co_await exchange_->read_body();
        if (!piece || piece->empty()) {
            break;
        }
        if (body.size() + piece->size() > max_error_body) {
            exchange_->cancel();
            break;
        }
        body += *piece;
    }
    failure why = dialect_->decode_error(head_.status, head_.headers, body, std::chrono::system_clock::now());
    co_return why;
}

// Rare: only services whose credentials are made for each request, or fetched.
asio::awaitable<result<providers::header_list>> call::authorise(outgoing::parts const& parts)
{
    served_deployment const& served = *target_->deployment;
    if (served.credential->how() == providers::credential::kind::token) {
        asio::awaitable<result<providers::header_list>> fetched = kernel_.tokens().fields(executor_, served);
        co_return co_await std::move(fetched);
    }
    std::string body;
    for (std::string_view piece : parts.body) {
        body += piece;
    }
    std::string const host = served.endpoint.url.host_header();
    std::string target(parts.raw ? std::string_view{} : std::string_view(served.endpoint.url.path));
    target += parts.path;
    providers::signable const what{.method = parts.method, .host = host, .target = target, .body = body};
    co_return served.credential->sign(what, std::chrono::system_clock::now());
}

bool call::write_head(outgoing::parts const& parts, providers::header_list const& signature,
                      std::string& head) const
{
    served_deployment const& served = *target_->deployment;
    std::uint64_t length = parts.more_bytes;
    for (std::string_view piece : parts.body) {
        length += piece.size();
    }
    head.reserve(512);
    wire::request_head_builder builder(head);
    std::string_view const base = parts.raw ? std::string_view{} : std::string_view(served.endpoint.url.path);
    builder.start(parts.method, base, parts.path).add(served.fields).add("accept", parts.accept);
    if (length != 0 || (parts.method != "GET" && parts.method != "DELETE")) {
        builder.add("content-type", parts.content_type).content_length(length);
    }
    for (auto const& [name, value] : signature) {
        builder.add(name, value);
    }
    for (auto const& [name, value] : parts.headers) {
        builder.add(name, value);
    }
    for (auto const& [name, value] : options_.headers) {
        builder.add(name, value);
    }
    return builder.finish();
}

transports::exchange_limits call::limits() const
{
    transports::exchange_limits out;
    out.connect = deadlines_.connect;
    out.tls = deadlines_.tls;
    out.write = deadlines_.write;
    out.first_byte = facts_->stream ? deadlines_.stream_first_byte : deadlines_.first_byte;
    out.idle = deadlines_.idle;
    out.total_by = total_by_;
    return out;
}

asio::awaitable<result<std::string_view>> call::read()
{
    steady_time const asked_at = timers_.now();
    result<std::string_view> piece = co_await exchange_->read_body();
    // only time spent waiting for the provider counts: a slow caller is not its fault
    waited_ += timers_.now() - asked_at;
    if (piece && waited_ > deadlines_.idle) {
        exchange_->cancel();
        piece = failure{error_kind::timeout, "The provider sent no whole event for too long."}.with_code(
            "timeout_idle");
    }
    co_return piece;
}

asio::awaitable<result<std::string_view>> call::read_all()
{
    if (buffered_) {
        co_return std::string_view(body_);
    }
    std::size_t const cap = kernel_.options().max_response_bytes;
    if (head_.content_length && *head_.content_length > cap) {
        exchange_->cancel();
        co_return failure{error_kind::bad_gateway, "The provider's answer is too large."}.with_code(
            "upstream_too_large");
    }
    for (;;) {
        result<std::string_view> const piece = co_await exchange_->read_body();
        if (!piece) {
            co_return piece.error();
        }
        if (piece->empty()) {
            co_return std::string_view(body_);
        }
        if (body_.size() + piece->size() > cap) {
            exchange_->cancel();
            co_return failure{error_kind::bad_gateway, "The provider's answer is too large."}.with_code(
                "upstream_too_large");
        }
        body_ += *piece;
    }
}

bool call::is_event_stream() const noexcept
{
    std::string_view const type =
        wire::find_header(head_.headers, "content-type").value_or(std::string_view{});
    return dialect_->streams_as(type);
}

asio::awaitable<failure> call::refuse_content()
{
    failure why = co_await understand_refusal();
    if (why->code.empty()) {
        why =
            failure{error_kind::bad_gateway, "The provider answered a stream request with no event stream."};
        why.with_code("upstream_bad_content");
    }
    co_return fail(std::move(why));
}

void call::progress() noexcept
{
    waited_ = nanoseconds{0};
}

void call::first_token()
{
    if (!first_token_) {
        first_token_ = timers_.now() - started_;
        kernel_.observers().first_token(executor_, facts_, *first_token_);
    }
}

void call::succeed(usage used)
{
    call_outcome outcome;
    outcome.usage = std::move(used);
    record(std::move(outcome));
}

failure call::fail(failure why)
{
    if (target_ && why->provider.empty()) {
        why.with_provider(std::string(target_->deployment->provider->name));
    }
    if (!upstream_request_id_.empty() && why->upstream_request_id.empty()) {
        why.with_upstream_request_id(upstream_request_id_);
    }
    call_outcome outcome;
    outcome.error = why;
    record(std::move(outcome));
    return why;
}

void call::record(call_outcome&& outcome)
{
    if (over_) {
        return;
    }
    over_ = true;
    if (kernel_.observers().listening()) {
        if (target_) {
            outcome.deployment_id = target_->deployment->id;
            outcome.provider = target_->deployment->provider->name;
            outcome.upstream_model = target_->upstream_model;
        }
        outcome.status = head_.status;
        outcome.attempts = attempts_;
        outcome.duration = timers_.now() - started_;
        outcome.first_token = first_token_;
        outcome.upstream = upstream_time_;
        outcome.request_bytes = request_bytes_;
        outcome.response_bytes = exchange_ ? exchange_->bytes_received() : 0;
        outcome.upstream_request_id = upstream_request_id_;
        kernel_.observers().finished(executor_, facts_,
                                     std::make_shared<call_outcome const>(std::move(outcome)));
    }
    head_ = {};
    exchange_.reset();
}

void call::cancel() noexcept
{
    cancelled_ = true;
    if (exchange_) {
        exchange_->cancel();
    }
}

} // namespace cogate::engine
