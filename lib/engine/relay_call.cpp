#include "lib/engine/relay_call.hpp"

#include <utility>

namespace asio = boost::asio;

namespace cogate::engine {

relay_call::relay_call(kernel& owner, asio::any_io_executor executor, std::string_view operation,
                       relay_task& task, call_options const& options)
    : call_(owner, std::move(executor), {operation, task.facts().model, task.facts().stream}, options),
      task_(task)
{
    task_.name_answers(call_.facts().call_id);
}

asio::awaitable<result<void>> relay_call::start()
{
    result<void> const started = co_await call_.start(task_);
    if (!started || !task_.facts().stream) {
        co_return started;
    }
    if (!call_.is_event_stream()) {
        co_return co_await call_.refuse_content();
    }
    stream_ = task_.stream();
    result<std::string_view> const first = co_await pull();
    if (!first) {
        co_return first.error();
    }
    first_ready_ = true;
    co_return result<void>{};
}

asio::awaitable<result<std::string_view>> relay_call::whole()
{
    result<std::string_view> const body = co_await call_.read_all();
    if (!body) {
        co_return call_.fail(body.error());
    }
    result<relayed_answer> answer = task_.whole({*body, call_.head().headers});
    if (!answer) {
        co_return call_.fail(answer.error());
    }
    call_.succeed(std::move(answer->usage));
    co_return answer->body;
}

asio::awaitable<result<std::string_view>> relay_call::next()
{
    if (first_ready_) {
        first_ready_ = false;
        co_return run_;
    }
    co_return co_await pull();
}

asio::awaitable<result<std::string_view>> relay_call::pull()
{
    run_ = {};
    while (run_.empty() && !ended_) {
        if (stream_->broken()) {
            co_return call_.fail(*stream_->broken());
        }
        result<std::string_view> const bytes = co_await call_.read();
        if (!bytes) {
            co_return call_.fail(bytes.error());
        }
        stream_signs signs;
        result<std::string_view> const out =
            bytes->empty() ? stream_->finish(signs) : stream_->feed(*bytes, signs);
        if (!out) {
            co_return call_.fail(out.error());
        }
        if (signs.progress) {
            call_.progress();
        }
        if (signs.content) {
            call_.first_token();
        }
        run_ = *out;
        if (bytes->empty()) {
            ended_ = true;
            call_.succeed(stream_->used());
        }
    }
    co_return run_;
}

} // namespace cogate::engine
