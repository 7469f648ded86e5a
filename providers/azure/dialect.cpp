#include "providers/azure/dialect.hpp"

#include <cogate/audio.hpp>
#include <cogate/image.hpp>

#include "lib/core/json/document.hpp"
#include "providers/anthropic_messages/dialect.hpp"
#include "providers/azure/codec.hpp"
#include "providers/azure/path.hpp"
#include "providers/openai_chat/dialect.hpp"
#include "providers/openai_responses/dialect.hpp"

namespace cogate::providers::azure {

namespace {

/// What the dialects differ in.
struct manner {
    std::string_view name;
    std::string (*path)(std::string_view path, call_context const& context);
    failure (*decode_error)(int status, std::span<wire::header const> headers, std::string_view body,
                            std::chrono::system_clock::time_point now);
};

result<encoded_request> at_azure(result<encoded_request> made, call_context const& context)
{
    if (made) {
        made->path = path_of(made->path, context);
    }
    return made;
}

/// What Claude says comes in Anthropic's shape; what Azure says before that, in its own.
failure decode_claude_error(int status, std::span<wire::header const> headers, std::string_view body,
                            std::chrono::system_clock::time_point now)
{
    json::document doc;
    json::parse_error error;
    const bool anthropic = doc.parse(body, error) && doc["type"].equals("error");
    return anthropic ? anthropic_messages::client().decode_error(status, headers, body, now)
                     : azure::decode_error(status, headers, body, now);
}

/// OpenAI's codec with Azure's paths.
template <class Request, class Response>
class codec_at_azure final : public codec<Request, Response> {
public:
    using inner_codec = codec<Request, Response>;
    explicit codec_at_azure(inner_codec const* inner) noexcept : inner_(inner) {}

    codec_at_azure const* get() const noexcept { return inner_ != nullptr ? this : nullptr; }

    result<encoded_request> encode(Request const& request, call_context const& context) const override
    {
        return at_azure(inner_->encode(request, context), context);
    }
    result<Response> decode(whole_answer const& answer, Request const& request,
                            call_context const& context) const override
    {
        return inner_->decode(answer, request, context);
    }
    std::size_t max_inputs(call_context const& context) const noexcept override
    {
        return inner_->max_inputs(context);
    }

private:
    inner_codec const* inner_;
};

class client_half final : public client_dialect {
public:
    client_half(manner const& how, client_dialect const& inner)
        : how_(how),
          inner_(inner),
          embeddings_(inner.embeddings()),
          images_(inner.images()),
          transcriptions_(inner.transcriptions())
    {}

    std::string_view name() const noexcept override { return how_.name; }

    result<encoded_request> encode_chat(chat_request const& request,
                                        call_context const& context) const override
    {
        result<encoded_request> made = inner_.encode_chat(request, context);
        if (made) {
            made->path = how_.path(made->path, context);
        }
        return made;
    }
    result<chat_response> decode_chat(whole_answer const& answer, call_context const& context) const override
    {
        return inner_.decode_chat(answer, context);
    }
    std::unique_ptr<chat_stream_decoder> decode_chat_stream(call_context const& context) const override
    {
        return inner_.decode_chat_stream(context);
    }

    embedding_codec const* embeddings() const noexcept override { return embeddings_.get(); }
    image_codec const* images() const noexcept override { return images_.get(); }
    transcription_codec const* transcriptions() const noexcept override { return transcriptions_.get(); }
    result<encoded_request> encode_speech(speech_request const& request,
                                          call_context const& context) const override
    {
        return at_azure(inner_.encode_speech(request, context), context);
    }

    failure decode_error(int status, std::span<wire::header const> headers, std::string_view body,
                         std::chrono::system_clock::time_point now) const override
    {
        return how_.decode_error(status, headers, body, now);
    }
    std::pair<std::string, std::string> authorization(secret const& key) const override
    {
        return {"api-key", std::string(key.reveal())};
    }

    std::string_view express_with() const noexcept override { return inner_.express_with(); }
    std::string express_path(operation what, call_context const& context) const override
    {
        return how_.path(inner_.express_path(what, context), context);
    }
    header_list express_headers(std::span<wire::header const> inbound) const override
    {
        return inner_.express_headers(inbound);
    }
    std::size_t max_event_bytes(call_context const& context) const noexcept override
    {
        return inner_.max_event_bytes(context);
    }
    bool express_fits(express_request const& request, call_context const& context) const override
    {
        return inner_.express_fits(request, context);
    }

private:
    manner how_;
    client_dialect const& inner_;
    codec_at_azure<embedding_request, embedding_response> embeddings_;
    codec_at_azure<image_request, image_response> images_;
    codec_at_azure<transcription_request, transcription_response> transcriptions_;
};

} // namespace

client_dialect const& openai_client() noexcept
{
    static const client_half half({"azure_openai", path_of, azure::decode_error}, openai_chat::client());
    return half;
}

client_dialect const& responses_client() noexcept
{
    static const client_half half({"azure_responses", path_of, azure::decode_error},
                                  openai_responses::client());
    return half;
}

client_dialect const& anthropic_client() noexcept
{
    static const client_half half({"azure_anthropic", claude_path, decode_claude_error},
                                  anthropic_messages::client());
    return half;
}

} // namespace cogate::providers::azure
