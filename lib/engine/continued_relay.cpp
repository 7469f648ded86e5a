#include "lib/engine/continued_relay.hpp"

#include "lib/engine/continuation.hpp"

#include <optional>
#include <string>
#include <utility>

namespace asio = boost::asio;

namespace cogate::engine {

struct continued_relay::rest {
    continuation how;
    said_text said{};
    std::string body{}; ///< of the second request
    std::string mark{}; ///< what the gateway itself has to say
    std::unique_ptr<relay_task> task{};
    std::unique_ptr<relay_call> call{};
    bool ended = false;
};

continued_relay::continued_relay(kernel& owner, asio::any_io_executor executor, std::string_view operation,
                                 inbound_chat const& inbound, relay_task& task, std::string_view model,
                                 call_options const& options)
    : kernel_(owner),
      executor_(std::move(executor)),
      operation_(operation),
      inbound_(inbound),
      task_(task),
      model_(model),
      first_(owner, executor_, operation, task, model, options)
{}

continued_relay::~continued_relay() = default;

void continued_relay::cancel() noexcept
{
    cancelled_ = true;
    first_.cancel();
    if (rest_ && rest_->call) {
        rest_->call->cancel();
    }
}

void continued_relay::listen()
{
    listens_ = true;
    bool const is_chat =
        task_.operation() == providers::operation::chat && inbound_.dialect.name() == "openai_chat";
    // Of several choices only one may have spoken; the beginnings of the others would be lost.
    if (is_chat && continues_after_stall(kernel_) && task_.terms().choices == 1) {
        rest_ = std::make_unique<rest>(rest{.how = continuation{kernel_, first_.record()}});
    }
}

asio::awaitable<result<std::string_view>> continued_relay::next()
{
    if (!listens_) {
        listen();
    }
    if (rest_ && rest_->ended) {
        co_return std::string_view{};
    }
    bool const continued = rest_ && rest_->call;
    relay_call& speaker = continued ? *rest_->call : first_;
    result<std::string_view> const events = co_await speaker.next();
    if (events) {
        if (rest_ && !continued) {
            rest_->said.add(*events);
        }
        co_return events;
    }
    failure const why = events.error();
    if (!may_continue(why)) {
        co_return why;
    }
    bool const goes_on = co_await go_on();
    if (!goes_on) {
        co_return why;
    }
    co_return std::string_view(rest_->mark);
}

bool continued_relay::may_continue(failure const& why) const
{
    return rest_ && !cancelled_ && rest_->how.may_begin(why, rest_->said, task_.repeatable(), now());
}

asio::awaitable<bool> continued_relay::go_on()
{
    rest& the_rest = *rest_;
    std::optional<std::string> body = with_prefill(inbound_.body, the_rest.said.text());
    if (body && task_.terms().max_output_tokens) {
        body = with_tokens_left(*body, the_rest.how.tokens_of(the_rest.said));
        if (!body) {
            end_at_length();
            co_return true;
        }
    }
    served_deployment const* const next =
        body ? the_rest.how.successor(the_rest.said, inbound_.body.size(), now()) : nullptr;
    if (next == nullptr) {
        co_return false;
    }
    the_rest.body = std::move(*body);
    inbound_chat const again{.dialect = inbound_.dialect,
                             .target = inbound_.target,
                             .body = the_rest.body,
                             .headers = inbound_.headers};
    result<std::unique_ptr<relay_task>> task = read_chat(again);
    if (!task) {
        co_return false;
    }
    the_rest.task = std::move(*task);
    call_options const options = the_rest.how.options(now());
    the_rest.call =
        std::make_unique<relay_call>(kernel_, executor_, operation_, *the_rest.task, model_, options, next);
    result<void> const started = co_await the_rest.call->start();
    if (!started) {
        the_rest.call.reset();
        co_return false;
    }
    the_rest.mark = ": cogate-continued deployment=" + next->id + "\n\n";
    co_return true;
}

void continued_relay::end_at_length()
{
    chat_request const nothing;
    providers::reply_context const context{.request = nothing,
                                           .model = model_,
                                           .fallback_id = first_.record().facts().call_id,
                                           .target = inbound_.target};
    chat_chunk last = rest_->said.name();
    last.choices.push_back({.finish_reason = finish_reason::length});
    auto const writer = inbound_.dialect.write_chat_stream(context);
    writer->write(last, rest_->mark);
    writer->end(rest_->mark);
    rest_->ended = true;
}

} // namespace cogate::engine
