#include "providers/openai_responses/dialect.hpp"

#include "providers/common/body_server.hpp"
#include "providers/common/chat_client.hpp"
#include "providers/openai_chat/codec.hpp"
#include "providers/openai_responses/codec.hpp"

namespace cogate::providers::openai_responses {

namespace {

constexpr client_functions functions{
    .name = dialect_name,
    .encode_chat = openai_responses::encode_chat,
    .decode_chat = [](whole_answer const& answer,
                      call_context const&) { return openai_responses::decode_chat(answer.body); },
    .stream_decoder =
        [](call_context const& context) {
            return over_sse(make_event_decoder(), media_event_bytes(context));
        },
    .decode_error =
        [](int status, std::span<wire::header const> headers, std::string_view body,
           std::chrono::system_clock::time_point now) {
            return providers::decode_error(status, headers, body, now, error_rules());
        }};

class client_half final : public express_client {
public:
    client_half() noexcept : express_client(functions, "/responses") {}

    /// Partial and finished pictures of image_generation.
    std::size_t max_event_bytes(call_context const& context) const noexcept override
    {
        return media_event_bytes(context);
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
