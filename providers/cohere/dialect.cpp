#include "providers/cohere/dialect.hpp"

#include "providers/cohere/codec.hpp"
#include "providers/common/chat_client.hpp"

namespace cogate::providers::cohere {

namespace {

constexpr client_functions functions{.name = dialect_name,
                                     .encode_chat = cohere::encode_chat,
                                     .decode_chat =
                                         [](whole_answer const& answer, call_context const& context) {
                                             return cohere::decode_chat(answer.body, context.model);
                                         },
                                     .stream_decoder =
                                         [](call_context const& context) {
                                             return over_sse(make_event_decoder(std::string(context.model)),
                                                             context.max_event_bytes);
                                         },
                                     .decode_error = cohere::decode_error};

class client_half final : public chat_client {
public:
    client_half() noexcept : chat_client(functions) {}

    embedding_codec const* embeddings() const noexcept override { return &cohere::embeddings(); }
    rerank_codec const* rerank() const noexcept override { return &cohere::rerank(); }
};

} // namespace

client_dialect const& client() noexcept
{
    static const client_half half;
    return half;
}

} // namespace cogate::providers::cohere
