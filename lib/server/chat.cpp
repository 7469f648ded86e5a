#include "lib/server/relay.hpp"
#include "lib/server/routes.hpp"

namespace asio = boost::asio;

namespace cogate::server {

asio::awaitable<void> chat_completions(routed at)
{
    return serve_relay(at, {"chat", at.dialect});
}

} // namespace cogate::server
