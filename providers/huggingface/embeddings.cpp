#include "providers/huggingface/codec.hpp"

#include "providers/common/lacks.hpp"
#include "providers/common/vectors.hpp"

namespace cogate::providers::huggingface {

namespace {

class codec_half final : public embedding_codec {
public:
    result<encoded_request> encode(embedding_request const& request, call_context const&) const override
    {
        const result<std::vector<std::string> const*> texts = texts_of(request);
        if (!texts) {
            return texts.error();
        }
        encoded_request encoded{.path = "/embed", .body = {}};
        json::writer out(encoded.body);
        raw_writer to(out);
        out.begin_object().key("inputs").begin_array();
        for (std::string const& text : **texts) {
            out.value(text);
        }
        out.end_array();
        if (request.dimensions) {
            out.member("dimensions", *request.dimensions);
        }
        to.extra(request.extra);
        out.end_object();
        if (!to.good()) {
            return to.error();
        }
        return without_repeats(std::move(encoded), request.extra);
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
        if (const std::optional<std::int64_t> tokens = count_in(answer.headers, "x-compute-tokens")) {
            out.usage.reported = true;
            out.usage.prompt_tokens = out.usage.total_tokens = *tokens;
        }
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
