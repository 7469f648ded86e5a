// Neither half of the OpenAI dialect breaks on anything a client or a provider may send.

#include "lib/wire/sse_reader.hpp"
#include "providers/openai_chat/dialect.hpp"
#include "test/fuzz/target.hpp"

#include <string>
#include <vector>

namespace {

namespace dialect = cogate::providers::openai_chat;
using cogate::fuzz::require;

void as_a_stream(std::string_view body)
{
    auto decoder = dialect::client().decode_chat_stream();
    cogate::wire::sse_reader reader;
    cogate::wire::sse_event event;
    std::vector<cogate::chat_chunk> chunks;
    while (reader.next(body, event) == cogate::wire::sse_status::event && !decoder->finished()) {
        auto const fed = decoder->feed(event, chunks);
        if (fed.has_error()) {
            return;
        }
    }
    static_cast<void>(decoder->finish());
}

void as_a_request(std::string_view body)
{
    bool stream = false;
    auto const request = dialect::server().parse_chat(body, stream);
    auto const express = dialect::server().chat_express().read(body);
    if (!request) {
        return;
    }
    auto const encoded = dialect::client().encode_chat(*request, "model", stream);
    if (encoded) {
        bool again = false;
        auto const reread = dialect::server().parse_chat(encoded->body, again);
        require(reread.has_value(), "what the client half writes, the server half reads");
    }
}

} // namespace

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    std::string_view const body = cogate::fuzz::as_text(data, size);
    as_a_request(body);
    as_a_stream(body);
    static_cast<void>(dialect::client().decode_chat(body));
    static_cast<void>(dialect::client().decode_embedding(body));
    static_cast<void>(dialect::server().chat_express().inspect(body));
    return 0;
}
