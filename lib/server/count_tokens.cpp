#include "lib/server/count_tokens.hpp"

#include "lib/core/json/document.hpp"
#include "lib/server/admission.hpp"
#include "lib/server/count_aside.hpp"
#include "lib/server/reply.hpp"

#include <cogate/tokens.hpp>

#include <boost/asio/this_coro.hpp>

#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace asio = boost::asio;

namespace cogate::server {
namespace {

/// A prompt that no provider counts for us.
struct countable {
    std::string upstream_model;
    std::shared_ptr<chat_request const> prompt;
};

// Gemini's longer form holds the whole request that would be sent.
std::string_view unwrapped(json::document& parsed, std::string_view body)
{
    json::parse_error error;
    if (parsed.parse(body, error)) {
        if (json::value const inner = parsed["generateContentRequest"]; inner.is_object()) {
            return inner.raw();
        }
    }
    return body;
}

// Anthropic's chat must say max_tokens, its count must not.
std::string with_ceiling(json::document const& parsed, std::string_view body)
{
    std::size_t const brace = body.find('{');
    if (brace == std::string_view::npos || parsed["max_tokens"].exists() || parsed["messages"].size() == 0) {
        return std::string(body);
    }
    return std::string(body.substr(0, brace + 1)) + R"("max_tokens":1,)" +
           std::string(body.substr(brace + 1));
}

/// Nothing when the relay serves it, or says what is wrong with it.
result<std::optional<countable>> read(routed const& at, relay_endpoint const& way, std::string_view body)
{
    result<std::unique_ptr<engine::relay_task>> const task = way.read(
        {.dialect = way.dialect, .target = way.target, .body = body, .headers = at.request.headers()});
    if (!task) {
        return std::optional<countable>{};
    }
    std::string const& model = (*task)->facts().model;
    std::shared_ptr<engine::routes const> const served = at.server.kernel().current_routes();
    result<engine::routes::target> const found = served->example(ledger::model_meant(at.caller, model));
    if (!found || found->deployment->dialect_for(at.dialect.name(), found->upstream_model) != nullptr) {
        return std::optional<countable>{};
    }
    json::document parsed;
    std::string_view const asked = unwrapped(parsed, body);
    result<providers::parsed_chat> chat = way.dialect.parse_chat(with_ceiling(parsed, asked), way.target);
    if (!chat) {
        return chat.error();
    }
    return std::optional(
        countable{found->upstream_model, std::make_shared<chat_request const>(std::move(chat->request))});
}

result<void> may_count(routed const& at, relay_endpoint const& way, std::string_view body,
                       asio::any_io_executor const& executor, call_options& options)
{
    result<std::unique_ptr<engine::relay_task>> const task =
        way.read({.dialect = way.dialect, .target = way.target, .body = body, .headers = {}});
    if (!task) {
        return task.error();
    }
    result<std::string_view> const model =
        admit(at, executor, {.call_type = way.operation, .model = (*task)->facts().model}, options);
    return model ? result<void>{} : result<void>(model.error());
}

} // namespace

asio::awaitable<void> serve_token_count(routed at, relay_endpoint way, std::string_view member)
{
    result<std::string_view> const body = co_await at.request.read_body();
    result<std::optional<countable>> what = std::optional<countable>{};
    if (body) {
        what = read(at, way, *body);
    }
    if (what && !*what) {
        asio::awaitable<void> relayed = serve_relay(at, way);
        co_await std::move(relayed);
        co_return;
    }
    asio::any_io_executor const executor = co_await asio::this_coro::executor;
    call_options options;
    result<std::size_t> counted = std::size_t{0};
    if (!what) {
        counted = what.error();
    } else if (result<void> const may = may_count(at, way, *body, executor, options); !may) {
        counted = may.error();
    } else {
        asio::awaitable<result<std::size_t>> counting = count_text(
            [asked = **what] { return token_counter(asked.upstream_model, *asked.prompt); }, body->size());
        counted = co_await std::move(counting);
    }
    if (!counted) {
        failure why = counted.error();
        asio::awaitable<void> refusal = reply_error(at.dialect, at.request, std::move(why));
        co_await std::move(refusal);
        co_return;
    }
    std::string const answer = "{\"" + std::string(member) + "\":" + std::to_string(*counted) + "}";
    asio::awaitable<void> sent = reply(at.request, 200, json_type, answer);
    co_await std::move(sent);
}

} // namespace cogate::server
