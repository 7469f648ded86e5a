#include "transports/mock_server/worker.hpp"

#include "lib/core/hash.hpp"
#include "transports/mock_server/dialect_answer.hpp"
#include "transports/mock_server/session.hpp"

#include <sys/epoll.h>

#include <array>
#include <optional>
#include <utility>

namespace cogate::transports::mock {

namespace {

/// Rendered answers kept per worker; models are few in tests and benchmarks.
constexpr std::size_t most_rendered = 64;

struct endpoint {
    std::string_view path;
    api shape;
};
constexpr std::array<endpoint, 4> endpoints{{{"/chat/completions", api::chat},
                                             {"/embeddings", api::embeddings},
                                             {"/messages", api::messages},
                                             {"/responses", api::responses}}};

/// The API behind a path, and what the path says about the request.
std::optional<api> api_at(std::string_view path, asked& what)
{
    for (const endpoint& each : endpoints) {
        if (path == each.path) {
            return each.shape;
        }
    }
    constexpr std::string_view models = "/models/";
    const std::size_t colon = path.rfind(':');
    if (!path.starts_with(models) || colon == std::string_view::npos || colon < models.size()) {
        return std::nullopt;
    }
    const std::string_view verb = path.substr(colon + 1);
    what.model = path.substr(models.size(), colon - models.size());
    what.stream = verb == "streamGenerateContent";
    // The model comes from a path here and goes out inside of a JSON string.
    const bool plain = what.model.find_first_of("\"\\") == std::string_view::npos;
    return plain && (what.stream || verb == "generateContent") ? std::optional(api::generate_content)
                                                               : std::nullopt;
}

} // namespace

worker::worker(const mock_options& how, statistics& counters, const tls_server_context* tls, int listener,
               std::uint64_t seed)
    : options(how), seen(counters), random_(seed), tls_(tls), listener_(listener)
{
    loop.watch(listener_, *this, EPOLLIN | EPOLLEXCLUSIVE);
}

worker::~worker()
{
    sessions_.clear();
    loop.forget(listener_, *this);
}

void worker::on_ready(std::uint32_t)
{
    for (;;) {
        socket_descriptor socket = accept_tcp(listener_);
        if (!socket.valid()) {
            return;
        }
        auto made = std::make_unique<session>(*this, std::move(socket), tls_);
        session* const key = made.get();
        sessions_.emplace(key, std::move(made));
    }
}

void worker::drop(session& ended)
{
    const auto found = sessions_.find(&ended);
    if (found != sessions_.end()) {
        loop.retire(std::move(found->second));
        sessions_.erase(found);
    }
}

std::shared_ptr<const answer> worker::answer_to(const request_head& head, std::string_view body)
{
    std::string_view path = head.target.substr(0, head.target.find('?'));
    for (const std::string_view version : {"/v1", "/v1beta"}) {
        if (path.starts_with(version) && path.substr(version.size()).starts_with('/')) {
            path.remove_prefix(version.size());
            break;
        }
    }
    if (path == "/__mock/stats") {
        return std::make_shared<answer>(plain_answer(200, "application/json", seen.json()));
    }
    if (path == "/healthz") {
        return std::make_shared<answer>(plain_answer(200, "text/plain", "ok\n"));
    }
    seen.requests.fetch_add(1, std::memory_order_relaxed);
    seen.last_body_bytes.store(body.size(), std::memory_order_relaxed);
    seen.last_authorization_hash.store(head.authorization.empty() ? 0 : core::hash64(head.authorization),
                                       std::memory_order_relaxed);
    if (options.error_rate > 0 &&
        std::uniform_real_distribution<double>(0, 1)(random_) < options.error_rate) {
        return std::make_shared<answer>(error_answer(options.error_status, "The mock failed by chance",
                                                     "server_error", "mock_error_rate"));
    }
    if (path == "/models" && head.method == "GET") {
        return std::make_shared<answer>(models_answer());
    }
    asked what = scan_body(body);
    const std::optional<api> shape = api_at(path, what);
    if (!shape || head.method != "POST") {
        return std::make_shared<answer>(
            error_answer(404, "The mock does not serve this path", "invalid_request_error", "not_found"));
    }
    return model_answer(*shape, what);
}

std::shared_ptr<const answer> worker::model_answer(api shape, const asked& what)
{
    fault how = options.every;
    if (what.model.starts_with("fault/")) {
        const std::optional<fault> named = parse_fault(what.model.substr(6));
        if (!named) {
            return std::make_shared<answer>(error_answer(404, "The mock has no such fault",
                                                         "invalid_request_error", "model_not_found", shape));
        }
        how = *named;
    }
    key_.assign(1, static_cast<char>('a' + static_cast<int>(shape)));
    key_.append(1, static_cast<char>('a' + (what.stream ? 1 : 0) + (what.include_usage ? 2 : 0) +
                                     (what.base64 ? 4 : 0)));
    key_.append(what.model).append(1, '\n').append(what.tool);
    if (shape == api::embeddings) {
        key_.append(1, '\n').append(std::to_string(what.inputs)).append(1, ',');
        key_.append(std::to_string(what.dimensions));
    }
    if (const auto found = rendered_.find(key_); found != rendered_.end()) {
        return found->second;
    }
    if (rendered_.size() >= most_rendered) {
        rendered_.clear();
    }
    auto made = std::make_shared<const answer>(apply_fault(render(shape, what), how, shape));
    rendered_.emplace(key_, made);
    return made;
}

answer worker::render(api shape, const asked& what) const
{
    switch (shape) {
    case api::embeddings: return embeddings_answer(what.model, what.inputs, what.dimensions, what.base64);
    case api::messages:
        return what.stream ? messages_stream(options.shape, what.model)
                           : messages_answer(options.shape, what.model);
    case api::responses:
        return what.stream ? responses_stream(options.shape, what.model)
                           : responses_answer(options.shape, what.model);
    case api::generate_content:
        return what.stream ? generate_stream(options.shape, what.model)
                           : generate_answer(options.shape, what.model);
    case api::chat: break;
    }
    if (!what.tool.empty()) {
        return what.stream ? tool_stream(what.model, what.tool, what.include_usage)
                           : tool_answer(what.model, what.tool);
    }
    return what.stream ? chat_stream(options.shape, what.model, what.include_usage)
                       : chat_answer(options.shape, what.model);
}

} // namespace cogate::transports::mock
