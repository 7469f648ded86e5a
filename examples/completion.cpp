// One question, one answer. `completion [MODEL] [TEXT]`; without arguments the built-in demo provider
// answers.
#include <cogate/cogate.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <iostream>

boost::asio::awaitable<void> run(cogate::gateway& gw, cogate::chat_request ask)
{
    cogate::chat_response answer = co_await gw.completion(ask);
    std::cout << answer.text() << '\n';
}

int main(int argc, char** argv)
{
    cogate::gateway gw;
    cogate::chat_request ask{.model = argc > 1 ? argv[1] : "demo/echo",
                             .messages = {cogate::user(argc > 2 ? argv[2] : "Why is the sky blue?")}};
    boost::asio::io_context context(1);
    auto done = boost::asio::co_spawn(context, run(gw, ask), boost::asio::use_future);
    context.run();
    try {
        done.get(); // throws what the call threw
    } catch (cogate::error const& why) {
        std::cerr << why.what() << '\n';
        return 1;
    }
}
