#pragma once

#include "lib/server/surface.hpp"

#include <boost/asio/awaitable.hpp>

#include <string_view>

namespace cogate::server {

/// Who may use a route. There is no default: a route without one does not compile.
enum class access {
    anyone, ///< health and the front page
    key,    ///< whoever holds the master key, when one is set
};

/// A request on its way to an endpoint: `rest` is what followed the path of a prefix route.
struct routed {
    surface& server;
    transports::inbound_request& request;
    std::string_view rest;
    providers::server_dialect const& dialect; ///< how this client speaks and gets its errors
};

using endpoint = boost::asio::awaitable<void> (*)(routed);

struct route {
    std::string_view method; ///< "*": any
    std::string_view path;   ///< without "/v1"; a trailing "/*" matches everything below
    access who;
    bool calls_models; ///< refused while draining
    endpoint run;
    std::string_view dialect = "openai_chat"; ///< how its clients speak
};

struct match {
    route const* found = nullptr; ///< nullptr: no such way
    bool path_known = false;      ///< the path exists under another method
    std::string_view rest{};
};

/// Finds the way of a request. Every path is served with and without "/v1" or "/v1beta"; HEAD goes where GET goes.
match find_route(std::string_view method, std::string_view target) noexcept;

boost::asio::awaitable<void> chat_completions(routed at);
boost::asio::awaitable<void> messages(routed at);
boost::asio::awaitable<void> count_message_tokens(routed at);
boost::asio::awaitable<void> responses(routed at);
boost::asio::awaitable<void> text_completions(routed at);
boost::asio::awaitable<void> gemini_model(routed at);
boost::asio::awaitable<void> embeddings(routed at);
boost::asio::awaitable<void> image_generations(routed at);
boost::asio::awaitable<void> image_edits(routed at);
boost::asio::awaitable<void> transcriptions(routed at);
boost::asio::awaitable<void> translations(routed at);
boost::asio::awaitable<void> speech(routed at);
boost::asio::awaitable<void> moderations(routed at);
boost::asio::awaitable<void> rerank(routed at);
boost::asio::awaitable<void> pass_through(routed at);
boost::asio::awaitable<void> list_models(routed at);
boost::asio::awaitable<void> show_model(routed at);
boost::asio::awaitable<void> model_info_endpoint(routed at);
boost::asio::awaitable<void> token_counter_endpoint(routed at);
boost::asio::awaitable<void> spend_calculate(routed at);
boost::asio::awaitable<void> health(routed at);
boost::asio::awaitable<void> liveliness(routed at);
boost::asio::awaitable<void> readiness(routed at);
boost::asio::awaitable<void> front_page(routed at);

} // namespace cogate::server
