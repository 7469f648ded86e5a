#include "lib/engine/answer_stream.hpp"
#include "lib/engine/call.hpp"
#include "lib/engine/cancelled.hpp"
#include "lib/engine/chat.hpp"
#include "lib/engine/continuation.hpp"
#include "lib/engine/outgoing_chat.hpp"

#include "lib/core/json/writer.hpp"

#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace asio = boost::asio;

namespace cogate {

namespace {

/// Decodes a stream to chunks, and keeps those that nobody has taken yet.
class streamed_chat final : public engine::encoded_dispatch {
public:
    using encoded_dispatch::encoded_dispatch;

    ready ready_when() const noexcept override { return ready::streaming; }

    result<engine::stream_signs> feed(std::string_view bytes) override
    {
        result<std::size_t> const events = decoder().feed(bytes, fresh());
        if (!events) {
            return events.error();
        }
        return signs(*events != 0);
    }

    result<engine::stream_signs> finish() override
    {
        if (result<void> const good = decoder().finish(fresh()); !good) {
            return good.error();
        }
        return signs(true);
    }

    usage used() const override { return usage_; }
    std::int64_t content_pieces() const noexcept override { return content_pieces_; }

    std::optional<chat_chunk> take()
    {
        if (taken_ == chunks_.size()) {
            return std::nullopt;
        }
        return std::move(chunks_[taken_++]);
    }

private:
    providers::chat_stream_decoder& decoder()
    {
        if (!decoder_) {
            decoder_ = dialect().decode_chat_stream(context());
        }
        return *decoder_;
    }

    std::vector<chat_chunk>& fresh()
    {
        if (taken_ == chunks_.size()) {
            chunks_.clear();
            taken_ = 0;
            looked_ = 0;
        }
        return chunks_;
    }

    engine::stream_signs signs(bool progress)
    {
        for (; looked_ != chunks_.size(); ++looked_) {
            bool const says = engine::says_something(chunks_[looked_]);
            content_ = content_ || says;
            content_pieces_ += says ? 1 : 0;
            if (chunks_[looked_].usage) {
                usage_ = *chunks_[looked_].usage;
            }
        }
        return {.progress = progress, .content = content_};
    }

    std::unique_ptr<providers::chat_stream_decoder> decoder_;
    std::vector<chat_chunk> chunks_;
    std::size_t taken_ = 0;
    std::size_t looked_ = 0;
    usage usage_;
    std::int64_t content_pieces_ = 0;
    bool content_ = false;
};

} // namespace

namespace {

using transports::steady_time;

/// The mark of an answer that another deployment goes on with.
chat_chunk mark_of(chat_chunk name, engine::served_deployment const& next)
{
    std::string text;
    json::writer(text).begin_object().member("deployment", next.id).end_object();
    name.extra.set(std::string(chat_stream::continued_member), {std::move(text)});
    return name;
}

} // namespace

/// Pulls body bytes through the dialect's decoder until a chunk is there; goes on with another deployment where the
/// answer fell silent and may be gone on with.
class chat_stream::implementation {
public:
    implementation(engine::kernel& owner, asio::any_io_executor executor,
                   std::shared_ptr<chat_request const> request, call_options const& options)
        : kernel_(owner),
          executor_(std::move(executor)),
          first_(owner, executor_, {"chat", request->model, true}, options)
    {
        // of several choices only one may have spoken
        if (engine::continues_after_stall(owner) && request->n.value_or(1) == 1) {
            rest_ = std::make_unique<rest>(
                rest{.asked = std::move(request), .how = engine::continuation{owner, first_}});
        }
    }

    asio::awaitable<result<void>> start(chat_request const& request)
    {
        engine::outgoing_chat<streamed_chat> what{request, true};
        co_return co_await first_.start(what);
    }

    asio::awaitable<result<std::optional<chat_chunk>>> next()
    {
        for (;;) {
            if (cancelled_) {
                failure const why = engine::caller_cancelled();
                co_return speaker().fail(why);
            }
            if (std::optional<chat_chunk> chunk = take(); chunk || ended()) {
                co_return chunk;
            }
            if (error_) {
                bool const goes_on = co_await go_on();
                if (!goes_on && !cancelled_) {
                    co_return *error_;
                }
                error_.reset();
                continue;
            }
            result<void> const pulled = co_await speaker().pull();
            if (!pulled) {
                error_ = pulled.error(); // behind the chunks that came before it
            }
        }
    }

    void cancel() noexcept
    {
        cancelled_ = true;
        speaker().cancel();
    }

private:
    /// What is kept only where an answer may be gone on with.
    struct rest {
        std::shared_ptr<chat_request const> asked;
        engine::continuation how;
        engine::said_text said{};
        std::optional<chat_chunk> mark{}; ///< what cogate itself has to say
        std::unique_ptr<engine::call> call{};
        bool ended = false;
    };

    engine::call& speaker() noexcept { return rest_ && rest_->call ? *rest_->call : first_; }
    bool ended() noexcept { return (rest_ && rest_->ended) || speaker().complete(); }
    steady_time now() const { return transports::timers_of(executor_).now(); }

    std::optional<chat_chunk> take()
    {
        if (rest_ && rest_->mark) {
            return std::exchange(rest_->mark, std::nullopt);
        }
        std::optional<chat_chunk> chunk = static_cast<streamed_chat&>(speaker().answer()).take();
        if (chunk && rest_ && !rest_->call) {
            rest_->said.add(*chunk);
        }
        return chunk;
    }

    asio::awaitable<bool> go_on()
    {
        if (!rest_ ||
            !rest_->how.may_begin(*error_, rest_->said, !rest_->asked->store.value_or(false), now())) {
            co_return false;
        }
        rest& the_rest = *rest_;
        std::optional<chat_request> again = engine::with_prefill(*the_rest.asked, the_rest.said.text());
        if (again && (again->max_tokens || again->max_completion_tokens)) {
            again = engine::with_tokens_left(std::move(*again), the_rest.how.tokens_of(the_rest.said));
            if (!again) {
                the_rest.mark = the_rest.said.name();
                the_rest.mark->choices.push_back({.finish_reason = finish_reason::length});
                the_rest.ended = true;
                co_return true;
            }
        }
        std::size_t const bytes = engine::routing_facts(*the_rest.asked).bytes;
        engine::served_deployment const* const next =
            again ? the_rest.how.successor(the_rest.said, bytes, now()) : nullptr;
        if (next == nullptr) {
            co_return false;
        }
        call_options const options = the_rest.how.options(now());
        auto second = std::make_unique<engine::call>(
            kernel_, executor_, engine::call_kind{"chat", again->model, true, next}, options);
        the_rest.call = std::move(second);
        engine::outgoing_chat<streamed_chat> what{*again, true};
        result<void> const started = co_await the_rest.call->start(what);
        if (!started) {
            cancelled_ = cancelled_ || started.error()->kind == error_kind::cancelled;
            the_rest.call.reset();
            co_return false;
        }
        the_rest.mark = mark_of(the_rest.said.name(), *next);
        co_return true;
    }

    engine::kernel& kernel_;
    asio::any_io_executor executor_;
    engine::call first_;
    std::optional<failure> error_;
    std::unique_ptr<rest> rest_;
    bool cancelled_ = false;
};

chat_stream::chat_stream() = default;
chat_stream::chat_stream(std::unique_ptr<implementation> impl) : impl_(std::move(impl)) {}
chat_stream::chat_stream(chat_stream&&) noexcept = default;
chat_stream& chat_stream::operator=(chat_stream&&) noexcept = default;
chat_stream::~chat_stream() = default;

asio::awaitable<result<std::optional<chat_chunk>>> chat_stream::try_next()
{
    if (!impl_) {
        co_return std::optional<chat_chunk>{};
    }
    try {
        co_return co_await impl_->next();
    } catch (boost::system::system_error const&) {
        // asio's way to say that the awaiting coroutine was cancelled between two operations
        impl_->cancel();
    }
    co_return engine::caller_cancelled();
}

asio::awaitable<std::optional<chat_chunk>> chat_stream::next()
{
    result<std::optional<chat_chunk>> chunk = co_await try_next();
    co_return std::move(chunk).value();
}

void chat_stream::cancel() noexcept
{
    if (impl_) {
        impl_->cancel();
    }
}

namespace engine {

asio::awaitable<result<chat_stream>> open_stream(kernel& owner, std::shared_ptr<chat_request const> request,
                                                 call_options options)
{
    asio::any_io_executor const executor = co_await asio::this_coro::executor;
    auto stream = std::make_unique<chat_stream::implementation>(owner, executor, request, options);
    result<void> const started = co_await stream->start(*request);
    if (!started) {
        co_return started.error();
    }
    co_return chat_stream{std::move(stream)};
}

} // namespace engine
} // namespace cogate
