#include "lib/server/health.hpp"

#include "lib/core/json/writer.hpp"
#include "lib/server/reply.hpp"
#include "lib/server/routes.hpp"
#include "lib/wire/url.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace asio = boost::asio;

namespace cogate::server {
namespace {

using found = engine::deployment_health::state;

void write_endpoint(json::writer& out, engine::deployment_health const& one)
{
    out.begin_object();
    out.member("model", one.model);
    out.member("api_base", one.api_base);
    out.member("model_name", one.model_name);
    out.member("model_id", one.deployment_id);
    if (one.found == found::healthy) {
        out.member("response_ms", std::chrono::duration_cast<std::chrono::milliseconds>(one.took).count());
    } else {
        out.member("error", one.why);
    }
    out.end_object();
}

std::int64_t write_endpoints(json::writer& out, std::string_view name, engine::health_report const& what,
                             std::string const& only, found which)
{
    std::int64_t count = 0;
    out.key(name).begin_array();
    for (engine::deployment_health const& each : what.deployments) {
        if (each.found == which && (only.empty() || each.model_name == only)) {
            write_endpoint(out, each);
            ++count;
        }
    }
    out.end_array();
    return count;
}

} // namespace

std::string to_json(engine::health_report const& what, std::string const& only)
{
    std::string body;
    json::writer out(body);
    out.begin_object();
    std::int64_t const healthy = write_endpoints(out, "healthy_endpoints", what, only, found::healthy);
    std::int64_t const unhealthy = write_endpoints(out, "unhealthy_endpoints", what, only, found::unhealthy);
    out.member("healthy_count", healthy).member("unhealthy_count", unhealthy);
    write_endpoints(out, "unchecked_endpoints", what, only, found::unchecked);
    out.end_object();
    return body;
}

asio::awaitable<void> health(routed at)
{
    std::string_view const asked = wire::query_value(at.request.target(), "model");
    std::string const only = wire::percent_decode(asked).value_or(std::string(asked));
    std::shared_ptr<engine::health_report const> report = at.server.health().latest();
    if (!report) {
        asio::awaitable<engine::health_report> asking = engine::check_health(at.server.kernel(), only);
        engine::health_report fresh = co_await std::move(asking);
        report = std::make_shared<engine::health_report const>(std::move(fresh));
    }
    std::string const body = to_json(*report, only);
    asio::awaitable<void> sent = reply(at.request, 200, json_type, body);
    co_await std::move(sent);
}

asio::awaitable<void> liveliness(routed at)
{
    return reply(at.request, 200, json_type, "\"I'm alive!\"");
}

asio::awaitable<void> readiness(routed at)
{
    if (at.server.draining()) {
        return reply(at.request, 503, json_type, R"({"status":"draining"})");
    }
    if (at.server.accounts() == nullptr) {
        return reply(at.request, 200, json_type, R"({"status":"healthy","db":"Not connected","cache":null})");
    }
    if (!at.server.accounts()->store().ready()) {
        return reply(at.request, 503, json_type,
                     R"({"status":"ledger_unavailable","db":"Not connected","cache":null})");
    }
    return reply(at.request, 200, json_type, R"({"status":"connected","db":"connected","cache":null})");
}

asio::awaitable<void> front_page(routed at)
{
    return reply(at.request, 200, json_type,
                 R"({"name":"cogate","endpoints":["/v1/chat/completions","/v1/embeddings","/v1/models",)"
                 R"("/health/liveliness","/health/readiness"]})");
}

} // namespace cogate::server
