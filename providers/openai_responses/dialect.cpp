#include "providers/openai_responses/dialect.hpp"

#include "providers/common/body_server.hpp"
#include "providers/openai_chat/codec.hpp"
#include "providers/openai_responses/codec.hpp"

namespace cogate::providers::openai_responses {

namespace {

class client_half final : public client_dialect {
public:
    std::string_view name() const noexcept override { return dialect_name; }

    result<encoded_request> encode_chat(chat_request const& request,
                                        call_context const& context) const override
    {
        return openai_responses::encode_chat(request, context);
    }

    result<chat_response> decode_chat(whole_answer const& answer, call_context const&) const override
    {
        return openai_responses::decode_chat(answer.body);
    }

    std::unique_ptr<chat_stream_decoder> decode_chat_stream(call_context const& context) const override
    {
        return over_sse(make_event_decoder(), max_event_bytes(context));
    }

    /// Partial and finished pictures of image_generation.
    std::size_t max_event_bytes(call_context const& context) const noexcept override
    {
        return media_event_bytes(context);
    }

    failure decode_error(int status, std::span<wire::header const> headers, std::string_view body,
                         std::chrono::system_clock::time_point now) const override
    {
        return providers::decode_error(status, headers, body, now, error_rules());
    }

    std::string_view express_with() const noexcept override { return dialect_name; }

    std::string express_path(operation, call_context const&) const override { return "/responses"; }

    bool express_fits(express_request const&, call_context const& context) const override
    {
        return context.service.quirks.exact && context.rules.empty();
    }
};

class server_half final : public body_server {
public:
    server_half() noexcept
        : body_server({.name = dialect_name,
                       .parse = openai_responses::parse_chat,
                       .write = openai_responses::write_chat,
                       .stream_writer = make_stream_writer,
                       .write_error = openai_chat::write_error,
                       .lane = chat_lane})
    {}

    bool stores_answers() const noexcept override { return true; }
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

} // namespace cogate::providers::openai_responses
