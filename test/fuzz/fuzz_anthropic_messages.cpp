// Neither half of Anthropic's dialect breaks on anything a client or a provider may send.

#include "providers/anthropic_messages/codec.hpp"
#include "providers/anthropic_messages/dialect.hpp"
#include "test/common/provider_context.hpp"
#include "test/fuzz/target.hpp"

#include <string>
#include <vector>

namespace {

namespace dialect = cogate::providers::anthropic_messages;
using cogate::fuzz::require;

void as_a_stream(std::string_view body)
{
    cogate::test::provider_context const context("model", true);
    auto decoder = dialect::client().decode_chat_stream(context);
    std::vector<cogate::chat_chunk> chunks;
    bool const good = decoder->feed(body, chunks) && decoder->finish(chunks);
    cogate::chat_request const asked;
    auto writer = dialect::server().write_chat_stream({asked, "model", "id"});
    std::string out;
    for (cogate::chat_chunk const& chunk : chunks) {
        writer->write(chunk, out);
    }
    writer->end(out);
    auto again = dialect::client().decode_chat_stream(context);
    std::vector<cogate::chat_chunk> reread;
    require(!good || (again->feed(out, reread) && again->finish(reread)),
            "what the server half streams, the client half reads");
}

void as_a_request(std::string_view body)
{
    auto const parsed = dialect::server().parse_chat(body, {});
    static_cast<void>(dialect::server().chat_express().read(body, {}));
    static_cast<void>(dialect::count_tokens_lane().read(body, {}));
    if (!parsed) {
        return;
    }
    for (char const* model : {"claude-opus-5", "claude-sonnet-4-5", "claude-3-haiku"}) {
        cogate::test::provider_context const context(model, parsed->stream);
        auto const encoded = dialect::client().encode_chat(parsed->request, context);
        if (encoded) {
            auto const reread = dialect::server().parse_chat(encoded->body, {});
            require(reread || reread.error()->param == "messages",
                    "what the client half writes, the server half reads");
        }
    }
}

void as_an_answer(std::string_view body)
{
    auto const decoded = dialect::client().decode_chat({.body = body}, cogate::test::provider_context());
    static_cast<void>(dialect::server().chat_express().inspect(body));
    static_cast<void>(dialect::count_tokens_lane().inspect(body));
    if (decoded) {
        cogate::chat_request const asked;
        std::string out;
        dialect::server().write_chat(*decoded, {asked, "model", "id"}, out);
        require(dialect::client().decode_chat({.body = out}, cogate::test::provider_context()).has_value(),
                "what the server half writes, the client half reads");
    }
    static_cast<void>(dialect::client().decode_error(400, {}, body, {}));
}

} // namespace

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    std::string_view const body = cogate::fuzz::as_text(data, size);
    as_a_request(body);
    as_a_stream(body);
    as_an_answer(body);
    auto const relay = dialect::server().chat_express().relay({});
    static_cast<void>(relay->on_event(body));
    static_cast<void>(relay->finish());
    return 0;
}
