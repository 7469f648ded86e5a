#include "providers/vertex/dialect.hpp"

#include "providers/anthropic_messages/codec.hpp"
#include "providers/common/error_classes.hpp"
#include "providers/vertex/flavour.hpp"

#include "lib/core/text.hpp"

namespace cogate::providers::vertex {

namespace {

namespace messages = anthropic_messages;

std::string path_of(call_context const& context)
{
    std::string_view model = context.model;
    if (constexpr std::string_view prefix = "anthropic/"; model.starts_with(prefix)) {
        model.remove_prefix(prefix.size());
    }
    return gemini::model_path(anthropic_flavour, model, context.stream ? ":streamRawPredict" : ":rawPredict");
}

class claude_half final : public client_dialect {
public:
    std::string_view name() const noexcept override { return anthropic_flavour.name; }

    result<encoded_request> encode_chat(chat_request const& request,
                                        call_context const& context) const override
    {
        result<std::string> body = messages::encode_body(
            request, context, {.model_and_stream = false, .anthropic_version = "vertex-2023-10-16"});
        if (!body) {
            return body.error();
        }
        if (context.stream) {
            body->insert(1, R"("stream":true,)"); // said in the body as well as in the path
        }
        return encoded_request{.path = path_of(context), .body = *std::move(body)};
    }

    result<chat_response> decode_chat(whole_answer const& answer, call_context const&) const override
    {
        return messages::decode_chat(answer.body);
    }

    std::unique_ptr<chat_stream_decoder> decode_chat_stream(call_context const& context) const override
    {
        return over_sse(messages::make_event_decoder(), context.max_event_bytes);
    }

    /// What Anthropic says comes in its own shape; what Vertex says before that, in Google's.
    failure decode_error(int status, std::span<wire::header const> headers, std::string_view body,
                         std::chrono::system_clock::time_point now) const override
    {
        json::document doc;
        json::parse_error error;
        const bool google = doc.parse(body, error) && !doc["type"].exists();
        return google ? gemini::decode_error(status, headers, body, now)
                      : messages::decode_error(status, headers, body, now);
    }
};

} // namespace

client_dialect const& anthropic_client() noexcept
{
    static const claude_half half;
    return half;
}

} // namespace cogate::providers::vertex
