#include "lib/engine/answer_stream.hpp"
#include "lib/engine/call.hpp"
#include "lib/engine/cancelled.hpp"
#include "lib/engine/chat.hpp"
#include "lib/engine/outgoing_chat.hpp"

#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>

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
            content_ = content_ || engine::says_something(chunks_[looked_]);
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
    bool content_ = false;
};

} // namespace

/// Pulls body bytes through the dialect's decoder until a chunk is there.
class chat_stream::implementation {
public:
    implementation(engine::kernel& owner, asio::any_io_executor executor, chat_request const& request,
                   call_options const& options)
        : call_(owner, std::move(executor), {"chat", request.model, true}, options)
    {}

    asio::awaitable<result<void>> start(chat_request const& request)
    {
        engine::outgoing_chat<streamed_chat> what{request, true};
        co_return co_await call_.start(what);
    }

    asio::awaitable<result<std::optional<chat_chunk>>> next()
    {
        for (;;) {
            if (cancelled_) {
                failure const why = engine::caller_cancelled();
                co_return call_.fail(why);
            }
            std::optional<chat_chunk> chunk = static_cast<streamed_chat&>(call_.answer()).take();
            if (chunk || call_.complete()) {
                co_return chunk;
            }
            if (error_) {
                co_return *error_;
            }
            result<void> const pulled = co_await call_.pull();
            if (!pulled) {
                error_ = pulled.error(); // behind the chunks that came before it
            }
        }
    }

    void cancel() noexcept
    {
        cancelled_ = true;
        call_.cancel();
    }

private:
    engine::call call_;
    std::optional<failure> error_;
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
    auto stream = std::make_unique<chat_stream::implementation>(owner, executor, *request, options);
    result<void> const started = co_await stream->start(*request);
    if (!started) {
        co_return started.error();
    }
    co_return chat_stream{std::move(stream)};
}

} // namespace engine
} // namespace cogate
