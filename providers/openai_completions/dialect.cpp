#include "providers/openai_completions/dialect.hpp"

#include "providers/common/body_server.hpp"
#include "providers/common/chat_client.hpp"
#include "providers/openai_chat/codec.hpp"
#include "providers/openai_completions/codec.hpp"

namespace cogate::providers::openai_completions {

namespace {

constexpr client_functions functions{
    .name = dialect_name,
    .encode_chat = openai_completions::encode_chat,
    .decode_chat = [](whole_answer const& answer,
                      call_context const&) { return openai_completions::decode_chat(answer.body); },
    .stream_decoder =
        [](call_context const& context) { return over_sse(make_event_decoder(), context.max_event_bytes); }};

} // namespace

client_dialect const& client() noexcept
{
    static const express_client half(functions, "/completions");
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
