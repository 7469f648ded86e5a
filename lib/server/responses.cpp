#include "lib/server/relay.hpp"
#include "lib/server/routes.hpp"

namespace asio = boost::asio;

namespace cogate::server {

asio::awaitable<void> responses(routed at)
{
    return serve_relay(at, {"responses", at.dialect});
}

} // namespace cogate::server
