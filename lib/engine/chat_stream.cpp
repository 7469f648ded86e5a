#include "lib/engine/call.hpp"
#include "lib/engine/chat.hpp"
#include "lib/engine/encoded.hpp"

#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>

#include <utility>
#include <vector>

namespace asio = boost::asio;

namespace cogate {

/// Pulls body bytes through the dialect's decoder until a chunk is there.
class chat_stream::implementation {
public:
    implementation(engine::kernel& owner, asio::any_io_executor executor, chat_request const& request,
                   call_options const& options)
        : call_(owner, std::move(executor), {"chat", request.model, true}, options)
    {}

    asio::awaitable<result<void>> start(chat_request const& request)
    {
        auto const encode = [&request](providers::client_dialect const& dialect,
                                       providers::call_context const& context) {
            return dialect.encode_chat(request, context);
        };
        engine::encoded body{encode, true};
        result<void> started = co_await call_.start(body);
        if (!started) {
            co_return started;
        }
        if (!call_.is_event_stream()) {
            co_return co_await call_.refuse_content();
        }
        engine::served_deployment const& served = call_.deployment();
        decoder_ = call_.dialect().decode_chat_stream(served.context(call_.upstream_model(), true));
        co_return started;
    }

    asio::awaitable<result<std::optional<chat_chunk>>> next()
    {
        for (;;) {
            if (taken_ != ready_.size()) {
                co_return take();
            }
            if (error_) {
                co_return *error_;
            }
            if (ended_) {
                co_return std::optional<chat_chunk>{};
            }
            result<void> const filled = co_await fill();
            if (!filled) {
                error_ = call_.fail(filled.error());
            }
        }
    }

    void cancel() noexcept { call_.cancel(); }

private:
    std::optional<chat_chunk> take()
    {
        chat_chunk chunk = std::move(ready_[taken_++]);
        if (!chunk.choices.empty()) {
            call_.first_token();
        }
        if (chunk.usage) {
            usage_ = *chunk.usage;
        }
        if (ended_ && taken_ == ready_.size()) {
            call_.succeed(usage_);
        }
        return chunk;
    }

    // One read's worth of events, decoded into `ready_`.
    asio::awaitable<result<void>> fill()
    {
        ready_.clear();
        taken_ = 0;
        result<std::string_view> const bytes = co_await call_.read();
        if (!bytes) {
            co_return bytes.error();
        }
        if (bytes->empty()) {
            co_return end();
        }
        co_return decode(*bytes);
    }

    result<void> decode(std::string_view bytes)
    {
        result<std::size_t> const events = decoder_->feed(bytes, ready_);
        if (!events) {
            return events.error();
        }
        if (*events != 0) {
            call_.progress();
        }
        return {};
    }

    result<void> end()
    {
        if (result<void> finished = decoder_->finish(ready_); !finished) {
            return finished;
        }
        ended_ = true;
        if (ready_.empty()) {
            call_.succeed(usage_);
        }
        return {};
    }

    engine::call call_;
    std::unique_ptr<providers::chat_stream_decoder> decoder_;
    std::vector<chat_chunk> ready_;
    std::size_t taken_ = 0;
    usage usage_;
    std::optional<failure> error_;
    bool ended_ = false;
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
    co_return failure{error_kind::cancelled, "The caller cancelled the call."}.with_code("cancelled");
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
