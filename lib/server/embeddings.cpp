#include "lib/engine/operations.hpp"
#include "lib/server/relay.hpp"
#include "lib/server/routes.hpp"
#include "lib/server/typed.hpp"

#include <memory>
#include <utility>

namespace asio = boost::asio;

namespace cogate::server {
namespace {

/// Whether the request may go on as it is; what is wrong with it the relay will say.
bool may_be_relayed(routed at, std::string_view body)
{
    result<std::unique_ptr<providers::express_request>> const request =
        at.dialect.embeddings()->express()->read(body, {});
    if (!request) {
        return true;
    }
    std::shared_ptr<engine::routes const> const served_here = at.server.kernel().current_routes();
    result<engine::routes::target> const found = served_here->example((*request)->facts().model);
    if (!found) {
        return true;
    }
    engine::served_deployment const& served = *found->deployment;
    providers::client_dialect const* const dialect =
        served.dialect_for(at.dialect.name(), found->upstream_model);
    return dialect != nullptr &&
           dialect->express_fits(**request, served.context(found->upstream_model, false));
}

} // namespace

asio::awaitable<void> embeddings(routed at)
{
    result<std::string_view> const body = co_await at.request.read_body();
    if (body && !may_be_relayed(at, *body)) {
        // translated, in as many exchanges as the service needs
        asio::awaitable<void> typed = serve_typed(at, "embedding", *at.dialect.embeddings(), engine::embed);
        co_await std::move(typed);
        co_return;
    }
    asio::awaitable<void> relayed = serve_relay(at, {"embedding", at.dialect, engine::read_embedding});
    co_await std::move(relayed);
}

} // namespace cogate::server
