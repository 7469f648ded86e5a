#include "providers/anthropic_messages/dialect.hpp"

#include "providers/anthropic_messages/codec.hpp"
#include "providers/common/body_server.hpp"
#include "providers/common/chat_client.hpp"

#include "lib/wire/header.hpp"

namespace cogate::providers::anthropic_messages {

namespace {

constexpr client_functions functions{
    .name = dialect_name,
    .encode_chat = anthropic_messages::encode_chat,
    .decode_chat = [](whole_answer const& answer,
                      call_context const&) { return anthropic_messages::decode_chat(answer.body); },
    .stream_decoder =
        [](call_context const& context) { return over_sse(make_event_decoder(), context.max_event_bytes); },
    .decode_error = anthropic_messages::decode_error};

class client_half final : public express_client {
public:
    client_half() noexcept : express_client(functions, "/messages") {}

    std::pair<std::string, std::string> authorization(secret const& key) const override
    {
        // Tokens of a subscription, as opposed to keys.
        if (std::string_view(key.reveal()).starts_with("sk-ant-oat")) {
            return {"authorization", "Bearer " + std::string(key.reveal())};
        }
        return {"x-api-key", std::string(key.reveal())};
    }

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
