#include "providers/anthropic_messages/dialect.hpp"

#include "providers/anthropic_messages/codec.hpp"
#include "providers/common/body_server.hpp"

#include "lib/wire/header.hpp"

namespace cogate::providers::anthropic_messages {

namespace {

class client_half final : public client_dialect {
public:
    std::string_view name() const noexcept override { return dialect_name; }

    result<encoded_request> encode_chat(chat_request const& request,
                                        call_context const& context) const override
    {
        return anthropic_messages::encode_chat(request, context);
    }

    result<chat_response> decode_chat(whole_answer const& answer, call_context const&) const override
    {
        return anthropic_messages::decode_chat(answer.body);
    }

    std::unique_ptr<chat_stream_decoder> decode_chat_stream(call_context const& context) const override
    {
        return over_sse(make_event_decoder(), context.max_event_bytes);
    }

    failure decode_error(int status, std::span<wire::header const> headers, std::string_view body,
                         std::chrono::system_clock::time_point now) const override
    {
        return anthropic_messages::decode_error(status, headers, body, now);
    }

    std::pair<std::string, std::string> authorization(secret const& key) const override
    {
        // Tokens of a subscription, as opposed to keys.
        if (std::string_view(key.reveal()).starts_with("sk-ant-oat")) {
            return {"authorization", "Bearer " + std::string(key.reveal())};
        }
        return {"x-api-key", std::string(key.reveal())};
    }

    std::string_view express_with() const noexcept override { return dialect_name; }

    std::string express_path(operation what, call_context const&) const override
    {
        return what == operation::count_tokens ? "/messages/count_tokens" : "/messages";
    }

    header_list express_headers(std::span<wire::header const> inbound) const override
    {
        const std::string_view version =
            wire::find_header(inbound, "anthropic-version").value_or(api_version);
        header_list out;
        out.emplace_back("anthropic-version",
                         std::string(wire::valid_field_value(version) ? version : api_version));
        for (wire::header const& field : inbound) {
            if (wire::ascii_iequals(field.name, "anthropic-beta") && wire::valid_field_value(field.value)) {
                out.emplace_back("anthropic-beta", std::string(field.value));
            }
        }
        return out;
    }

    bool express_fits(express_request const&, call_context const& context) const override
    {
        return context.service.quirks.exact && context.rules.empty();
    }
};

class server_half final : public body_server {
public:
    server_half() noexcept
        : body_server({.name = dialect_name,
                       .parse = anthropic_messages::parse_chat,
                       .write = anthropic_messages::write_chat,
                       .stream_writer = make_stream_writer,
                       .write_error = anthropic_messages::write_error,
                       .lane = chat_lane})
    {}

    int error_status(failure const& why) const noexcept override
    {
        return anthropic_messages::error_status(why);
    }

    express_lane const* count_tokens_express() const noexcept override { return &count_tokens_lane(); }
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

} // namespace cogate::providers::anthropic_messages
