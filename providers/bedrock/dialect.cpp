#include "providers/bedrock/dialect.hpp"

#include "providers/anthropic_messages/codec.hpp"
#include "providers/bedrock/codec.hpp"
#include "providers/bedrock_converse/codec.hpp"
#include "providers/common/no_chat.hpp"

namespace cogate::providers::bedrock {

namespace {

constexpr std::string_view anthropic_version = "bedrock-2023-05-31";

class anthropic_half final : public client_dialect {
public:
    std::string_view name() const noexcept override { return "bedrock_anthropic"; }

    result<encoded_request> encode_chat(chat_request const& request,
                                        call_context const& context) const override
    {
        result<std::string> body = anthropic_messages::encode_body(
            request, context, {.model_and_stream = false, .anthropic_version = anthropic_version});
        if (!body) {
            return body.error();
        }
        return encoded_request{.path = bedrock_converse::model_path(
                                   context.model, context.stream ? "invoke-with-response-stream" : "invoke"),
                               .body = *std::move(body)};
    }

    result<chat_response> decode_chat(whole_answer const& answer, call_context const&) const override
    {
        return anthropic_messages::decode_chat(answer.body);
    }

    std::unique_ptr<chat_stream_decoder> decode_chat_stream(call_context const& context) const override
    {
        return over_aws_frames(over_chunks(anthropic_messages::make_event_decoder(context.max_event_bytes)),
                               context.max_event_bytes);
    }

    bool streams_as(std::string_view content_type) const noexcept override
    {
        return bedrock_converse::is_frames_type(content_type);
    }
    std::string_view stream_accept() const noexcept override { return bedrock_converse::frames_type; }

    embedding_codec const* embeddings() const noexcept override { return &bedrock::embeddings(); }
    rerank_codec const* rerank() const noexcept override { return &invoke_rerank(); }

    failure decode_error(int status, std::span<wire::header const> headers, std::string_view body,
                         std::chrono::system_clock::time_point now) const override
    {
        return bedrock_converse::decode_error(status, headers, body, now);
    }
};

class agent_half final : public no_chat {
public:
    std::string_view name() const noexcept override { return "bedrock_agent"; }

    rerank_codec const* rerank() const noexcept override { return &agent_rerank(); }

    failure decode_error(int status, std::span<wire::header const> headers, std::string_view body,
                         std::chrono::system_clock::time_point now) const override
    {
        return bedrock_converse::decode_error(status, headers, body, now);
    }
};

} // namespace

client_dialect const& anthropic_client() noexcept
{
    static const anthropic_half half;
    return half;
}

client_dialect const& agent_client() noexcept
{
    static const agent_half half;
    return half;
}

} // namespace cogate::providers::bedrock
