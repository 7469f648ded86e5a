#include "lib/engine/attempt.hpp"

#include "lib/engine/cancelled.hpp"
#include "lib/engine/read_quota.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

namespace asio = boost::asio;

namespace cogate::engine {
namespace {

using std::chrono::nanoseconds;

// An error body is for a person; more of it than this is noise.
constexpr std::size_t max_error_body = 256 * 1024;

failure too_large()
{
    return failure{error_kind::bad_gateway, "The provider's answer is too large."}.with_code(
        "upstream_too_large");
}

/// A request's head and body as one list.
class request_pieces {
public:
    request_pieces(std::string_view head, std::span<std::string_view const> body) noexcept
    {
        if (body.size() >= all_.size()) {
            return;
        }
        all_[count_++] = head;
        for (std::string_view const piece : body) {
            all_[count_++] = piece;
        }
    }

    /// Empty when there are too many.
    std::span<std::string_view const> all() const noexcept { return {all_.data(), count_}; }
    std::uint64_t bytes() const noexcept
    {
        std::uint64_t sum = 0;
        for (std::string_view const piece : all()) {
            sum += piece.size();
        }
        return sum;
    }

private:
    std::array<std::string_view, 10> all_;
    std::size_t count_ = 0;
};

bool is_good(int status) noexcept
{
    return status >= 200 && status < 300;
}

std::uint32_t tokens(std::int64_t count) noexcept
{
    return static_cast<std::uint32_t>(std::clamp<std::int64_t>(count, 0, 1'000'000'000));
}

} // namespace

attempt::attempt(std::shared_ptr<attempt_scope const> scope, policy::call_action const& why,
                 served_deployment const& deployment, std::string upstream_model)
    : scope_(std::move(scope)),
      order_(why),
      deployment_(deployment),
      upstream_model_(std::move(upstream_model)),
      deadlines_(scope_->options.deadlines.value_or(deployment.deadlines)),
      started_(now())
{}

attempt::~attempt()
{
    if (!lasted_) {
        failure const gone = caller_cancelled();
        end(&gone, {});
    }
}

asio::awaitable<result<void>> attempt::run(outgoing& what)
{
    result<void> done = co_await exchange_head(what);
    if (done) {
        done = co_await take_answer();
    }
    if (!done && cancelled_) {
        co_return caller_cancelled();
    }
    co_return done;
}

asio::awaitable<result<void>> attempt::exchange_head(outgoing& what)
{
    result<std::unique_ptr<dispatch>> made = what.prepare(deployment_, upstream_model_);
    if (!made) {
        co_return made.error();
    }
    dispatch_ = std::move(*made);
    if (result<void> const taken = offer(what); !taken) {
        co_return taken.error();
    }
    providers::header_list signature;
    if (deployment_.credential->how() != providers::credential::kind::fixed) {
        result<providers::header_list> signed_with = co_await authorise();
        if (!signed_with) {
            co_return signed_with.error();
        }
        signature = std::move(*signed_with);
    }
    std::string head;
    if (!write_head(signature, head)) {
        co_return failure{error_kind::invalid_request,
                          "A request header holds a character that HTTP forbids."};
    }
    request_pieces const pieces(head, dispatch_->request().body);
    if (pieces.all().empty()) {
        co_return failure{error_kind::internal_server, "A request body came in too many pieces."};
    }
    bool const streamed_in = dispatch_->request().more_bytes != 0; // cannot be sent again
    bool const fresh = streamed_in || order_.reason == policy::attempt_reason::reconnect;
    if (!fresh) {
        exchange_ = deployment_.transport->at_hand(scope_->executor, deployment_.endpoint, limits());
    }
    if (exchange_ == nullptr) {
        result<void> const connected = co_await connect(fresh);
        if (!connected) {
            co_return connected.error();
        }
    }
    transports::steady_time const sent_at = now();
    request_bytes_ = pieces.bytes();
    result<void> sent = co_await exchange_->send(pieces.all());
    if (sent && streamed_in) {
        sent = co_await upload(dispatch_->request().more_bytes);
    }
    result<transports::response_head> answered = transports::response_head{};
    if (sent) {
        answered = co_await exchange_->receive_head();
    } else {
        answered = sent.error();
    }
    upstream_time_ += now() - sent_at;
    if (!answered) {
        co_return answered.error();
    }
    head_ = *answered;
    note_head();
    if (is_good(head_.status) || dispatch_->request().raw) {
        co_return result<void>{};
    }
    co_return co_await understand_refusal();
}

asio::awaitable<result<void>> attempt::connect(bool fresh)
{
    transports::exchange_limits const limit = limits();
    auto opened = co_await deployment_.transport->open(deployment_.endpoint, limit, fresh);
    if (!opened) {
        co_return opened.error();
    }
    exchange_ = std::move(*opened);
    if (cancelled_) {
        exchange_->cancel();
        co_return caller_cancelled();
    }
    co_return result<void>{};
}

void attempt::note_head()
{
    first_byte_ = now() - started_;
    status_ = head_.status;
    for (std::string_view const name : {"x-request-id", "request-id", "x-amzn-requestid"}) {
        if (auto const id = wire::find_header(head_.headers, name)) {
            upstream_request_id_ = *id;
            break;
        }
    }
    policy::quota_report const told = read_quota(head_.headers, std::chrono::system_clock::now());
    if (told.requests_left || told.tokens_left) {
        deployment_.lane->quota(now(), told);
    }
}

void attempt::note_content()
{
    if (!first_content_) {
        first_content_ = now();
        deployment_.lane->first_token(*first_content_, *first_content_ - started_, scope_->traits);
    }
}

asio::awaitable<result<void>> attempt::take_answer()
{
    if (dispatch_->request().dialect->follows() && !dispatch_->request().raw) {
        asio::awaitable<result<void>> following = follow();
        result<void> const followed = co_await std::move(following);
        if (!followed) {
            co_return followed;
        }
    }
    switch (dispatch_->ready_when()) {
    case dispatch::ready::at_head: break;
    case dispatch::ready::whole: {
        result<bool> const here = collect(); // a short answer came with its head
        if (!here) {
            co_return here.error();
        }
        if (!*here) {
            result<std::string_view> const body = co_await read_all();
            if (!body) {
                co_return body.error();
            }
        }
        complete_ = true;
        co_return dispatch_->whole({body_, head_.headers});
    }
    case dispatch::ready::streaming:
        if (!is_event_stream()) {
            co_return co_await refuse_content();
        }
        while (!first_content_ && !complete_) {
            result<void> const pulled = co_await pull();
            if (!pulled) {
                co_return pulled;
            }
        }
    }
    co_return result<void>{};
}

asio::awaitable<result<void>> attempt::pull()
{
    result<std::string_view> const bytes = co_await read();
    if (!bytes) {
        co_return bytes.error();
    }
    result<stream_signs> const signs = bytes->empty() ? dispatch_->finish() : dispatch_->feed(*bytes);
    if (!signs) {
        co_return signs.error();
    }
    if (signs->progress) {
        progress();
    }
    if (signs->content) {
        note_content();
    }
    complete_ = bytes->empty();
    co_return result<void>{};
}

asio::awaitable<failure> attempt::understand_refusal()
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
    co_return dispatch_->request().dialect->decode_error(head_.status, head_.headers, body,
                                                         std::chrono::system_clock::now());
}

asio::awaitable<failure> attempt::refuse_content()
{
    failure why = co_await understand_refusal();
    if (why->code.empty()) {
        why =
            failure{error_kind::bad_gateway, "The provider answered a stream request with no event stream."};
        why.with_code("upstream_bad_content");
    }
    co_return why;
}

bool attempt::is_event_stream() const noexcept
{
    std::string_view const type =
        wire::find_header(head_.headers, "content-type").value_or(std::string_view{});
    return dispatch_->request().dialect->streams_as(type);
}

transports::exchange_limits attempt::limits() const
{
    bool const stream = scope_->facts->stream;
    std::optional<std::chrono::milliseconds> const stall = scope_->served->router().stall_timeout;
    transports::exchange_limits out;
    out.connect = deadlines_.connect;
    out.tls = deadlines_.tls;
    out.write = deadlines_.write;
    out.first_byte = stream ? deadlines_.stream_first_byte : deadlines_.first_byte;
    out.idle = stream && stall ? std::min(*stall, deadlines_.idle) : deadlines_.idle;
    out.total_by = scope_->total_by;
    return out;
}

asio::awaitable<result<std::string_view>> attempt::read()
{
    if (std::optional<result<std::string_view>> here = exchange_->body_at_hand()) {
        co_return *std::move(here);
    }
    transports::steady_time const asked_at = now();
    result<std::string_view> piece = co_await exchange_->read_body();
    // only time spent waiting for the provider counts: a slow caller is not its fault
    waited_ += now() - asked_at;
    if (piece && waited_ > limits().idle) {
        exchange_->cancel();
        piece = failure{error_kind::timeout, "The provider sent no whole event for too long."}.with_code(
            "timeout_idle");
    }
    co_return piece;
}

result<void> attempt::add(std::string_view piece)
{
    std::size_t const cap = scope_->owner.options().max_response_bytes;
    if (head_.content_length.value_or(0) > cap || body_.size() + piece.size() > cap) {
        exchange_->cancel();
        return too_large();
    }
    body_ += piece;
    return {};
}

result<bool> attempt::collect()
{
    if (buffered_) {
        return true;
    }
    for (;;) {
        std::optional<result<std::string_view>> const piece = exchange_->body_at_hand();
        if (!piece) {
            return false;
        }
        if (!*piece) {
            return piece->error();
        }
        if (result<void> const added = add(**piece); !added) {
            return added.error();
        }
        if ((*piece)->empty()) {
            return true;
        }
    }
}

asio::awaitable<result<std::string_view>> attempt::read_all()
{
    while (!buffered_) {
        result<std::string_view> const piece = co_await exchange_->read_body();
        if (!piece) {
            co_return piece.error();
        }
        if (result<void> const added = add(*piece); !added) {
            co_return added.error();
        }
        buffered_ = piece->empty();
    }
    co_return std::string_view(body_);
}

void attempt::cancel() noexcept
{
    cancelled_ = true;
    if (exchange_) {
        exchange_->cancel();
    }
}

void attempt::end(failure const* why, usage const& used) noexcept
{
    if (lasted_) {
        return;
    }
    lasted_ = now() - started_;
    policy::attempt_outcome outcome;
    outcome.ok = why == nullptr;
    if (why != nullptr) {
        error_ = *why;
        outcome.cancelled = cancelled_ || not_wanted_ || (*why)->kind == error_kind::cancelled;
        outcome.error = (*why)->kind;
        outcome.retry_after = (*why)->retry_after;
    }
    settle(why, used);
    outcome.prompt_tokens =
        used.prompt_tokens > 0 ? tokens(used.prompt_tokens) : scope_->traits.prompt_tokens;
    outcome.completion_tokens = tokens(used.completion_tokens);
    outcome.first_token = first_content_ ? *first_content_ - started_ : nanoseconds{0};
    outcome.total = *lasted_;
    deployment_.lane->end(now(), outcome, scope_->traits);
    scope_->owner.waiting().freed(*deployment_.lane);
}

policy::call_event attempt::failed(failure const& why) const noexcept
{
    policy::call_event event;
    event.what = policy::call_event::kind::failed;
    event.now = now();
    event.attempt = order_.attempt;
    event.error = why->kind;
    event.retryable = why->retryable;
    event.retry_after = why->retry_after;
    event.unused_connection = why->kind == error_kind::connection && exchange_ != nullptr &&
                              exchange_->reused() && exchange_->bytes_received() == 0;
    event.unrepeatable =
        (dispatch_ != nullptr && dispatch_->request().more_bytes != 0) || (not_wanted_ && !why->retryable);
    return event;
}

void attempt::release() noexcept
{
    head_ = {};
    exchange_.reset();
}

} // namespace cogate::engine
