// Prints an answer as it comes and handles failure as a value. `streaming [MODEL] [TEXT]`
#include <cogate/cogate.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <iostream>

boost::asio::awaitable<void> run(cogate::gateway& gw, cogate::chat_request ask)
{
    cogate::result<cogate::chat_stream> stream = co_await gw.try_stream(ask);
    if (!stream) {
        std::cerr << stream.error()->message << '\n';
        co_return;
    }
    for (;;) {
        cogate::result<std::optional<cogate::chat_chunk>> chunk = co_await stream->try_next();
        if (!chunk) {
            std::cerr << "\ncut: " << chunk.error()->message << '\n';
            co_return;
        }
        if (!chunk->has_value()) {
            break;
        }
        std::cout << (*chunk)->text() << std::flush;
    }
    std::cout << '\n';
}

int main(int argc, char** argv)
{
    cogate::gateway gw;
    cogate::chat_request ask{.model = argc > 1 ? argv[1] : "demo/tokens-20@20",
                             .messages = {cogate::user(argc > 2 ? argv[2] : "Count to twenty.")}};
    boost::asio::io_context context(1);
    boost::asio::co_spawn(context, run(gw, ask), boost::asio::detached);
    context.run();
}
