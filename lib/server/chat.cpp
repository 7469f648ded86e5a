#include "lib/server/relay.hpp"
#include "lib/server/routes.hpp"

namespace asio = boost::asio;

namespace cogate::server {

asio::awaitable<void> chat_completions(routed at)
{
    relay_endpoint const way{"chat", at.dialect};
    return serve_relay(std::move(at), way);
}

} // namespace cogate::server
