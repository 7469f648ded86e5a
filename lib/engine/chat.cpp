#include "lib/engine/chat.hpp"

#include "lib/engine/call.hpp"
#include "lib/engine/encoded.hpp"

#include <boost/asio/this_coro.hpp>

#include <utility>

namespace asio = boost::asio;

namespace cogate::engine {

namespace {

// A call whose answer is read whole. `encode` and `decode` are functions of the dialect that serves it.
template <class Answer, class Encode, class Decode>
asio::awaitable<result<Answer>> whole_answer(call& one, Encode encode, Decode decode)
{
    encoded body{encode};
    result<void> const started = co_await one.start(body);
    if (!started) {
        co_return started.error();
    }
    result<std::string_view> const bytes = co_await one.read_all();
    if (!bytes) {
        co_return one.fail(bytes.error());
    }
    result<Answer> answer = decode(*one.deployment().dialect, *bytes);
    if (!answer) {
        co_return one.fail(answer.error());
    }
    one.succeed(answer->usage);
    co_return answer;
}

} // namespace

asio::awaitable<result<chat_response>> complete(kernel& owner, std::shared_ptr<chat_request const> request,
                                                call_options options)
{
    using providers::client_dialect;
    asio::any_io_executor const executor = co_await asio::this_coro::executor;
    call one{owner, executor, {"chat", request->model, false}, options};
    auto const encode = [asked = request.get()](client_dialect const& dialect, std::string_view model) {
        return dialect.encode_chat(*asked, model, false);
    };
    auto const decode = [](client_dialect const& dialect, std::string_view bytes) {
        return dialect.decode_chat(bytes);
    };
    asio::awaitable<result<chat_response>> work = whole_answer<chat_response>(one, encode, decode);
    co_return co_await std::move(work);
}

asio::awaitable<result<embedding_response>>
embed(kernel& owner, std::shared_ptr<embedding_request const> request, call_options options)
{
    using providers::client_dialect;
    asio::any_io_executor const executor = co_await asio::this_coro::executor;
    call one{owner, executor, {"embedding", request->model, false}, options};
    auto const encode = [asked = request.get()](client_dialect const& dialect, std::string_view model) {
        return dialect.encode_embedding(*asked, model);
    };
    auto const decode = [](client_dialect const& dialect, std::string_view bytes) {
        return dialect.decode_embedding(bytes);
    };
    asio::awaitable<result<embedding_response>> work = whole_answer<embedding_response>(one, encode, decode);
    co_return co_await std::move(work);
}

} // namespace cogate::engine
