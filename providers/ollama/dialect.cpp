#include "providers/ollama/dialect.hpp"

#include "lib/core/text.hpp"
#include "providers/common/decode_error.hpp"
#include "providers/ollama/codec.hpp"

namespace cogate::providers::ollama {

namespace {

class client_half final : public client_dialect {
public:
    std::string_view name() const noexcept override { return dialect_name; }

    result<encoded_request> encode_chat(chat_request const& request,
                                        call_context const& context) const override
    {
        return ollama::encode_chat(request, context);
    }

    result<chat_response> decode_chat(whole_answer const& answer, call_context const&) const override
    {
        return ollama::decode_chat(answer.body);
    }

    std::unique_ptr<chat_stream_decoder> decode_chat_stream(call_context const& context) const override
    {
        return over_ndjson(make_event_decoder(), context.max_event_bytes);
    }

    bool streams_as(std::string_view content_type) const noexcept override
    {
        const std::string_view type = core::trim(content_type.substr(0, content_type.find(';')));
        return type.empty() || core::iequals(type, "application/x-ndjson") ||
               core::iequals(type, "application/ndjson");
    }

    std::string_view stream_accept() const noexcept override { return "application/x-ndjson"; }

    embedding_codec const* embeddings() const noexcept override { return &ollama::embeddings(); }

    failure decode_error(int status, std::span<wire::header const> headers, std::string_view body,
                         std::chrono::system_clock::time_point now) const override
    {
        return providers::decode_error(status, headers, body, now);
    }
};

} // namespace

client_dialect const& client() noexcept
{
    static const client_half half;
    return half;
}

} // namespace cogate::providers::ollama
