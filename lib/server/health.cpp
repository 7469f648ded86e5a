#include "lib/server/reply.hpp"
#include "lib/server/routes.hpp"

namespace asio = boost::asio;

namespace cogate::server {

asio::awaitable<void> liveliness(routed at)
{
    return reply(at.request, 200, json_type, "\"I'm alive!\"");
}

asio::awaitable<void> readiness(routed at)
{
    if (at.server.draining()) {
        return reply(at.request, 503, json_type, R"({"status":"draining"})");
    }
    return reply(at.request, 200, json_type, R"({"status":"healthy","db":"Not connected","cache":null})");
}

asio::awaitable<void> front_page(routed at)
{
    return reply(at.request, 200, json_type,
                 R"({"name":"cogate","endpoints":["/v1/chat/completions","/v1/embeddings","/v1/models",)"
                 R"("/health/liveliness","/health/readiness"]})");
}

} // namespace cogate::server
