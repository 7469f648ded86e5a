#include "lib/engine/responses.hpp"

#include "lib/core/json/scanner.hpp"
#include "lib/core/json/writer.hpp"
#include "lib/engine/relay_call.hpp"
#include "providers/registry.hpp"

#include <boost/asio/this_coro.hpp>

#include <array>
#include <string>
#include <utility>

namespace asio = boost::asio;

namespace cogate::engine {
namespace {

failure bad_request(std::string message, std::string param)
{
    return failure{error_kind::invalid_request, std::move(message)}.with_param(std::move(param));
}

/// The body with its model.
result<std::string> body_of(responses_request const& request)
{
    std::string const& body = request.body.text;
    std::array<json::member_query, 2> wanted{{{"model"}, {"stream"}}};
    json::scan_error error;
    if (!json::find_members(body, wanted, error)) {
        return bad_request("body must be a JSON object: " + json::to_string(error), "body");
    }
    if (wanted[1].value_in(body) == "true") {
        return bad_request("stream: the answer comes whole here; leave it out", "stream");
    }
    if (request.model.empty()) {
        return body;
    }
    if (wanted[0].found) {
        return bad_request("model is given twice: in the request and in its body", "model");
    }
    std::string out = "{\"model\":";
    json::writer(out).value(request.model);
    std::size_t const first = body.find_first_not_of(" \t\r\n", body.find('{') + 1);
    out += body[first] == '}' ? "" : ",";
    out.append(body, first);
    return out;
}

} // namespace

asio::awaitable<result<responses_response>>
respond(kernel& owner, std::shared_ptr<responses_request const> request, call_options options)
{
    asio::any_io_executor const executor = co_await asio::this_coro::executor;
    result<std::string> const body = body_of(*request);
    if (!body) {
        co_return body.error();
    }
    inbound_chat const inbound{.dialect = *providers::find_server_dialect("openai_responses"), .body = *body};
    result<std::unique_ptr<relay_task>> const task = read_chat(inbound);
    if (!task) {
        co_return task.error();
    }
    relay_call call{owner, executor, "responses", **task, (*task)->facts().model, options};
    result<void> const started = co_await call.start();
    if (!started) {
        co_return started.error();
    }
    responses_response answer;
    answer.body.text = call.whole();
    answer.usage = call.record().answer().used();
    answer.cost = call.record().cost();
    co_return answer;
}

} // namespace cogate::engine
