#include "lib/cli/keys_client.hpp"

#include "lib/core/json/document.hpp"
#include "lib/engine/fetch.hpp"
#include "lib/wire/url.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <optional>
#include <utility>

namespace asio = boost::asio;

namespace cogate::cli {

namespace {

/// A hundred keys of a list take some 200 KiB.
constexpr std::size_t most_answer = 64 << 20;

struct exchange_task {
    std::shared_ptr<transports::transport> over;
    transports::endpoint where;
    providers::encoded_request request;
    transports::exchange_limits limits;
    result<engine::fetched> answer = failure{};
};

asio::awaitable<void> run(exchange_task& of)
{
    asio::awaitable<result<engine::fetched>> call =
        engine::fetch(*of.over, of.where, of.request, of.limits, most_answer);
    of.answer = co_await std::move(call);
}

error_kind kind_of(int status) noexcept
{
    switch (status) {
    case 401: return error_kind::authentication;
    case 403: return error_kind::permission_denied;
    case 404: return error_kind::not_found;
    case 429: return error_kind::rate_limit;
    case 503: return error_kind::service_unavailable;
    default: return status < 500 ? error_kind::invalid_request : error_kind::internal_server;
    }
}

} // namespace

failure failure_of(int status, std::string const& body)
{
    json::document read;
    json::parse_error ignored;
    std::string message;
    std::string code;
    std::string param;
    if (read.parse(body, ignored)) {
        json::value const error = read["error"];
        message = error["message"].string();
        code = error["code"].string();
        param = error["param"].string();
    }
    if (message.empty()) {
        message = "It answered with status " + std::to_string(status) + " and no reason.";
    }
    return failure{kind_of(status), std::move(message)}
        .with_status(status)
        .with_code(std::move(code))
        .with_param(std::move(param));
}

result<std::string> ask_gateway(gateway_place const& where, providers::encoded_request request)
{
    char const* why = nullptr;
    std::optional<wire::url> const url = wire::parse_url(where.url, &why);
    if (!url || url->scheme == "demo") {
        return failure{error_kind::invalid_request,
                       "--url: not a gateway's address: " +
                           std::string(why != nullptr ? why : "no http or https")}
            .with_param("--url");
    }
    if (!where.key.empty()) {
        request.headers.emplace_back("authorization", "Bearer " + std::string(where.key.reveal()));
    }
    exchange_task task{.over = transports::make_http_transport({}),
                       .where = {.url = *url, .ca_file = {}, .pool_key = url->origin()},
                       .request = std::move(request),
                       .limits = {}};
    task.limits.first_byte = where.patience;
    task.limits.idle = where.patience;
    asio::io_context context(1);
    std::exception_ptr fault;
    asio::co_spawn(context, run(task), [&](std::exception_ptr thrown) {
        fault = std::move(thrown);
        context.stop(); // an idle connection of the pool would keep it going
    });
    context.run();
    if (fault) {
        std::rethrow_exception(fault);
    }
    if (!task.answer) {
        return task.answer.error();
    }
    if (task.answer->status != 200) {
        return failure_of(task.answer->status, task.answer->body);
    }
    return std::move(task.answer->body);
}

std::string keys_advice(failure const& why, std::string const& url)
{
    if (why->kind == error_kind::connection) {
        return "Nothing answers at " + url +
               ". Is the gateway running? `cogate serve` starts one; --url names another.";
    }
    if (why->kind == error_kind::authentication) {
        return "Set COGATE_MASTER_KEY to the gateway's master key, or to a key that may manage keys.";
    }
    if (why->kind == error_kind::not_found && why->code != "key_not_found" && why->param.empty()) {
        return "The gateway keeps no keys, or this is no gateway: it needs a master key and a data folder.";
    }
    return {};
}

} // namespace cogate::cli
