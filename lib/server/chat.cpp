#include "lib/server/express.hpp"
#include "lib/server/reply.hpp"
#include "lib/server/routes.hpp"

namespace asio = boost::asio;

namespace cogate::server {

asio::awaitable<void> chat_completions(routed at)
{
    providers::server_dialect const& dialect = at.server.openai();
    return serve_express(at, {"chat", "/chat/completions", dialect.chat_express(), dialect});
}

} // namespace cogate::server
