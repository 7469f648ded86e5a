#include "transports/mock_server/worker.hpp"

#include "lib/core/hash.hpp"
#include "transports/mock_server/session.hpp"

#include <sys/epoll.h>

#include <optional>
#include <utility>

namespace cogate::transports::mock {

namespace {

/// Rendered answers kept per worker; models are few in tests and benchmarks.
constexpr std::size_t most_rendered = 64;

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
    if (path.starts_with("/v1/")) {
        path.remove_prefix(3);
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
    return model_answer(head, path, scan_body(body));
}

std::shared_ptr<const answer> worker::model_answer(const request_head& head, std::string_view path,
                                                   const asked& what)
{
    if (path == "/models" && head.method == "GET") {
        return std::make_shared<answer>(models_answer());
    }
    const bool chat = path == "/chat/completions";
    if ((!chat && path != "/embeddings") || head.method != "POST") {
        return std::make_shared<answer>(
            error_answer(404, "The mock does not serve this path", "invalid_request_error", "not_found"));
    }
    fault how = options.every;
    if (what.model.starts_with("fault/")) {
        const std::optional<fault> named = parse_fault(what.model.substr(6));
        if (!named) {
            return std::make_shared<answer>(
                error_answer(404, "The mock has no such fault", "invalid_request_error", "model_not_found"));
        }
        how = *named;
    }
    key_.assign(1, static_cast<char>('a' + (chat ? 1 : 0) + (what.stream ? 2 : 0) +
                                     (what.include_usage ? 4 : 0) + (what.base64 ? 8 : 0)));
    key_.append(what.model).append(1, '\n').append(what.tool);
    if (!chat) {
        key_.append(1, '\n').append(std::to_string(what.inputs)).append(1, ',');
        key_.append(std::to_string(what.dimensions));
    }
    if (const auto found = rendered_.find(key_); found != rendered_.end()) {
        return found->second;
    }
    if (rendered_.size() >= most_rendered) {
        rendered_.clear();
    }
    auto made = std::make_shared<const answer>(render(chat, what, how));
    rendered_.emplace(key_, made);
    return made;
}

answer worker::render(bool chat, const asked& what, const fault& how) const
{
    if (!chat) {
        return apply_fault(embeddings_answer(what.model, what.inputs, what.dimensions, what.base64), how);
    }
    if (!what.tool.empty()) {
        return apply_fault(what.stream ? tool_stream(what.model, what.tool, what.include_usage)
                                       : tool_answer(what.model, what.tool),
                           how);
    }
    return apply_fault(what.stream ? chat_stream(options.shape, what.model, what.include_usage)
                                   : chat_answer(options.shape, what.model),
                       how);
}

} // namespace cogate::transports::mock
