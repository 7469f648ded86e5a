// Neither half of the Responses dialect breaks on anything a client or a provider may send.

#include "providers/openai_responses/dialect.hpp"
#include "test/common/provider_context.hpp"
#include "test/fuzz/target.hpp"

#include <string>
#include <vector>

namespace {

namespace dialect = cogate::providers::openai_responses;
using cogate::fuzz::require;

std::vector<cogate::chat_chunk> decoded(std::string_view body, bool& good)
{
    cogate::test::provider_context const context("model", true);
    auto decoder = dialect::client().decode_chat_stream(context);
    std::vector<cogate::chat_chunk> chunks;
    good = decoder->feed(body, chunks).has_value() && decoder->finish(chunks).has_value();
    return chunks;
}

void as_a_stream(std::string_view body)
{
    bool good = false;
    std::vector<cogate::chat_chunk> const chunks = decoded(body, good);
    cogate::chat_request const asked;
    auto const writer = dialect::server().write_chat_stream({asked, "model", "id"});
    std::string out;
    for (cogate::chat_chunk const& chunk : chunks) {
        writer->write(chunk, out);
    }
    if (good) {
        writer->end(out);
        static_cast<void>(decoded(out, good));
        require(good, "what the server half streams, the client half reads");
    }
    auto const relay = dialect::server().chat_express().relay({});
    static_cast<void>(relay->on_event(body));
    static_cast<void>(relay->finish());
}

void as_a_request(std::string_view body)
{
    auto const parsed = dialect::server().parse_chat(body, {});
    static_cast<void>(dialect::server().chat_express().read(body, {}));
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

void as_an_answer(std::string_view body)
{
    auto const answer = dialect::client().decode_chat({.body = body}, cogate::test::provider_context());
    if (answer) {
        cogate::chat_request const asked;
        std::string out;
        dialect::server().write_chat(*answer, {asked, "model", "id"}, out);
        require(dialect::client().decode_chat({.body = out}, cogate::test::provider_context()).has_value(),
                "what the server half writes, the client half reads");
    }
    static_cast<void>(dialect::server().chat_express().inspect(body));
}

} // namespace

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    std::string_view const body = cogate::fuzz::as_text(data, size);
    as_a_request(body);
    as_a_stream(body);
    as_an_answer(body);
    return 0;
}
