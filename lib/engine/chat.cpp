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
asio::awaitable<result<Answer>> ask_whole(call& one, Encode encode, Decode decode)
{
    encoded body{encode, false};
    result<void> const started = co_await one.start(body);
    if (!started) {
        co_return started.error();
    }
    result<std::string_view> const bytes = co_await one.read_all();
    if (!bytes) {
        co_return one.fail(bytes.error());
    }
    result<Answer> answer = decode(one.dialect(), {*bytes, one.head().headers},
                                   one.deployment().context(one.upstream_model(), false));
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
    using namespace providers;
    asio::any_io_executor const executor = co_await asio::this_coro::executor;
    call one{owner, executor, {"chat", request->model, false}, options};
    auto const encode = [asked = request.get()](client_dialect const& dialect, call_context const& context) {
        return dialect.encode_chat(*asked, context);
    };
    auto const decode = [](client_dialect const& dialect, whole_answer const& answer,
                           call_context const& context) { return dialect.decode_chat(answer, context); };
    asio::awaitable<result<chat_response>> work = ask_whole<chat_response>(one, encode, decode);
    co_return co_await std::move(work);
}

} // namespace cogate::engine
