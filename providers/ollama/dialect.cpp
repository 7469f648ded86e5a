#include "providers/ollama/dialect.hpp"

#include "lib/core/text.hpp"
#include "providers/common/chat_client.hpp"
#include "providers/ollama/codec.hpp"

namespace cogate::providers::ollama {

namespace {

constexpr client_functions functions{
    .name = dialect_name,
    .encode_chat = ollama::encode_chat,
    .decode_chat = [](whole_answer const& answer,
                      call_context const&) { return ollama::decode_chat(answer.body); },
    .stream_decoder =
        [](call_context const& context) {
            return over_ndjson(make_event_decoder(), context.max_event_bytes);
        }};

class client_half final : public chat_client {
public:
    client_half() noexcept : chat_client(functions) {}

    bool streams_as(std::string_view content_type) const noexcept override
    {
        const std::string_view type = core::trim(content_type.substr(0, content_type.find(';')));
        return type.empty() || core::iequals(type, "application/x-ndjson") ||
               core::iequals(type, "application/ndjson");
    }

    std::string_view stream_accept() const noexcept override { return "application/x-ndjson"; }

    embedding_codec const* embeddings() const noexcept override { return &ollama::embeddings(); }
};

} // namespace

client_dialect const& client() noexcept
{
    static const client_half half;
    return half;
}

} // namespace cogate::providers::ollama
