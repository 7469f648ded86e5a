// Neither half of Google's dialect breaks on anything a client or a provider may send.

#include "providers/gemini/dialect.hpp"
#include "test/common/provider_context.hpp"
#include "test/fuzz/target.hpp"

#include <string>
#include <vector>

namespace {

namespace dialect = cogate::providers::gemini;
using cogate::fuzz::require;

void as_a_stream(std::string_view body)
{
    cogate::test::provider_context const context("model", true);
    auto whole = dialect::client().decode_chat_stream(context);
    auto halves = dialect::client().decode_chat_stream(context);
    std::vector<cogate::chat_chunk> once;
    std::vector<cogate::chat_chunk> twice;
    bool const good = whole->feed(body, once).has_value();
    bool const same = halves->feed(body.substr(0, body.size() / 2), twice).has_value() &&
                      halves->feed(body.substr(body.size() / 2), twice).has_value();
    require(good == same, "a split changes nothing");
    if (good) {
        require(whole->finish(once).has_value() == halves->finish(twice).has_value(),
                "a split changes no end");
        require(once == twice, "a split changes no chunk");
    }
    cogate::chat_request const asked;
    auto writer = dialect::server().write_chat_stream({asked, "model", "id"});
    std::string out;
    for (cogate::chat_chunk const& chunk : once) {
        writer->write(chunk, out);
    }
    writer->end(out);
}

void as_a_request(std::string_view body)
{
    cogate::providers::inbound_target const target{.model = "gemini-2.0-flash"};
    auto const parsed = dialect::server().parse_chat(body, target);
    static_cast<void>(dialect::server().chat_express().read(body, target));
    static_cast<void>(dialect::count_tokens_lane().read(body, target));
    if (!parsed) {
        return;
    }
    for (char const* model : {"gemini-2.0-flash", "gemini-3-pro"}) {
        cogate::test::provider_context const context(model, parsed->stream);
        auto const encoded = dialect::client().encode_chat(parsed->request, context);
        if (encoded) {
            auto const reread = dialect::server().parse_chat(encoded->body, target);
            require(reread.has_value(), "what the client half writes, the server half reads");
        }
    }
}

void as_an_answer(std::string_view body)
{
    cogate::test::provider_context const context;
    auto const decoded = dialect::client().decode_chat({.body = body}, context);
    if (!decoded) {
        return;
    }
    cogate::chat_request const asked;
    std::string out;
    dialect::server().write_chat(*decoded, {asked, "model", "id"}, out);
    require(dialect::client().decode_chat({.body = out}, context).has_value(),
            "what the server half writes, the client half reads");
}

} // namespace

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    std::string_view const body = cogate::fuzz::as_text(data, size);
    as_a_request(body);
    as_a_stream(body);
    as_an_answer(body);
    cogate::test::provider_context const context;
    static_cast<void>(dialect::client().embeddings()->decode({.body = body}, {}, context));
    static_cast<void>(dialect::client().decode_error(429, {}, body, {}));
    static_cast<void>(dialect::server().chat_express().inspect(body));
    static_cast<void>(dialect::count_tokens_lane().inspect(body));
    return 0;
}
