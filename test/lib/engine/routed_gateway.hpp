#pragma once
/// A gateway over scripted upstreams, one per deployment, on virtual time: for tests of routing.

#include "test/lib/engine/script.hpp"

#include <boost/test/unit_test.hpp>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cogate::test {

namespace asio = boost::asio;
namespace wire = cogate::wire;
using namespace std::chrono_literals;

using answer = std::function<wire::scripted_reply(int nth)>;

inline answer says(std::string const& text, std::chrono::milliseconds after = 0ms)
{
    return [text, after](int) {
        wire::scripted_reply reply = json_reply(200, whole_answer(text));
        reply.head_delay = after;
        return reply;
    };
}

inline answer streams(std::string const& text, std::chrono::milliseconds first = 0ms)
{
    return [text, first](int) {
        wire::scripted_reply reply =
            event_stream({content_event(text), finish_event(), usage_event(), "[DONE]"});
        reply.body.front().delay = first;
        return reply;
    };
}

inline answer fails(int status)
{
    return [status](int) { return json_reply(status, R"({"error":{"message":"no"}})"); };
}

inline answer hangs()
{
    return [](int) {
        wire::scripted_reply reply = json_reply(200, {});
        reply.body.clear();
        reply.end = wire::scripted_reply::ending::stall;
        return reply;
    };
}

struct outcomes : observer {
    call_outcome_ptr last;
    asio::awaitable<void> on_success(call_facts_ptr, call_outcome_ptr outcome) override
    {
        last = std::move(outcome);
        co_return;
    }
    asio::awaitable<void> on_failure(call_facts_ptr, call_outcome_ptr outcome) override
    {
        last = std::move(outcome);
        co_return;
    }
};

/// Deployments `group/host` over scripted upstreams, one per host, on virtual time.
class routed_gateway {
public:
    routed_gateway(std::vector<std::pair<std::string, std::string>> const& group_and_host,
                   router_options router = {}, std::string price_map = {})
        : upstream(transports::make_scripted_transport([this](std::string_view request) {
              std::string const host = host_of(request);
              return hosts.at(host)(seen[host]++);
          })),
          ears(std::make_shared<outcomes>()),
          kernel(make(group_and_host, std::move(router), std::move(price_map))),
          gw(kernel)
    {}

    result<chat_response> ask_for(std::string const& model, call_options const& options = {})
    {
        chat_request const request{.model = model, .messages = {user("hi")}};
        return loop.run(gw.try_completion(request, options));
    }

    struct read {
        std::string text;
        std::optional<failure> error;
    };
    read stream_of(std::string const& model, call_options const& options = {})
    {
        return loop.run(drain(gw, {.model = model, .messages = {user("hi")}}, options));
    }

    std::string reasons()
    {
        loop.settle();
        std::string out;
        for (attempt_trace const& one : ears->last->route) {
            out += (out.empty() ? "" : " ") + std::string(one.reason) + ":" + one.deployment_id;
        }
        return out;
    }

    std::map<std::string, answer> hosts;
    std::map<std::string, int> seen;
    virtual_loop loop;
    std::shared_ptr<transports::memory_transport> upstream;
    std::shared_ptr<outcomes> ears;
    std::shared_ptr<engine::kernel> kernel;
    gateway gw;

    static gateway_options options_for(std::vector<std::pair<std::string, std::string>> const& group_and_host,
                                       router_options router)
    {
        gateway_options options;
        options.providers_from_environment = false;
        options.environment = [](std::string const&) { return std::optional<std::string>{}; };
        options.router = std::move(router);
        for (auto const& [group, host] : group_and_host) {
            options.deployments.push_back({.model_name = group,
                                           .model = group.ends_with('*') ? "openai/*" : "openai/up",
                                           .api_base = "http://" + host + ".test/v1",
                                           .api_key = secret("sk-test"),
                                           .id = host});
        }
        return options;
    }

private:
    static std::string host_of(std::string_view request)
    {
        std::size_t const from = request.find("host: ") + 6;
        return std::string(request.substr(from, request.find('.', from) - from));
    }

    std::shared_ptr<engine::kernel>
    make(std::vector<std::pair<std::string, std::string>> const& group_and_host, router_options router,
         std::string price_map)
    {
        gateway_options options = options_for(group_and_host, std::move(router));
        options.price_map = std::move(price_map);
        options.observers = {ears};
        return std::make_shared<engine::kernel>(std::move(options), upstream);
    }

    static asio::awaitable<read> drain(gateway& gw, chat_request request, call_options options)
    {
        read out;
        auto opened = co_await gw.try_stream(request, options);
        if (!opened) {
            out.error = opened.error();
            co_return out;
        }
        chat_stream stream = std::move(*opened);
        for (;;) {
            auto chunk = co_await stream.try_next();
            if (!chunk) {
                out.error = chunk.error();
                co_return out;
            }
            if (!*chunk) {
                co_return out;
            }
            out.text += (*chunk)->text();
        }
    }
};

} // namespace cogate::test
