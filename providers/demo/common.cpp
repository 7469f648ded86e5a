#include "providers/demo/common.hpp"

#include "providers/common/error_classes.hpp"
#include "providers/demo/model_name.hpp"
#include "providers/openai_chat/dialect.hpp"

#include <string>

namespace cogate::providers::demo {

std::int64_t count_words(std::string_view text) noexcept
{
    std::int64_t n = 0;
    bool in_word = false;
    for (char const c : text) {
        n += !is_space(c) && !in_word ? 1 : 0;
        in_word = !is_space(c);
    }
    return n;
}

wire::scripted_reply reply_of(failure const& why)
{
    wire::scripted_reply reply;
    reply.status = why->status;
    reply.headers.emplace_back("content-type", "application/json");
    if (why->kind == error_kind::rate_limit) {
        reply.headers.emplace_back("retry-after", "1");
    }
    std::string body;
    openai_chat::server().write_error(why, body);
    reply.body.push_back({.bytes = std::move(body)});
    return reply;
}

failure unknown_model(std::string_view name)
{
    return failure(error_kind::not_found, "the demo provider has no model '" + std::string(name) +
                                              "'; it has " + std::string(known_models))
        .with_code("model_not_found")
        .with_param("model");
}

failure wrong_endpoint(std::string_view name)
{
    return failure(error_kind::invalid_request,
                   "the model '" + std::string(name) + "' does not serve this endpoint")
        .with_param("model");
}

failure asked_error(int status)
{
    const error_kind kind = kind_of_status(status);
    return failure(kind, "demo error " + std::to_string(status) + ", as asked for").with_status(status);
}

} // namespace cogate::providers::demo
