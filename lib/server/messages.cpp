#include "lib/server/count_tokens.hpp"
#include "lib/server/relay.hpp"
#include "lib/server/routes.hpp"

namespace asio = boost::asio;

namespace cogate::server {

asio::awaitable<void> messages(routed at)
{
    return serve_relay(at, {"messages", at.dialect});
}

asio::awaitable<void> count_message_tokens(routed at)
{
    return serve_token_count(at, {"count_tokens", at.dialect, engine::read_token_count}, "input_tokens");
}

} // namespace cogate::server
