#include "lib/core/json/writer.hpp"
#include "lib/server/admission.hpp"
#include "lib/server/reply.hpp"
#include "lib/server/routes.hpp"
#include "lib/wire/url.hpp"

namespace asio = boost::asio;

namespace cogate::server {
namespace {

void write_model(json::writer& out, model const& one)
{
    out.begin_object();
    out.member("id", one.id);
    out.member("object", "model");
    out.member("created", one.created);
    out.member("owned_by", one.provider);
    out.end_object();
}

} // namespace

asio::awaitable<void> list_models(routed at)
{
    std::string body;
    json::writer out(body);
    out.begin_object();
    out.member("object", "list");
    out.key("data");
    out.begin_array();
    for (model const& one : at.server.kernel().current_routes()->models()) {
        if (may_see_model(at, one.id)) {
            write_model(out, one);
        }
    }
    out.end_array();
    out.end_object();
    asio::awaitable<void> answer = reply(at.request, 200, json_type, body);
    co_await std::move(answer);
}

asio::awaitable<void> show_model(routed at)
{
    // names hold slashes, which clients send escaped or not
    std::string name;
    if (std::optional<std::string> decoded = wire::percent_decode(at.rest)) {
        name = std::move(*decoded);
    }
    std::shared_ptr<engine::routes const> const served = at.server.kernel().current_routes();
    result<engine::routes::target> found = served->example(name);
    if (found && !may_see_model(at, name)) {
        found = failure{error_kind::not_found,
                        "The model '" + name.substr(0, 200) + "' is not one of this key's."}
                    .with_code("model_not_found");
    }
    if (!found) {
        failure why = found.error();
        asio::awaitable<void> refusal = reply_error(at.dialect, at.request, std::move(why));
        co_await std::move(refusal);
        co_return;
    }
    std::string body;
    json::writer out(body);
    write_model(out, {name, std::string(found->deployment->provider->name), found->upstream_model, 0});
    asio::awaitable<void> answer = reply(at.request, 200, json_type, body);
    co_await std::move(answer);
}

} // namespace cogate::server
