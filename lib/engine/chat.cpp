#include "lib/engine/chat.hpp"

#include "lib/engine/call.hpp"
#include "lib/engine/encoded.hpp"

#include <boost/asio/this_coro.hpp>

namespace asio = boost::asio;

namespace cogate::engine {

asio::awaitable<result<chat_response>> complete(kernel& owner, std::shared_ptr<chat_request const> request,
                                                call_options options)
{
    asio::any_io_executor const executor = co_await asio::this_coro::executor;
    call one{owner, executor, {"chat", request->model, false}, options};
    auto const encode = [&request](providers::client_dialect const& dialect, std::string_view model) {
        return dialect.encode_chat(*request, model, false);
    };
    encoded body{encode};
    result<void> const started = co_await one.start(body);
    if (!started) {
        co_return started.error();
    }
    result<std::string_view> const bytes = co_await one.read_all();
    if (!bytes) {
        co_return one.fail(bytes.error());
    }
    result<chat_response> answer = one.deployment().dialect->decode_chat(*bytes);
    if (!answer) {
        co_return one.fail(answer.error());
    }
    one.succeed(answer->usage);
    co_return answer;
}

asio::awaitable<result<embedding_response>>
embed(kernel& owner, std::shared_ptr<embedding_request const> request, call_options options)
{
    asio::any_io_executor const executor = co_await asio::this_coro::executor;
    call one{owner, executor, {"embedding", request->model, false}, options};
    auto const encode = [&request](providers::client_dialect const& dialect, std::string_view model) {
        return dialect.encode_embedding(*request, model);
    };
    encoded body{encode};
    result<void> const started = co_await one.start(body);
    if (!started) {
        co_return started.error();
    }
    result<std::string_view> const bytes = co_await one.read_all();
    if (!bytes) {
        co_return one.fail(bytes.error());
    }
    result<embedding_response> answer = one.deployment().dialect->decode_embedding(*bytes);
    if (!answer) {
        co_return one.fail(answer.error());
    }
    one.succeed(answer->usage);
    co_return answer;
}

} // namespace cogate::engine
