#include "providers/huggingface/codec.hpp"

#include "providers/common/encode_texts.hpp"

namespace cogate::providers::huggingface {

namespace {

class codec_half final : public embedding_codec {
public:
    result<encoded_request> encode(embedding_request const& request, call_context const&) const override
    {
        return encode_texts(request, {}, {"/embed", "inputs"}, [&](json::writer& out) {
            if (request.dimensions) {
                out.member("dimensions", *request.dimensions);
            }
        });
    }

    result<embedding_response> decode(whole_answer const& answer, embedding_request const& request,
                                      call_context const& context) const override
    {
        json::document doc;
        const result<json::value> opened = open_list(doc, answer.body);
        if (!opened) {
            return opened.error();
        }
        result<std::vector<embedding>> data = read_vectors(*opened, request);
        if (!data) {
            return data.error();
        }
        embedding_response out;
        out.model = context.model;
        out.data = *std::move(data);
        out.usage = computed_tokens(answer.headers);
        return out;
    }

    std::size_t max_inputs(call_context const&) const noexcept override { return most_inputs; }
};

} // namespace

embedding_codec const& embeddings() noexcept
{
    static const codec_half half;
    return half;
}

} // namespace cogate::providers::huggingface
