#include "providers/huggingface/dialect.hpp"

#include "providers/huggingface/codec.hpp"

namespace cogate::providers::huggingface {

namespace {

class client_half final : public client_dialect {
public:
    std::string_view name() const noexcept override { return dialect_name; }

    result<encoded_request> encode_chat(chat_request const& request,
                                        call_context const& context) const override
    {
        return huggingface::encode_chat(request, context);
    }

    result<chat_response> decode_chat(whole_answer const& answer, call_context const& context) const override
    {
        return huggingface::decode_chat(answer, context.model);
    }

    std::unique_ptr<chat_stream_decoder> decode_chat_stream(call_context const& context) const override
    {
        return over_sse(make_event_decoder(std::string(context.model)), context.max_event_bytes);
    }

    embedding_codec const* embeddings() const noexcept override { return &huggingface::embeddings(); }
    rerank_codec const* rerank() const noexcept override { return &huggingface::rerank(); }
    moderation_codec const* moderations() const noexcept override { return &huggingface::moderations(); }

    failure decode_error(int status, std::span<wire::header const> headers, std::string_view body,
                         std::chrono::system_clock::time_point now) const override
    {
        return huggingface::decode_error(status, headers, body, now);
    }
};

} // namespace

client_dialect const& client() noexcept
{
    static const client_half half;
    return half;
}

} // namespace cogate::providers::huggingface
