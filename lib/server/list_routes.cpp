#include "lib/core/json/writer.hpp"
#include "lib/server/reply.hpp"
#include "lib/server/routes.hpp"

namespace asio = boost::asio;

namespace cogate::server {

namespace {

std::string_view to_string(ledger::route_class what) noexcept
{
    using enum ledger::route_class;
    switch (what) {
    case open: return "open";
    case model_call: return "model_call";
    case model_list: return "model_list";
    case self_service: return "self_service";
    case admin_read: return "admin_read";
    case admin: return "admin";
    case master: return "master";
    }
    return "";
}

} // namespace

asio::awaitable<void> list_routes(routed at)
{
    std::string body;
    json::writer out(body);
    out.begin_object();
    out.key("routes");
    out.begin_array();
    for (route const& way : all_routes()) {
        out.begin_object();
        out.member("path", way.path);
        out.key("methods");
        out.begin_array();
        out.value(way.method);
        out.end_array();
        out.member("access", to_string(way.what));
        out.end_object();
    }
    out.end_array();
    out.end_object();
    asio::awaitable<void> answer = reply(at.request, 200, json_type, body);
    co_await std::move(answer);
}

} // namespace cogate::server
