#pragma once

#include "lib/engine/kernel.hpp"
#include "test/common/context_loop.hpp"
#include "transports/memory/memory_transport.hpp"

#include <cogate/gateway.hpp>

#include <memory>
#include <string>
#include <utility>

namespace cogate::test {

inline wire::scripted_reply json_reply(int status, std::string body)
{
    wire::scripted_reply reply;
    reply.status = status;
    reply.headers = {{"content-type", "application/json"}, {"x-request-id", "req_1"}};
    reply.body.push_back({std::chrono::milliseconds(0), std::move(body)});
    return reply;
}

inline wire::scripted_reply event_stream(std::vector<std::string> events)
{
    wire::scripted_reply reply;
    reply.headers = {{"content-type", "text/event-stream"}};
    for (std::string& event : events) {
        reply.body.push_back({std::chrono::milliseconds(10), "data: " + std::move(event) + "\n\n"});
    }
    return reply;
}

inline std::string whole_answer(std::string const& text)
{
    return R"({"id":"c1","object":"chat.completion","created":5,"model":"up","choices":[{"index":0,"message":)"
           R"({"role":"assistant","content":")" +
           text +
           R"("},"finish_reason":"stop"}],"usage":)"
           R"({"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}})";
}

inline std::string content_event(std::string const& text)
{
    return R"({"id":"c1","object":"chat.completion.chunk","created":5,"model":"up","choices":[{"index":0,"delta":)"
           R"({"content":")" +
           text + R"("},"finish_reason":null}]})";
}

inline std::string finish_event()
{
    return R"({"id":"c1","object":"chat.completion.chunk","created":5,"model":"up","choices":[{"index":0,)"
           R"("delta":{},"finish_reason":"stop"}]})";
}

inline std::string usage_event()
{
    return R"({"id":"c1","object":"chat.completion.chunk","created":5,"model":"up","choices":[],"usage":)"
           R"({"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}})";
}

/// A gateway with one deployment `m` over a scripted upstream, on virtual time.
class scripted_gateway {
public:
    explicit scripted_gateway(transports::memory_transport::responder answer,
                              std::vector<std::shared_ptr<observer>> observers = {})
        : upstream(transports::make_scripted_transport(std::move(answer))),
          kernel(make(std::move(observers))),
          gw(kernel)
    {}

    virtual_loop loop;
    std::shared_ptr<transports::memory_transport> upstream;
    std::shared_ptr<engine::kernel> kernel;
    gateway gw;

private:
    std::shared_ptr<engine::kernel> make(std::vector<std::shared_ptr<observer>> observers)
    {
        gateway_options options;
        options.providers_from_environment = false;
        options.environment = [](std::string const&) { return std::optional<std::string>{}; };
        options.observers = std::move(observers);
        options.router.num_retries = 0; // a test that wants retries says so
        options.deployments.push_back({.model_name = "m",
                                       .model = "openai/up",
                                       .api_base = "http://upstream.test/v1",
                                       .api_key = secret("sk-test")});
        return std::make_shared<engine::kernel>(std::move(options), upstream);
    }
};

inline chat_request ask(std::string text = "hi")
{
    return {.model = "m", .messages = {user(std::move(text))}};
}

} // namespace cogate::test
