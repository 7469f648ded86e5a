#include "providers/cohere/codec.hpp"

#include <cogate/rerank.hpp>

#include "providers/common/bodies.hpp"
#include "providers/common/documents.hpp"
#include "providers/common/rerank_list.hpp"

#include <array>

namespace cogate::providers::cohere {

namespace {

constexpr std::array<std::string_view, 3> known = {"id", "results", "meta"};

class codec_half final : public rerank_codec {
public:
    result<encoded_request> encode(rerank_request const& request, call_context const& context) const override
    {
        return encode_rerank(request, context,
                             {.path = "/v2/rerank", .limit = "top_n", .max_tokens_per_doc = true});
    }

    result<rerank_response> decode(whole_answer const& answer, rerank_request const& request,
                                   call_context const& context) const override
    {
        json::document doc;
        const result<json::value> opened = open_json(doc, answer.body);
        if (!opened) {
            return opened.error();
        }
        const json::value root = *opened;
        result<std::vector<rerank_result>> results =
            read_results(root["results"], "relevance_score", request);
        if (!results) {
            return results.error();
        }
        rerank_response out{.id = root["id"].string(), .model = std::string(context.model), .results = {}};
        out.results = *std::move(results);
        const json::value units = root["meta"]["billed_units"]["search_units"];
        if (const std::optional<double> number = units.as_double();
            number && *number >= 0 && *number < 1e15) {
            out.search_units = static_cast<std::int64_t>(*number);
        }
        out.usage = read_usage(root["meta"]);
        keep_unknown(root, known, out.extra);
        return out;
    }
};

} // namespace

rerank_codec const& rerank() noexcept
{
    static const codec_half half;
    return half;
}

} // namespace cogate::providers::cohere
