#include "providers/huggingface/dialect.hpp"

#include "providers/common/chat_client.hpp"
#include "providers/huggingface/codec.hpp"

namespace cogate::providers::huggingface {

namespace {

constexpr client_functions functions{.name = dialect_name,
                                     .encode_chat = huggingface::encode_chat,
                                     .decode_chat =
                                         [](whole_answer const& answer, call_context const& context) {
                                             return huggingface::decode_chat(answer, context.model);
                                         },
                                     .stream_decoder =
                                         [](call_context const& context) {
                                             return over_sse(make_event_decoder(std::string(context.model)),
                                                             context.max_event_bytes);
                                         },
                                     .decode_error = huggingface::decode_error};

class client_half final : public chat_client {
public:
    client_half() noexcept : chat_client(functions) {}

    embedding_codec const* embeddings() const noexcept override { return &huggingface::embeddings(); }
    rerank_codec const* rerank() const noexcept override { return &huggingface::rerank(); }
    moderation_codec const* moderations() const noexcept override { return &huggingface::moderations(); }
};

} // namespace

client_dialect const& client() noexcept
{
    static const client_half half;
    return half;
}

} // namespace cogate::providers::huggingface
