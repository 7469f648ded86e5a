#include "lib/server/surface.hpp"

#include "lib/core/secret.hpp"
#include "lib/core/text.hpp"
#include "lib/server/account.hpp"
#include "lib/server/reply.hpp"
#include "lib/server/routes.hpp"
#include "providers/registry.hpp"

#include <utility>

namespace asio = boost::asio;

namespace cogate::server {
namespace {

// The key as a client sends it: OpenAI's as Bearer, Anthropic's as x-api-key, Azure's as api-key, Google's as
// x-goog-api-key or in the query.
std::string_view presented_key(transports::inbound_request const& request) noexcept
{
    if (auto const bearer = wire::find_header(request.headers(), "authorization")) {
        constexpr std::string_view scheme = "Bearer ";
        if (core::iequals(bearer->substr(0, scheme.size()), scheme)) {
            return core::trim(bearer->substr(scheme.size()));
        }
    }
    for (std::string_view const name : {"x-api-key", "api-key", "x-goog-api-key"}) {
        if (auto const key = wire::find_header(request.headers(), name)) {
            return *key;
        }
    }
    return wire::query_value(request.target(), "key");
}

failure unknown_way(transports::inbound_request const& request, bool path_known)
{
    std::string const where(request.target().substr(0, 200));
    if (path_known) {
        return failure{error_kind::invalid_request,
                       "The method " + std::string(request.method()) + " is not served at " + where + "."}
            .with_status(405);
    }
    return failure{error_kind::not_found, "There is nothing at " + where + "."}.with_code("unknown_url");
}

error_kind kind_of_refusal(int status) noexcept
{
    switch (status) {
    case 408: return error_kind::timeout;
    case 413: return error_kind::request_too_large;
    case 503: return error_kind::service_unavailable;
    default:
        return status >= 500 && status != 501 && status != 505 ? error_kind::internal_server
                                                               : error_kind::invalid_request;
    }
}

} // namespace

surface::surface(engine::kernel& kernel, server_options const& options)
    : kernel_(kernel),
      master_key_(options.master_key),
      accounts_(options.accounts),
      cost_in_streams_(options.cost_in_streams),
      openai_(*providers::find_server_dialect("openai_chat")),
      health_(kernel)
{}

result<ledger::principal> surface::identify(transports::inbound_request const& request) const
{
    std::string_view const presented = presented_key(request);
    ledger::principal who;
    if (master_key_.empty() || core::constant_time_equal(presented, master_key_.reveal())) {
        who.is_master = true;
        return who;
    }
    if (accounts_ != nullptr && !presented.empty()) {
        // hashed before anything looks at it: what is stored opens nothing
        std::string const digest = accounts_->digester().digest_of(presented);
        if (ledger::key_ptr key = accounts_->directory().find_key_opened_by(digest)) {
            return ledger::principal_of(accounts_->directory(), std::move(key), ledger_now(), digest);
        }
    }
    return failure{
        error_kind::authentication,
        "The API key is missing or wrong. Send it as 'Authorization: Bearer KEY' or 'x-api-key: KEY'."}
        .with_code("invalid_api_key");
}

providers::server_dialect const& surface::dialect_of(route const* way) const noexcept
{
    providers::server_dialect const* const found =
        way != nullptr ? providers::find_server_dialect(way->dialect) : nullptr;
    return found != nullptr ? *found : openai_;
}

// No coroutine of its own: what it decides, it decides at once.
asio::awaitable<void> surface::handle(transports::inbound_request& request)
{
    match const way = find_route(request.method(), request.target());
    providers::server_dialect const& dialect = dialect_of(way.found);
    if (way.found == nullptr) {
        return reply_error(dialect, request, unknown_way(request, way.path_known));
    }
    result<ledger::principal> who = ledger::principal{};
    if (way.found->what != ledger::route_class::open) {
        who = identify(request);
        if (who) {
            bool const changes =
                way.found->changes && request.method() != "GET" && request.method() != "HEAD";
            if (result<void> const may = ledger::may_use_route(*who, way.found->what, way.path, changes);
                !may) {
                who = may.error();
            }
        }
    }
    if (!who) {
        return reply_error(dialect, request, who.error());
    }
    if (way.found->calls_models() && draining()) {
        request.close_after();
        failure why{error_kind::service_unavailable, "The gateway is shutting down; send the request again."};
        why.with_code("shutting_down");
        return reply_error(dialect, request, std::move(why));
    }
    return way.found->run({*this, request, way.rest, dialect, *std::move(who), way.found->managed});
}

void surface::write_refusal(int status, std::string_view reason, std::string& body) const
{
    failure why{kind_of_refusal(status), std::string(reason)};
    why.with_status(status);
    openai_.write_error(why, body);
}

} // namespace cogate::server
