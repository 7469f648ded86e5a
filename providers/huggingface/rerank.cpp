#include "providers/huggingface/codec.hpp"

#include <cogate/rerank.hpp>

#include "providers/common/derived.hpp"
#include "providers/common/documents.hpp"
#include "providers/common/rerank_list.hpp"

namespace cogate::providers::huggingface {

namespace {

class codec_half final : public rerank_codec {
public:
    /// TEI has no top_n: all scores come, and the decoder takes the best.
    result<encoded_request> encode(rerank_request const& request, call_context const& context) const override
    {
        return encode_rerank(request, context, {.documents = "texts", .model = false});
    }

    result<rerank_response> decode(whole_answer const& answer, rerank_request const& request,
                                   call_context const& context) const override
    {
        json::document doc;
        const result<json::value> opened = open_list(doc, answer.body);
        if (!opened) {
            return opened.error();
        }
        result<std::vector<rerank_result>> results = read_results(*opened, "score", request);
        if (!results) {
            return results.error();
        }
        rerank_response out{
            .id = derived_id("rerank-", answer.body), .model = std::string(context.model), .results = {}};
        out.results = *std::move(results);
        out.usage = computed_tokens(answer.headers);
        return out;
    }

    std::size_t max_inputs(call_context const&) const noexcept override { return most_inputs; }
};

} // namespace

rerank_codec const& rerank() noexcept
{
    static const codec_half half;
    return half;
}

} // namespace cogate::providers::huggingface
