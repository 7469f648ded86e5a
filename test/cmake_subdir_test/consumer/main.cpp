// A user's program: asks the built-in demo provider through cogate as a part of its own build.
#include <cogate/cogate.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <iostream>
#include <string>

namespace {

boost::asio::awaitable<void> ask(cogate::gateway& gateway, std::string& answer)
{
    cogate::chat_request request{.model = "demo/echo", .messages = {cogate::user("Why is the sky blue?")}};
    cogate::chat_response response = co_await gateway.completion(request);
    answer = response.text();
}

void rethrow(std::exception_ptr fault)
{
    if (fault) {
        std::rethrow_exception(fault);
    }
}

} // namespace

int main()
{
    boost::asio::io_context context(1);
    cogate::gateway gateway;
    std::string answer;
    boost::asio::co_spawn(context, ask(gateway, answer), rethrow);
    context.run();
    std::cout << answer << '\n';
    return answer.find("sky") != std::string::npos ? 0 : 1;
}
