#include "lib/core/json/document.hpp"
#include "lib/core/json/scanner.hpp"
#include "lib/server/express.hpp"
#include "lib/server/routes.hpp"

#include <array>

namespace asio = boost::asio;

namespace cogate::server {
namespace {

bool wants_base64(std::string_view request)
{
    std::array<json::member_query, 1> wanted{{{"encoding_format"}}};
    json::scan_error error;
    return json::find_members(request, wanted, error) && wanted[0].value_in(request) == "\"base64\"";
}

bool holds_floats(std::string_view answer)
{
    json::document document;
    json::scan_error error;
    return document.parse(answer, error) && document.root()["data"][0]["embedding"].is_array();
}

// OpenAI's clients ask for base64 by default and read floats as garbage; some services ignore the wish.
std::optional<std::string> encode_as_asked(std::string_view request, std::string_view answer,
                                           engine::call const& call,
                                           providers::server_dialect const& client)
{
    if (!wants_base64(request) || !holds_floats(answer)) {
        return std::nullopt;
    }
    result<embedding_request> const asked = client.embeddings()->parse(request);
    if (!asked) {
        return std::nullopt;
    }
    engine::served_deployment const& served = call.deployment();
    result<embedding_response> const given = served.dialect->embeddings()->decode(
        {.body = answer}, *asked, served.context(call.upstream_model(), false));
    if (!given) {
        return std::nullopt;
    }
    std::string out;
    client.embeddings()->write(*given, *asked, out);
    return out;
}

} // namespace

asio::awaitable<void> embeddings(routed at)
{
    providers::server_dialect const& dialect = at.server.openai();
    return serve_express(at, {"embedding", "/embeddings", *dialect.embeddings()->express(), dialect, encode_as_asked});
}

} // namespace cogate::server
