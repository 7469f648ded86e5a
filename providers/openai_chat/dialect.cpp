#include "providers/openai_chat/dialect.hpp"

#include "providers/openai_chat/codec.hpp"
#include "providers/openai_chat/token_usage.hpp"
#include "providers/openai_media/codec.hpp"

#include "lib/core/words.hpp"

namespace cogate::providers::openai_chat {

namespace {

constexpr std::string_view dialect_name = "openai_chat";

class client_half final : public client_dialect {
public:
    std::string_view name() const noexcept override { return dialect_name; }

    result<encoded_request> encode_chat(chat_request const& request,
                                        call_context const& context) const override
    {
        return openai_chat::encode_chat(request, context);
    }

    result<chat_response> decode_chat(whole_answer const& answer, call_context const& context) const override
    {
        return openai_chat::decode_chat(answer.body, context.service.quirks);
    }

    std::unique_ptr<chat_stream_decoder> decode_chat_stream(call_context const& context) const override
    {
        return over_sse(make_event_decoder(context.service.quirks), max_event_bytes(context));
    }

    /// Services with pictures give them as data URLs within a chunk.
    std::size_t max_event_bytes(call_context const& context) const noexcept override
    {
        return core::has_word(context.service.modalities, "images") ? media_event_bytes(context)
                                                                    : context.max_event_bytes;
    }

    embedding_codec const* embeddings() const noexcept override { return &client_embeddings(); }
    image_codec const* images() const noexcept override { return &openai_media::client_images(); }
    moderation_codec const* moderations() const noexcept override
    {
        return &openai_media::client_moderations();
    }
    transcription_codec const* transcriptions() const noexcept override
    {
        return &openai_media::client_transcriptions();
    }

    result<encoded_request> encode_speech(speech_request const& request,
                                          call_context const& context) const override
    {
        return openai_media::encode_speech(request, context);
    }

    failure decode_error(int status, std::span<wire::header const> headers, std::string_view body,
                         std::chrono::system_clock::time_point now) const override
    {
        return providers::decode_error(status, headers, body, now);
    }

    std::string_view express_with() const noexcept override { return dialect_name; }

    std::string express_path(operation what, call_context const& context) const override
    {
        switch (what) {
        case operation::embedding: return std::string(context.service.quirks.embeddings_path);
        case operation::image_generation: return "/images/generations";
        case operation::image_edit:
        case operation::transcription:
        case operation::translation: return std::string(openai_media::upload_path(what, context));
        case operation::speech: return "/audio/speech";
        case operation::moderation: return "/moderations";
        case operation::rerank: return "/rerank";
        default: return "/chat/completions";
        }
    }

    bool express_fits(express_request const& request, call_context const& context) const override
    {
        return openai_chat::express_fits(request, context);
    }
};

class server_half final : public server_dialect {
public:
    std::string_view name() const noexcept override { return dialect_name; }

    result<parsed_chat> parse_chat(std::string_view body, inbound_target const&) const override
    {
        return openai_chat::parse_chat(body);
    }

    void write_chat(chat_response const& response, reply_context const& context,
                    std::string& out) const override
    {
        if (response.created != 0 && !response.id.empty()) {
            openai_chat::write_chat(response, out);
            return;
        }
        chat_response named = response; // clients want a time and an id, whatever the provider's dialect has
        named.created = response.created != 0 ? response.created : context.now;
        named.id = response.id.empty() ? "chatcmpl-" + std::string(context.fallback_id) : response.id;
        openai_chat::write_chat(named, out);
    }

    std::unique_ptr<chat_stream_writer> write_chat_stream(reply_context const& context) const override
    {
        return make_stream_writer(context);
    }

    void write_error(failure const& why, std::string& out) const override
    {
        openai_chat::write_error(why, out);
    }

    express_lane const& chat_express() const noexcept override { return chat_lane(); }

    server_codec<embedding_request, embedding_response> const* embeddings() const noexcept override
    {
        return &server_embeddings();
    }

    server_codec<image_request, image_response> const* images() const noexcept override
    {
        return &openai_media::server_images();
    }

    server_codec<moderation_request, moderation_response> const* moderations() const noexcept override
    {
        return &openai_media::server_moderations();
    }

    server_codec<rerank_request, rerank_response> const* rerank() const noexcept override
    {
        return &openai_media::server_rerank();
    }

    media_codec const* media() const noexcept override { return &openai_media::server_media(); }

    usage read_usage(json::value said) const override { return openai_chat::read_usage(said); }
};

} // namespace

client_dialect const& client() noexcept
{
    static const client_half half;
    return half;
}

server_dialect const& server() noexcept
{
    static const server_half half;
    return half;
}

} // namespace cogate::providers::openai_chat
