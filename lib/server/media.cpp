#include "lib/engine/operations.hpp"
#include "lib/server/routes.hpp"
#include "lib/server/typed.hpp"

namespace asio = boost::asio;

namespace cogate::server {

asio::awaitable<void> image_generations(routed at)
{
    return serve_typed(at, "image_generation", *at.dialect.images(), engine::make_images);
}

asio::awaitable<void> moderations(routed at)
{
    return serve_typed(at, "moderation", *at.dialect.moderations(), engine::moderate);
}

asio::awaitable<void> rerank(routed at)
{
    return serve_typed(at, "rerank", *at.dialect.rerank(), engine::rerank);
}

} // namespace cogate::server
