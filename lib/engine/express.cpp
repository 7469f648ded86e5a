#include "lib/engine/express.hpp"

#include <functional>
#include <utility>

namespace asio = boost::asio;

namespace cogate::engine {
namespace {

class spliced final : public outgoing {
public:
    spliced(std::string_view path, providers::express_request const& request) : path_(path), request_(request) {}

    result<parts> prepare(served_deployment const&, std::string_view upstream_model) override
    {
        body_ = {};
        request_.splice(upstream_model, body_);
        return parts{path_, {body_.pieces.data(), body_.count}};
    }

private:
    std::string_view path_;
    providers::express_request const& request_;
    providers::spliced_body body_;
};

bool within(std::string_view piece, std::string_view whole) noexcept
{
    std::less_equal<char const*> const not_after;
    return not_after(whole.data(), piece.data()) && not_after(piece.data() + piece.size(), whole.data() + whole.size());
}

} // namespace

express_call::express_call(kernel& owner, asio::any_io_executor executor, std::string_view operation,
                           std::string_view path, providers::express_lane const& lane,
                           providers::request_facts const& facts, call_options const& options)
    : call_(owner, std::move(executor), {operation, facts.model, facts.stream}, options), path_(path), lane_(lane),
      facts_(facts), cutter_(owner.options().max_event_bytes)
{
}

asio::awaitable<result<void>> express_call::start(providers::express_request const& request)
{
    spliced body{path_, request};
    result<void> const started = co_await call_.start(body);
    if (!started || !facts_.stream) {
        co_return started;
    }
    if (!call_.is_event_stream()) {
        co_return co_await call_.refuse_content();
    }
    relay_ = lane_.relay(facts_);
    result<std::string_view> const first = co_await pull();
    if (!first) {
        co_return first.error();
    }
    first_ready_ = true;
    co_return result<void>{};
}

asio::awaitable<result<std::string_view>> express_call::whole()
{
    result<std::string_view> const body = co_await call_.read_all();
    if (!body) {
        co_return call_.fail(body.error());
    }
    result<providers::relay_facts> seen = lane_.inspect(*body);
    if (!seen) {
        co_return call_.fail(seen.error());
    }
    if (seen->error) {
        co_return call_.fail(*seen->error);
    }
    call_.succeed(std::move(seen->usage));
    co_return body;
}

asio::awaitable<result<std::string_view>> express_call::next()
{
    if (first_ready_) {
        first_ready_ = false;
        co_return run_;
    }
    co_return co_await pull();
}

asio::awaitable<result<std::string_view>> express_call::pull()
{
    run_ = {};
    while (run_.empty() && !ended_) {
        result<std::string_view> const bytes = co_await call_.read();
        if (!bytes) {
            co_return call_.fail(bytes.error());
        }
        result<void> const sifted = bytes->empty() ? finish_stream() : sift(*bytes);
        if (!sifted) {
            co_return call_.fail(sifted.error());
        }
    }
    co_return run_;
}

result<void> express_call::sift(std::string_view bytes)
{
    cutter_.feed(bytes);
    while (std::optional<wire::raw_event> const event = cutter_.next()) {
        call_.progress();
        if (event->has_data) {
            providers::stream_relay::verdict const what = relay_->on_event(event->data);
            if (relay_->facts().error) {
                return *relay_->facts().error;
            }
            if (relay_->facts().content_seen) {
                call_.first_token();
            }
            if (what == providers::stream_relay::verdict::drop) {
                continue;
            }
        }
        pass(event->bytes, bytes);
    }
    if (cutter_.too_large()) {
        return failure{error_kind::bad_gateway, "The provider sent an event beyond the size limit."}.with_code(
            "upstream_event_too_large");
    }
    return {};
}

// Neighbouring pieces of the fed bytes stay one view; anything else is gathered in `joined_`.
void express_call::pass(std::string_view piece, std::string_view fed)
{
    bool const lasting = within(piece, fed);
    if (run_.empty() && lasting) {
        run_ = piece;
        return;
    }
    if (lasting && run_.data() + run_.size() == piece.data() && run_.data() != joined_.data()) {
        run_ = {run_.data(), run_.size() + piece.size()};
        return;
    }
    if (run_.empty()) {
        joined_.clear();
    } else if (run_.data() != joined_.data()) {
        joined_.assign(run_);
    }
    joined_ += piece;
    run_ = joined_;
}

result<void> express_call::finish_stream()
{
    // some providers end without the last blank line; what is there counts if it is a whole event then
    if (!cutter_.tail().empty()) {
        if (result<void> const last = sift("\n\n"); !last) {
            return last;
        }
    }
    if (result<void> const good = relay_->finish(); !good) {
        return good;
    }
    ended_ = true;
    call_.succeed(relay_->facts().usage);
    return {};
}

} // namespace cogate::engine
