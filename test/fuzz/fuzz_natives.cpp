// No answer, stream or error of the services with dialects of their own breaks their client halves.

#include <cogate/moderation.hpp>
#include <cogate/rerank.hpp>

#include "providers/cohere/dialect.hpp"
#include "providers/huggingface/dialect.hpp"
#include "providers/jina/dialect.hpp"
#include "providers/ollama/dialect.hpp"
#include "providers/openai_chat/dialect.hpp"
#include "providers/replicate/dialect.hpp"
#include "providers/voyage/dialect.hpp"
#include "test/common/provider_context.hpp"
#include "test/fuzz/target.hpp"

#include "lib/core/json/scanner.hpp"

#include <array>
#include <vector>

namespace {

namespace p = cogate::providers;
using cogate::fuzz::require;
using cogate::test::provider_context;

bool is_json(std::string_view text)
{
    cogate::json::scanner check;
    return check.feed(text) && check.finish();
}

void as_a_stream(p::client_dialect const& dialect, std::string_view body)
{
    provider_context const context("model", true);
    std::vector<cogate::chat_chunk> whole;
    auto decoder = dialect.decode_chat_stream(context);
    bool const good = decoder->feed(body, whole).has_value() && decoder->finish(whole).has_value();
    std::vector<cogate::chat_chunk> split;
    auto second = dialect.decode_chat_stream(context);
    std::size_t const half = body.size() / 2;
    bool const again = second->feed(body.substr(0, half), split).has_value() &&
                       second->feed(body.substr(half), split).has_value() &&
                       second->finish(split).has_value();
    require(good == again, "a split does not change how a stream ends");
    require(!good || whole == split, "a split does not change a good stream");
}

void as_answers(p::client_dialect const& dialect, std::string_view body)
{
    provider_context const context("model");
    static_cast<void>(dialect.decode_chat({.body = body}, context));
    static_cast<void>(dialect.decode_error(400, {}, body, {}));
    static_cast<void>(dialect.follow(body, context));
    if (auto const* codec = dialect.embeddings()) {
        static_cast<void>(codec->decode({.body = body}, {}, context));
    }
    if (auto const* codec = dialect.rerank()) {
        static_cast<void>(codec->decode({.body = body}, {}, context));
    }
    if (auto const* codec = dialect.moderations()) {
        static_cast<void>(codec->decode({.body = body}, {}, context));
    }
}

void as_a_request(p::client_dialect const& dialect, std::string_view body)
{
    auto const parsed = p::openai_chat::server().parse_chat(body, {});
    if (!parsed) {
        return;
    }
    provider_context context("owner/model", parsed->stream);
    context.rules().drop_params = true;
    auto const encoded = dialect.encode_chat(parsed->request, context);
    require(!encoded || is_json(encoded->body), "what is sent is JSON");
}

} // namespace

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    std::string_view const body = cogate::fuzz::as_text(data, size);
    std::array<p::client_dialect const*, 6> const dialects = {
        &p::cohere::client(),      &p::ollama::client(), &p::replicate::client(),
        &p::huggingface::client(), &p::voyage::client(), &p::jina::client()};
    for (p::client_dialect const* dialect : dialects) {
        as_a_stream(*dialect, body);
        as_answers(*dialect, body);
        as_a_request(*dialect, body);
    }
    return 0;
}
