// Neither half of the OpenAI dialect breaks on anything a client or a provider may send.

#include "providers/openai_chat/dialect.hpp"
#include "test/common/provider_context.hpp"
#include "test/fuzz/target.hpp"

#include <string>
#include <vector>

namespace {

namespace dialect = cogate::providers::openai_chat;
using cogate::fuzz::require;

void as_a_stream(std::string_view body)
{
    cogate::test::provider_context const context("model", true);
    auto decoder = dialect::client().decode_chat_stream(context);
    std::vector<cogate::chat_chunk> chunks;
    if (decoder->feed(body, chunks)) {
        static_cast<void>(decoder->finish(chunks));
    }
}

void as_a_request(std::string_view body)
{
    auto const parsed = dialect::server().parse_chat(body, {});
    auto const express = dialect::server().chat_express().read(body, {});
    if (!parsed) {
        return;
    }
    cogate::test::provider_context const context("model", parsed->stream);
    auto const encoded = dialect::client().encode_chat(parsed->request, context);
    if (encoded) {
        auto const reread = dialect::server().parse_chat(encoded->body, {});
        require(reread.has_value(), "what the client half writes, the server half reads");
    }
}

} // namespace

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    std::string_view const body = cogate::fuzz::as_text(data, size);
    as_a_request(body);
    as_a_stream(body);
    static_cast<void>(dialect::client().decode_chat({.body = body}, cogate::test::provider_context()));
    static_cast<void>(
        dialect::client().embeddings()->decode({.body = body}, {}, cogate::test::provider_context()));
    static_cast<void>(dialect::server().chat_express().inspect(body));
    return 0;
}
