#pragma once

#include "lib/ledger/accounts/principal.hpp"
#include "lib/server/manage/handler.hpp"
#include "lib/server/surface.hpp"

#include <boost/asio/awaitable.hpp>

#include <span>
#include <string_view>

namespace cogate::server {

/// A request on its way to an endpoint: `rest` is what followed the path of a prefix route.
struct routed {
    surface& server;
    transports::inbound_request& request;
    std::string_view rest;
    providers::server_dialect const& dialect; ///< how this client speaks and gets its errors
    ledger::principal caller;
    manage::handler managed = nullptr; ///< of a management route
};

using endpoint = boost::asio::awaitable<void> (*)(routed);

struct route {
    std::string_view method; ///< "*": any
    std::string_view path;   ///< without "/v1"; a trailing "/*" matches everything below
    /// What it does, and so who may use it. There is no default: a route without one does not compile.
    ledger::route_class what;
    endpoint run;
    std::string_view dialect = "openai_chat"; ///< how its clients speak
    manage::handler managed = nullptr;
    bool changes = true; ///< whether it may change anything, where its method does not say that it reads

    bool calls_models() const noexcept { return what == ledger::route_class::model_call; }
};

/// Every route there is.
std::span<route const> all_routes();

struct match {
    route const* found = nullptr; ///< nullptr: no such way
    bool path_known = false;      ///< the path exists under another method
    std::string_view rest{};
    std::string_view path{}; ///< without query and version: what permissions speak of
};

/// Finds the way of a request. Every path is served with and without "/v1" or "/v1beta"; HEAD goes where GET goes.
match find_route(std::string_view method, std::string_view target);

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
boost::asio::awaitable<void> manage_records(routed at);
boost::asio::awaitable<void> report_spending(routed at);
boost::asio::awaitable<void> list_routes(routed at);

} // namespace cogate::server
