#include "lib/server/count_tokens.hpp"
#include "lib/server/relay.hpp"
#include "lib/server/reply.hpp"
#include "lib/server/routes.hpp"
#include "lib/wire/url.hpp"

#include <optional>
#include <string>
#include <utility>

namespace asio = boost::asio;

namespace cogate::server {

// Google's paths name the model and what to do with it: "MODEL:generateContent".
asio::awaitable<void> gemini_model(routed at)
{
    std::size_t const colon = at.rest.rfind(':');
    std::string_view const verb =
        colon == std::string_view::npos ? std::string_view{} : at.rest.substr(colon + 1);
    std::optional<std::string> const model = wire::percent_decode(at.rest.substr(0, colon));
    std::size_t const question = at.request.target().find('?');
    relay_endpoint way{"chat", at.dialect};
    if (question != std::string_view::npos) {
        way.target.query = at.request.target().substr(question + 1);
    }
    way.target.stream = verb == "streamGenerateContent";
    if (verb == "countTokens") {
        way.operation = "count_tokens";
        way.read = engine::read_token_count;
    } else if (!model || model->empty() || (verb != "generateContent" && !way.target.stream)) {
        failure why{error_kind::not_found,
                    "Models take generateContent, streamGenerateContent and countTokens here."};
        why.with_code("unknown_url");
        asio::awaitable<void> refusal = reply_error(at.dialect, at.request, std::move(why));
        co_await std::move(refusal);
        co_return;
    }
    way.target.model = model ? std::string_view(*model) : std::string_view{};
    asio::awaitable<void> answer =
        verb == "countTokens" ? serve_token_count(at, way, "totalTokens") : serve_relay(at, way);
    co_await std::move(answer);
}

} // namespace cogate::server
