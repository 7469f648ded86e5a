#include "lib/server/relay.hpp"
#include "lib/server/routes.hpp"

namespace asio = boost::asio;

namespace cogate::server {

asio::awaitable<void> embeddings(routed at)
{
    return serve_relay(at, {"embedding", at.dialect, engine::read_embedding});
}

} // namespace cogate::server
