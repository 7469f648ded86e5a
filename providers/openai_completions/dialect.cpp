#include "providers/openai_completions/dialect.hpp"

#include "providers/common/body_server.hpp"
#include "providers/openai_chat/codec.hpp"
#include "providers/openai_completions/codec.hpp"

namespace cogate::providers::openai_completions {

namespace {

class client_half final : public client_dialect {
public:
    std::string_view name() const noexcept override { return dialect_name; }

    result<encoded_request> encode_chat(chat_request const& request,
                                        call_context const& context) const override
    {
        return openai_completions::encode_chat(request, context);
    }

    result<chat_response> decode_chat(whole_answer const& answer, call_context const&) const override
    {
        return openai_completions::decode_chat(answer.body);
    }

    std::unique_ptr<chat_stream_decoder> decode_chat_stream(call_context const& context) const override
    {
        return over_sse(make_event_decoder(), context.max_event_bytes);
    }

    failure decode_error(int status, std::span<wire::header const> headers, std::string_view body,
                         std::chrono::system_clock::time_point now) const override
    {
        return providers::decode_error(status, headers, body, now);
    }

    std::string_view express_with() const noexcept override { return dialect_name; }

    std::string express_path(operation, call_context const&) const override { return "/completions"; }

    bool express_fits(express_request const&, call_context const& context) const override
    {
        return context.service.quirks.exact && context.rules.empty();
    }
};

} // namespace

client_dialect const& client() noexcept
{
    static const client_half half;
    return half;
}

server_dialect const& server() noexcept
{
    static const body_server half({.name = dialect_name,
                                   .parse = parse_chat,
                                   .write = write_chat,
                                   .stream_writer = make_stream_writer,
                                   .write_error = openai_chat::write_error,
                                   .lane = chat_lane});
    return half;
}

} // namespace cogate::providers::openai_completions
