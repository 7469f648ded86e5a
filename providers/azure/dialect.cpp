#include "providers/azure/dialect.hpp"

#include <cogate/audio.hpp>
#include <cogate/image.hpp>

#include "providers/azure/codec.hpp"
#include "providers/azure/path.hpp"
#include "providers/openai_chat/dialect.hpp"
#include "providers/openai_responses/dialect.hpp"

namespace cogate::providers::azure {

namespace {

result<encoded_request> at_azure(result<encoded_request> made, call_context const& context)
{
    if (made) {
        made->path = path_of(made->path, context);
    }
    return made;
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
    client_half(std::string_view name, client_dialect const& inner)
        : name_(name),
          inner_(inner),
          embeddings_(inner.embeddings()),
          images_(inner.images()),
          transcriptions_(inner.transcriptions())
    {}

    std::string_view name() const noexcept override { return name_; }

    result<encoded_request> encode_chat(chat_request const& request,
                                        call_context const& context) const override
    {
        return at_azure(inner_.encode_chat(request, context), context);
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
        return azure::decode_error(status, headers, body, now);
    }
    std::pair<std::string, std::string> authorization(secret const& key) const override
    {
        return {"api-key", std::string(key.reveal())};
    }

    std::string_view express_with() const noexcept override { return inner_.express_with(); }
    std::string express_path(operation what, call_context const& context) const override
    {
        return path_of(inner_.express_path(what, context), context);
    }
    bool express_fits(express_request const& request, call_context const& context) const override
    {
        return inner_.express_fits(request, context);
    }

private:
    std::string_view name_;
    client_dialect const& inner_;
    codec_at_azure<embedding_request, embedding_response> embeddings_;
    codec_at_azure<image_request, image_response> images_;
    codec_at_azure<transcription_request, transcription_response> transcriptions_;
};

} // namespace

client_dialect const& openai_client() noexcept
{
    static const client_half half("azure_openai", openai_chat::client());
    return half;
}

client_dialect const& responses_client() noexcept
{
    static const client_half half("azure_responses", openai_responses::client());
    return half;
}

} // namespace cogate::providers::azure
