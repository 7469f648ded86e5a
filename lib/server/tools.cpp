#include "lib/catalog/cost.hpp"
#include "lib/catalog/litellm_info.hpp"
#include "lib/catalog/meter.hpp"
#include "lib/core/json/document.hpp"
#include "lib/core/json/writer.hpp"
#include "lib/server/count_aside.hpp"
#include "lib/server/reply.hpp"
#include "lib/server/routes.hpp"
#include "lib/wire/url.hpp"
#include "providers/request_body.hpp"

#include <cogate/tokens.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <utility>

namespace asio = boost::asio;

namespace cogate::server {
namespace {

/// Some milliseconds at the worst; larger bodies are counted on another thread.

std::chrono::sys_seconds now()
{
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

failure bad_request(std::string message, std::string param)
{
    return failure{error_kind::invalid_request, std::move(message)}.with_param(std::move(param));
}

bool given(json::value one) noexcept
{
    return one.exists() && !one.is_null();
}

/// A model that a client named, served here or only known.
struct named_model {
    std::shared_ptr<engine::routes const> routes; ///< keeps the facts alive
    std::string asked;
    std::string upstream;
    model_facts const* facts = nullptr;
};

named_model look_up(engine::kernel const& kernel, std::string asked)
{
    named_model out{kernel.current_routes(), std::move(asked), {}, nullptr};
    if (result<engine::routes::target> const found = out.routes->example(out.asked)) {
        out.upstream = found->upstream_model;
        out.facts = found->deployment->facts(found->upstream_model);
    } else {
        out.upstream = out.asked;
        out.facts = out.routes->prices()->find(out.asked);
    }
    return out;
}

result<std::string> read_name(json::value object, std::string const& param)
{
    json::value const name = object["model"];
    if (!given(name)) {
        return bad_request("The request names no model.", param);
    }
    if (!name.is_string() || name.string().empty()) {
        return bad_request("'" + param + "' must be the name of a model.", param);
    }
    return name.string();
}

struct counting {
    named_model model;
    std::function<std::size_t()> work;
};

/// What `prompt` or `messages` ask to be counted.
result<counting> read_counting(routed at, std::string_view body)
{
    json::document doc;
    result<json::value> const root = providers::open_request(doc, body);
    if (!root) {
        return root.error();
    }
    result<std::string> name = read_name(*root, "model");
    if (!name) {
        return name.error();
    }
    json::value const prompt = (*root)["prompt"];
    bool const has_messages = given((*root)["messages"]);
    if (given(prompt) == has_messages) {
        return bad_request("The request must have either 'prompt' or 'messages'.", "messages");
    }
    counting out{look_up(at.server.kernel(), std::move(*name)), {}};
    if (!has_messages) {
        if (!prompt.is_string()) {
            return bad_request("'prompt' must be a string.", "prompt");
        }
        out.work = [encoding = encoding_for(out.model.upstream), text = prompt.string()] {
            return count_tokens(encoding, text);
        };
        return out;
    }
    result<providers::parsed_chat> parsed = at.dialect.parse_chat(body, {});
    if (!parsed) {
        return parsed.error();
    }
    auto const request = std::make_shared<chat_request const>(std::move(parsed->request));
    out.work = [model = out.model.upstream, request] { return token_counter(model, *request); };
    return out;
}

asio::awaitable<void> reply_json(routed at, result<std::string> body)
{
    if (!body) {
        failure why = body.error();
        asio::awaitable<void> refusal = reply_error(at.dialect, at.request, std::move(why));
        co_await std::move(refusal);
        co_return;
    }
    asio::awaitable<void> sent = reply(at.request, 200, json_type, *body);
    co_await std::move(sent);
}

result<std::string> cost_body(named_model const& model, usage const& tokens, service_tier tier)
{
    if (model.facts == nullptr) {
        return failure{error_kind::not_found,
                       "No price is known for the model '" + model.asked.substr(0, 200) + "'."}
            .with_code("unknown_model")
            .with_param("model");
    }
    result<call_cost> const cost = catalog::cost_of(*model.facts, tokens, {.tier = tier, .when = now()});
    if (!cost) {
        return cost.error();
    }
    return "{\"cost\":" + to_string(cost->total) + '}';
}

/// Of an answer in the shape of a chat completion, whose model the request may name anew.
result<std::string> cost_of_answer(routed at, json::value root)
{
    json::value const answer = root["completion_response"];
    result<std::string> name =
        given(root["model"]) ? read_name(root, "model") : read_name(answer, "completion_response.model");
    if (!name) {
        return name.error();
    }
    usage const tokens = at.server.openai().read_usage(answer["usage"]);
    if (!tokens.reported) {
        return bad_request("The answer has no usage.", "completion_response.usage");
    }
    std::optional<service_tier> const tier = catalog::tier_of(answer["service_tier"].string());
    return cost_body(look_up(at.server.kernel(), std::move(*name)), tokens,
                     tier.value_or(service_tier::standard));
}

/// Nothing when the body is to be counted first.
std::optional<result<std::string>> cost_without_counting(routed at, std::string_view body)
{
    json::document doc;
    result<json::value> const root = providers::open_request(doc, body);
    if (!root) {
        return root.error();
    }
    if (given((*root)["messages"])) {
        return std::nullopt;
    }
    if (!given((*root)["completion_response"])) {
        return bad_request("The request must have 'messages' or 'completion_response'.", "messages");
    }
    return cost_of_answer(at, *root);
}

void write_deployment(json::writer& out, engine::served_deployment const& one, std::chrono::sys_seconds when)
{
    out.begin_object().member("model_name", one.model_name).key("litellm_params").begin_object();
    out.member("model", std::string(one.provider->name) + '/' + one.upstream);
    out.member("custom_llm_provider", one.provider->name).end_object();
    out.key("model_info").begin_object().member("id", one.id).member("db_model", false);
    out.member("key", one.upstream);
    if (model_facts const* const facts = one.facts(one.upstream)) {
        catalog::write_litellm_info(out, *facts, when);
    } else {
        out.member("litellm_provider", one.provider->name);
    }
    out.end_object().end_object();
}

} // namespace

asio::awaitable<void> token_counter_endpoint(routed at)
{
    result<std::string_view> const body = co_await at.request.read_body();
    if (!body) {
        at.request.close_after();
    }
    result<counting> const asked = body ? read_counting(at, *body) : result<counting>(body.error());
    result<std::string> answer = std::string{};
    if (asked) {
        asio::awaitable<result<std::size_t>> work = count_text(asked->work, body->size());
        result<std::size_t> const counted = co_await std::move(work);
        if (counted) {
            json::writer out(*answer);
            out.begin_object().member("total_tokens", *counted).member("request_model", asked->model.asked);
            out.member("model_used", asked->model.upstream).member("tokenizer_type", "openai_tokenizer");
            out.end_object();
        } else {
            answer = counted.error();
        }
    } else {
        answer = asked.error();
    }
    asio::awaitable<void> sent = reply_json(at, std::move(answer));
    co_await std::move(sent);
}

asio::awaitable<void> spend_calculate(routed at)
{
    result<std::string_view> const body = co_await at.request.read_body();
    if (!body) {
        at.request.close_after();
    }
    std::optional<result<std::string>> answer =
        body ? cost_without_counting(at, *body) : std::optional<result<std::string>>(body.error());
    if (!answer) {
        result<counting> const asked = read_counting(at, *body);
        answer = result<std::string>(std::string{});
        if (asked) {
            asio::awaitable<result<std::size_t>> work = count_text(asked->work, body->size());
            result<std::size_t> const counted = co_await std::move(work);
            usage tokens;
            if (counted) {
                tokens.prompt_tokens = static_cast<std::int64_t>(*counted);
                answer = cost_body(asked->model, tokens, service_tier::standard);
            } else {
                answer = counted.error();
            }
        } else {
            answer = asked.error();
        }
    }
    asio::awaitable<void> sent = reply_json(at, std::move(*answer));
    co_await std::move(sent);
}

asio::awaitable<void> model_info_endpoint(routed at)
{
    std::shared_ptr<engine::routes const> const served = at.server.kernel().current_routes();
    std::unordered_set<std::string> named;
    for (model const& one : served->models()) {
        named.insert(one.id);
    }
    std::string_view const asked = wire::query_value(at.request.target(), "litellm_model_id");
    std::optional<std::string> const id = wire::percent_decode(asked);
    std::chrono::sys_seconds const when = now();
    std::string body;
    json::writer out(body);
    bool any = false;
    out.begin_object().key("data").begin_array();
    for (engine::served_deployment const& one : served->deployments()) {
        if (named.contains(one.model_name) && (asked.empty() || id == one.id)) {
            write_deployment(out, one, when);
            any = true;
        }
    }
    out.end_array().end_object();
    result<std::string> answer = std::move(body);
    if (!any && !asked.empty()) {
        answer = bad_request("No deployment has this id.", "litellm_model_id");
    }
    asio::awaitable<void> sent = reply_json(at, std::move(answer));
    co_await std::move(sent);
}

} // namespace cogate::server
