#include "lib/engine/call.hpp"
#include "lib/server/admission.hpp"
#include "lib/server/reply.hpp"
#include "lib/server/routes.hpp"
#include "lib/server/stream_out.hpp"
#include "lib/wire/header.hpp"
#include "lib/wire/url.hpp"

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

namespace asio = boost::asio;

namespace cogate::server {
namespace {

constexpr std::array<std::string_view, 8> forwarded = {
    "anthropic-version", "anthropic-beta",  "openai-beta",         "openai-organization",
    "openai-project",    "idempotency-key", "x-goog-user-project", "x-amz-target"};

std::vector<std::pair<std::string, std::string>> headers_of(transports::inbound_request const& request)
{
    std::vector<std::pair<std::string, std::string>> out;
    for (std::string_view const name : forwarded) {
        if (auto const value = wire::find_header(request.headers(), name)) {
            out.emplace_back(std::string(name), std::string(*value));
        }
    }
    return out;
}

// The client's key for us must not travel on.
std::string without_key(std::string_view query)
{
    std::string out;
    while (!query.empty()) {
        std::string_view const pair = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(query.size(), pair.size() + 1));
        if (!pair.starts_with("key=") && !pair.empty()) {
            out += out.empty() ? '?' : '&';
            out += pair;
        }
    }
    return out;
}

class passed_request final : public engine::dispatch {
public:
    explicit passed_request(parts const& request) { request_ = request; }
    ready ready_when() const noexcept override { return ready::at_head; }
};

/// A request as it came, but for host and credentials.
class passed final : public engine::outgoing {
public:
    passed(transports::inbound_request& request, std::string_view rest, std::string_view body)
        : request_(request), headers_(headers_of(request)), body_(body)
    {
        path_ = '/';
        path_ += rest;
        std::size_t const question = request.target().find('?');
        if (question != std::string_view::npos) {
            path_ += without_key(request.target().substr(question + 1));
        }
    }

    result<std::unique_ptr<engine::dispatch>> prepare(engine::served_deployment const& deployment,
                                                      std::string_view) override
    {
        return std::unique_ptr<engine::dispatch>(std::make_unique<passed_request>(engine::dispatch::parts{
            .path = path_,
            .body = {&body_, 1},
            .headers = headers_,
            .method = request_.method(),
            .content_type = wire::find_header(request_.headers(), "content-type").value_or(json_type),
            .accept = wire::find_header(request_.headers(), "accept").value_or("*/*"),
            .dialect = deployment.dialects.front(),
            .raw = true}));
    }

private:
    transports::inbound_request& request_;
    std::vector<std::pair<std::string, std::string>> headers_;
    std::string path_;
    std::string_view body_;
};

/// "openai" of "/openai/v1/models".
std::string_view service_of(std::string_view target, std::string_view rest) noexcept
{
    std::string_view path = target.substr(0, target.find('?'));
    path.remove_suffix(
        std::min(path.size(), rest.size() + (path.ends_with('/') && !rest.ends_with('/') ? 2 : 1)));
    return path.substr(path.rfind('/') + 1);
}

} // namespace

asio::awaitable<void> pass_through(routed at)
{
    asio::any_io_executor const executor = co_await asio::this_coro::executor;
    std::string_view const name = service_of(at.request.target(), at.rest);
    std::shared_ptr<engine::routes const> const routes = at.server.kernel().current_routes();
    engine::served_deployment const* const service = routes->service(name);
    if (service == nullptr) {
        failure why{error_kind::not_found, "Nothing is passed through to " + std::string(name) +
                                               ": no deployment and no key in the environment names it."};
        why.with_code("model_not_found");
        asio::awaitable<void> refusal = reply_error(at.dialect, at.request, std::move(why));
        co_await std::move(refusal);
        co_return;
    }
    result<std::string_view> const body = co_await at.request.read_body();
    if (!body) {
        at.request.close_after();
        failure why = body.error();
        asio::awaitable<void> refusal = reply_error(at.dialect, at.request, std::move(why));
        co_await std::move(refusal);
        co_return;
    }
    passed what{at.request, at.rest, *body};
    call_options options;
    // what is asked for there is nobody's model group; lists of models allow it as "openai/*" does
    std::string const asked = std::string(name) + "/*";
    result<std::string_view> const allowed = admit(at, executor,
                                                   {.call_type = "pass_through",
                                                    .model = asked,
                                                    .prompt_bytes = static_cast<std::int64_t>(body->size())},
                                                   options);
    if (!allowed) {
        failure why = allowed.error();
        asio::awaitable<void> refusal = reply_error(at.dialect, at.request, std::move(why));
        co_await std::move(refusal);
        co_return;
    }
    engine::call call{at.server.kernel(), executor, {"pass_through", name, false, service}, options};
    disconnect_guard const guard{at.request, call};
    result<void> const started = co_await call.start(what);
    if (!started) {
        failure why = started.error();
        asio::awaitable<void> refusal = reply_error(at.dialect, at.request, std::move(why), &call);
        co_await std::move(refusal);
        co_return;
    }
    asio::awaitable<void> rest = stream_body(at.request, call);
    co_await std::move(rest);
}

} // namespace cogate::server
