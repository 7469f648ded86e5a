// Hears of every call: start, first token, then success or failure.
#include <cogate/cogate.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <iostream>
#include <memory>

namespace {

double seconds(std::chrono::nanoseconds span)
{
    return std::chrono::duration<double>(span).count();
}

class printer : public cogate::observer {
public:
    boost::asio::awaitable<void> on_success(cogate::call_facts_ptr call,
                                            cogate::call_outcome_ptr outcome) override
    {
        std::cout << call->call_id << ' ' << call->model_group << ": " << outcome->usage.completion_tokens
                  << " tokens in " << seconds(outcome->duration) << " s\n";
        co_return;
    }

    boost::asio::awaitable<void> on_failure(cogate::call_facts_ptr call,
                                            cogate::call_outcome_ptr outcome) override
    {
        std::cout << call->call_id << ' ' << call->model_group << ": "
                  << (outcome->error ? (*outcome->error)->message : "failed") << '\n';
        co_return;
    }

    // What is not wanted is not even queued.
    interests wants() const override { return {.start = false, .first_token = false}; }
};

} // namespace

boost::asio::awaitable<void> ask(cogate::gateway& gw, std::string model)
{
    cogate::chat_request request{.model = std::move(model), .messages = {cogate::user("Hello")}};
    cogate::result<cogate::chat_response> answer = co_await gw.try_completion(request);
    std::cout << (answer ? answer->text() : std::string("no answer")) << '\n';
}

int main()
{
    cogate::gateway_options options;
    options.observers.push_back(std::make_shared<printer>());
    cogate::gateway gw(std::move(options));
    boost::asio::io_context context(1);
    for (char const* model : {"demo/echo", "demo/error-429"}) {
        boost::asio::co_spawn(context, ask(gw, model), boost::asio::detached);
    }
    context.run();
}
