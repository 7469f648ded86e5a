#include "providers/vertex/dialect.hpp"

#include "providers/gemini/codec.hpp"
#include "providers/openai_chat/dialect.hpp"

namespace cogate::providers::vertex {

namespace {

constexpr std::string_view chat_path = "/endpoints/openapi/chat/completions";

class partner_half final : public client_dialect {
public:
    std::string_view name() const noexcept override { return "vertex_openai"; }

    result<encoded_request> encode_chat(chat_request const& request,
                                        call_context const& context) const override
    {
        result<encoded_request> encoded = openai_chat::client().encode_chat(request, context);
        if (encoded) {
            encoded->path = chat_path;
        }
        return encoded;
    }

    result<chat_response> decode_chat(whole_answer const& answer, call_context const& context) const override
    {
        return openai_chat::client().decode_chat(answer, context);
    }

    std::unique_ptr<chat_stream_decoder> decode_chat_stream(call_context const& context) const override
    {
        return openai_chat::client().decode_chat_stream(context);
    }

    failure decode_error(int status, std::span<wire::header const> headers, std::string_view body,
                         std::chrono::system_clock::time_point now) const override
    {
        return gemini::decode_error(status, headers, body, now);
    }

    std::string_view express_with() const noexcept override { return openai_chat::client().express_with(); }
    std::string express_path(operation, call_context const&) const override { return std::string(chat_path); }
    bool express_fits(express_request const& request, call_context const& context) const override
    {
        return openai_chat::client().express_fits(request, context);
    }
};

} // namespace

client_dialect const& openai_client() noexcept
{
    static const partner_half half;
    return half;
}

} // namespace cogate::providers::vertex
